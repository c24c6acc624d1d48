import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { bestChatBot } from "@widget-token/widgets";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withAuth0WidgetTokenApiRoute } from "../src/pages.ts";
import { ada, createClient, readClaims, sessionCookie, widgetSecret } from "./fixtures.ts";

// Next's API Routes get a request of node:http, whose body Next has read.
const route = withAuth0WidgetTokenApiRoute({ auth0: createClient(), widget: bestChatBot, secret: widgetSecret });
let server: Server;
let url: string;
let page: (request: IncomingMessage) => Promise<string>;

beforeAll(async () => {
	page = async (request) => (await route.tokenFor(request))?.token ?? "nobody";
	server = createServer(async (request, response) => {
		for await (const _chunk of request);
		if (request.url === "/page") response.end(await page(request));
		else await route(request, response);
	}).listen(0, "localhost");
	await once(server, "listening");
	url = `http://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});

test.each(["GET", "POST"])("an API Route of the Pages Router answers %s", async (method) => {
	const headers = { cookie: `__session=${await sessionCookie(ada)}`, "content-type": "application/json" };
	const response = await fetch(url, { method, headers, ...(method === "POST" ? { body: "{}" } : {}) });
	expect(readClaims(((await response.json()) as { token: string }).token)).toMatchObject({ email: "ada@example.com" });
	expect(await (await fetch(url, { method })).json()).toEqual({ token: null });
});

test("a session in several cookies, as the SDK splits a long one", async () => {
	const cookie = await sessionCookie({ ...ada, bio: "x".repeat(6000) });
	const parts = cookie.match(/.{1,3500}/g) ?? [];
	expect(parts.length).toBeGreaterThan(1);
	const header = parts.map((part, index) => `__session__${index}=${part}`).join("; ");
	expect(await (await fetch(`${url}/page`, { headers: { cookie: header } })).text()).toMatch(/^eyJ/);
	// One part of the session is none.
	expect(await (await fetch(`${url}/page`, { headers: { cookie: header.split("; ")[0] ?? "" } })).text()).toBe("nobody");
});
