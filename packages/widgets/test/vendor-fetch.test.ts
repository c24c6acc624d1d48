import { generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { runInNewContext } from "node:vm";
import { type Contract, createMint, createTokenHandler, defineContract, type Identity, type TokenHandlerOptions } from "@widget-token/core";
import { toNodeHandler } from "@widget-token/core/node";
import { bestChatBot, customGpt, hilal, jupid } from "@widget-token/widgets";
import { afterEach, describe, expect, it } from "vitest";

const env = {
	CUSTOMGPT_PRIVATE_KEY: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }) as string,
	JUPID_EMBED_SECRET: "jupid-e27f60b8c1d95a34-throw-away",
	JUPID_EMBED_PARTNER_ID: "partner-1",
	BESTCHATBOT_SIGNING_KEY: "bestchatbot-a93c4e2d7b10f586-throw-away",
	ACME_SECRET: "acme-0c8b2f61d94e7a35-throw-away-key",
	HILAL_WIDGET_HMAC_SECRET: "8f3a5c7e9b1d2f4060718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7",
};
const ada: Identity = { id: "u_1", provider: "my-app", email: "ada@example.com", emailVerified: true };

const servers: Server[] = [];
afterEach(() => {
	for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** Serves a widget's tokens on every path; the cookie says whether somebody is signed in. */
async function serve(options: Partial<TokenHandlerOptions>): Promise<string> {
	const identify = async (request: Request): Promise<Identity | null> => (request.headers.has("cookie") ? ada : null);
	const server = createServer(toNodeHandler(createTokenHandler({ env, identify, ...options })));
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What a page's code sees: `fetch` with relative addresses and, of a page where somebody is signed in, the cookie. */
function pageOf(origin: string, cookie: string | undefined): Record<string, unknown> {
	const page: Record<string, unknown> = {
		fetch: (path: string, { credentials: _, ...init }: RequestInit = {}) =>
			fetch(new URL(path, origin), { ...init, headers: { ...(init.headers as object), ...(cookie && { cookie }) } }),
		document: { getElementById: () => null },
		Error,
	};
	page["window"] = page;
	return page;
}

const jwt = /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/;

// "Enable JWT Login for Embedded Agents", Standard embedded chat widget, https://docs.customgpt.ai/docs/enable-jwt-login-for-embedded-agents
const customGptPage = `
async function fetchCustomGptJwt() {
const response = await fetch('/api/customgpt-jwt', {
credentials: 'include',
})
if (!response.ok) {
throw new Error('Unable to create CustomGPT.ai JWT')
}
return response.text()
}
async function loginCustomGptEmbed() {
const jwt = await fetchCustomGptJwt()
window.CustomGPTEmbed?.setJwtToken(jwt)
}
loginCustomGptEmbed()`;

// "Frontend mount", https://developer.jupid.com/docs/django
const jupidPage = `
async function openJupid() {
    const response = await fetch("/api/jupid/embed-token")
    const data = await response.json()

    JupidEmbed.mount({
      partnerId: "your-partner-id",
      token: data.token,
      container: document.getElementById("jupid-embed"),
      initialPath: "/",
      appUrl: "https://jupid-staging-app.example.com",
    })
}
openJupid()`;

describe("the code of CustomGPT.ai's page", () => {
	it.each<[string, Partial<TokenHandlerOptions>, string]>([
		["alone", { widget: customGpt, role: () => "staff" }, ""],
		["among others", { widgets: [bestChatBot, createMint(customGpt, { env, role: () => "staff" })] }, "?widget=customgpt"],
	])("gets its token from a handler that serves it %s", async (_, options, query) => {
		const page = pageOf(await serve(options), "session=1");
		const tokens: unknown[] = [];
		page["CustomGPTEmbed"] = { setJwtToken: (token: unknown) => tokens.push(token) };
		await runInNewContext(customGptPage.replace("/api/customgpt-jwt", `/api/customgpt-jwt${query}`), page);
		expect(tokens).toEqual([expect.stringMatching(jwt)]);
	});

	it("fails as the page foresees it when nobody is signed in, and never takes the answer for a token", async () => {
		const page = pageOf(await serve({ widget: customGpt, role: () => "staff" }), undefined);
		const tokens: unknown[] = [];
		page["CustomGPTEmbed"] = { setJwtToken: (token: unknown) => tokens.push(token) };
		await expect(runInNewContext(customGptPage, page)).rejects.toThrow("Unable to create CustomGPT.ai JWT");
		expect(tokens).toEqual([]);
	});
});

describe("the code of Jupid's page", () => {
	it.each([
		["session=1", expect.stringMatching(jwt)],
		[undefined, null],
	])("mounts the token of the visitor with the cookie %s", async (cookie, token) => {
		const page = pageOf(await serve({ widget: jupid }), cookie);
		const mounted: unknown[] = [];
		page["JupidEmbed"] = { mount: (options: unknown) => mounted.push(options) };
		await runInNewContext(jupidPage, page);
		expect(mounted).toEqual([expect.objectContaining({ token, initialPath: "/" })]);
	});
});

describe("a request without a preference", () => {
	const acme = (member: string): Contract =>
		defineContract({
			...bestChatBot,
			id: "acme",
			key: { env: "ACME_SECRET", encoding: "utf8" },
			delivery: {
				embeds: { default: { script: { src: "https://acme.example/chat.js", tokenAttribute: "data-token" } } },
				endpoint: { method: "GET", response: { format: "json", member } },
			},
		});
	const ask = async (widget: Contract, accept: string | undefined, signedIn = true): Promise<Response> =>
		fetch(`${await serve({ widget, ...(widget === customGpt && { role: () => "staff" }) })}/?nonce=n1`, {
			headers: { ...(accept !== undefined && { accept }), ...(signedIn && { cookie: "session=1" }) },
		});

	it.each(["*/*", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", ""])(
		"is answered in the documented form: Accept %j",
		async (accept) => {
			expect(await (await ask(customGpt, accept)).text()).toMatch(jwt);
			expect(await (await ask(bestChatBot, accept)).json()).toEqual({ token: expect.stringMatching(jwt), expiresIn: 3600, nonce: "n1" });
			expect(await (await ask(acme("jwt"), accept)).json()).toEqual({ jwt: expect.stringMatching(jwt) });
			expect(await (await ask(acme("jwt"), accept, false)).json()).toEqual({ jwt: null });
			expect(await (await ask(acme("__proto__"), accept)).text()).toMatch(/^\{"__proto__":"eyJ/);
			expect(await (await ask(hilal, accept)).json()).toMatchObject({ token: expect.stringMatching(jwt), expiresIn: 3600 });
		},
	);

	it.each(["application/json", "application/json, text/plain, */*", "application/*"])(
		"is not one that names JSON: Accept %j",
		async (accept) => {
			for (const widget of [customGpt, acme("jwt")])
				expect(await (await ask(widget, accept)).json()).toMatchObject({ token: expect.stringMatching(jwt), nonce: "n1" });
			expect(await (await ask(customGpt, accept, false)).json()).toEqual({ token: null, nonce: "n1" });
		},
	);

	it("is not one that refuses the documented form", async () => {
		expect(await (await ask(customGpt, "text/plain;q=0, */*")).json()).toHaveProperty("token");
	});
});
