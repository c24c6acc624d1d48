import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { Identity, TokenHandler } from "@widget-token/core";
import { toNodeHandler, withNodeRequest } from "@widget-token/core/node";
import connect from "connect";
import express from "express";
import { afterEach, describe, expect, it, vi } from "vitest";
import { codeOf, payloadOf, refusalOf } from "./minting.ts";
import { serve, request as webRequest } from "./serving.ts";

const servers: Server[] = [];
afterEach(() => {
	vi.restoreAllMocks();
	for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function listen(listener: RequestListener): Promise<string> {
	const server = createServer(listener);
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A request that a middleware such as Passport has put a user on. */
interface SignedInRequest extends IncomingMessage {
	user?: { readonly id: string };
}

// Reads the request only after others have come in between, as a look-up in a database does.
const identify = withNodeRequest(async (request: SignedInRequest): Promise<Identity | null> => {
	await setTimeout(Math.random() * 10);
	return request.user ? { id: request.user.id, provider: "passport" } : null;
});

/** The middleware: who is signed in stands in a header here. */
function signIn(request: SignedInRequest, _response: unknown, next: () => void): void {
	const id = request.headers["x-user"];
	if (typeof id === "string") request.user = { id };
	next();
}

/** Any handler around ours, as an app wraps one: it goes the other way to node:http. */
function wrap(handler: TokenHandler): (request: Request) => Promise<Response> {
	return async (request) => handler(request);
}

const hosts: readonly (readonly [string, (handler: TokenHandler) => RequestListener])[] = [
	["node:http", (handler) => (request, response) => signIn(request, response, () => void toNodeHandler(handler)(request, response))],
	["Connect", (handler) => connect().use(signIn).use(toNodeHandler(handler))],
	["Express", (handler) => express().use(signIn).all("/token", toNodeHandler(handler))],
	["Express after body parsers", (handler) => express().use(express.json(), express.text(), signIn).use("/token", toNodeHandler(handler))],
	[
		"Express, by a handler that wraps ours",
		(handler) =>
			express()
				.use(signIn)
				.all("/token", toNodeHandler(wrap(handler))),
	],
];

describe.each(hosts)("the request of node:http on %s", (_, listenerOf) => {
	it("is the one that the middleware has written on, for each of many at once", async () => {
		const origin = await listen(listenerOf(serve({ identify }).handler));
		const users = Array.from({ length: 200 }, (_unused, index) => `user-${index}`);
		const subjects = await Promise.all(
			users.map(async (user, index) => {
				const init = index % 2 === 0 ? {} : { method: "POST", body: "{}", headers: { "content-type": "application/json" } };
				const response = await fetch(`${origin}/token`, { ...init, headers: { ...init.headers, "x-user": user } });
				return payloadOf(((await response.json()) as { token: string }).token).sub;
			}),
		);
		expect(subjects).toEqual(users);
		expect(await (await fetch(`${origin}/token`)).json()).toEqual({ token: null });
	});

	it("cannot be put in its place by what a client sends", async () => {
		const origin = await listen(listenerOf(serve({ identify }).handler));
		const headers = { "content-type": "application/json", runtime: "node", user: "eve" };
		const body = JSON.stringify({ user: { id: "eve" }, runtime: { node: { req: { user: { id: "eve" } } } } });
		expect(await (await fetch(`${origin}/token?user=eve`, { method: "POST", headers, body })).json()).toEqual({ token: null });
	});
});

describe("tokenFor of a listener", () => {
	it("gives a page that Express renders the token of its own visitor", async () => {
		const listener = toNodeHandler(serve({ identify }).handler);
		const app = express().use(signIn);
		app.get("/page", async (request, response) => {
			const minted = await listener.tokenFor(request);
			response.send(minted === null ? "nobody" : minted.token);
		});
		const origin = await listen(app);
		const users = Array.from({ length: 50 }, (_unused, index) => `user-${index}`);
		const pages = await Promise.all(users.map(async (user) => (await fetch(`${origin}/page`, { headers: { "x-user": user } })).text()));
		expect(pages.map((page) => payloadOf(page).sub)).toEqual(users);
		expect(await (await fetch(`${origin}/page`)).text()).toBe("nobody");
	});

	it("hands on cookies and headers to a provider that reads the web's request, and chooses the widget", async () => {
		const { handler } = serve({ identify: async ({ headers }) => ({ id: headers.get("cookie") ?? "", provider: "x" }) });
		const listener = toNodeHandler(handler);
		const app = express().get("/page", async (request, response) => {
			const known = await listener.tokenFor(request, { widget: "profile" });
			response.json([known?.token, await codeOf(() => listener.tokenFor(request, { widget: "other" }))]);
		});
		const [token, code] = (await (await fetch(`${await listen(app)}/page`, { headers: { cookie: "a=1" } })).json()) as [string, string];
		expect(payloadOf(token).sub).toBe("a=1");
		expect(code).toBe("widget_unknown");
	});

	it("is not there for a handler without it", () => {
		expect(toNodeHandler(async () => new Response())).not.toHaveProperty("tokenFor");
	});
});

describe("a request that did not come from node:http", () => {
	it("is a mistake in the setup, with its remedy", async () => {
		const { handler, events } = serve({ identify });
		expect((await handler(webRequest())).status).toBe(500);
		expect(events).toMatchObject([{ code: "provider_misconfigured", remedy: expect.stringContaining("toNodeHandler") }]);
		expect((await refusalOf(() => handler.tokenFor())).code).toBe("provider_misconfigured");
	});
});

describe("a listener", () => {
	it("answers 500 where the handler throws and there is no framework, and logs what was thrown", async () => {
		const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const origin = await listen(toNodeHandler(() => Promise.reject(new Error("the wrapper is broken"))));
		const response = await fetch(origin);
		expect(response.status).toBe(500);
		expect(await response.json()).toMatchObject({ code: "internal_error" });
		expect(String(log.mock.calls)).toContain("Error: the wrapper is broken");
	});

	it("leaves a request alone that another middleware has answered meanwhile", async () => {
		vi.spyOn(console, "error").mockImplementation(() => undefined);
		const { handler } = serve({ identify: async () => setTimeout(20).then(() => null) });
		const listener = toNodeHandler(handler);
		const origin = await listen((request, response) => {
			void listener(request, response);
			response.writeHead(503).end("too slow");
		});
		expect(await (await fetch(origin)).text()).toBe("too slow");
		await setTimeout(40);
		expect(await (await fetch(origin)).text()).toBe("too slow");
	});
});
