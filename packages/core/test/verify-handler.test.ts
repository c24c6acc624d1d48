import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createMint } from "@widget-token/core";
import { toNodeHandler } from "@widget-token/core/node";
import { createVerify, createVerifyHandler, type VerifyEvent, type VerifyHandlerOptions } from "@widget-token/core/verify";
import { hilal } from "@widget-token/widgets";
import express from "express";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { describe, expect, it } from "vitest";
import { hmacContract } from "./keys.ts";
import { ada, codeOf, env, now, nowInSeconds } from "./minting.ts";
import { expectProtected, problemOf } from "./serving.ts";
import { claims, secret, sign } from "./verifying.ts";

const address = "https://chat.example.com/api/widget/verify-jwt";
const token = sign({ sub: "u_1", name: "Ada", email: "ada@example.com", iat: nowInSeconds, exp: nowInSeconds + 600 });

function handler(options: Partial<VerifyHandlerOptions> = {}): ReturnType<typeof createVerifyHandler> {
	return createVerifyHandler({ widget: hilal, secret, now, ...options });
}

function post(body: unknown, headers: Record<string, string> = {}): Request {
	const text = typeof body === "string" || body instanceof ReadableStream ? body : JSON.stringify(body);
	return new Request(address, {
		method: "POST",
		headers: { "content-type": "application/json", ...headers },
		body: text,
		duplex: "half",
	} as RequestInit);
}

async function answerTo(body: unknown, options: Partial<VerifyHandlerOptions> = {}): Promise<unknown> {
	const response = await handler(options)(post(body));
	expect(response.status).toBe(200);
	expectProtected(response.headers);
	expect(response.headers.get("content-type")).toBe("application/json");
	return response.json();
}

describe("the endpoint", () => {
	it("answers as the vendor's page shows", async () => {
		expect(await answerTo({ token })).toEqual({ verified: true, claims: { sub: "u_1", name: "Ada", email: "ada@example.com" } });
	});

	it.each([
		[
			"another secret",
			{ token: sign(claims, { alg: "HS256" }, "another-secret-of-thirty-two-chars") },
			"invalid_signature",
			"signature_invalid",
		],
		["an expired token", { token: sign({ ...claims, exp: 1 }) }, "expired", "expired"],
		["no JWT", { token: "hello" }, "malformed", "segments_invalid"],
		["no token", {}, "malformed", "token_missing"],
		["a token that is no text", { token: { toString: token } }, "malformed", "token_missing"],
		["no body", "", "malformed", "token_missing"],
		["a body that is cut off", `{"token":"${token}`, "malformed", "token_missing"],
		["a body that names the token twice", `{"token":"a.b.c","token":"${token}"}`, "malformed", "token_missing"],
		["an array", [token], "malformed", "base64url_invalid"],
		["a token that is too long", { token: "x".repeat(9000) }, "malformed", "too_large"],
		["a body that is too long", { token, padding: "x".repeat(20_000) }, "malformed", "too_large"],
	])("answers %s with the vendor's reason and a code", async (_, body, reason, code) => {
		expect(await answerTo(body)).toMatchObject({ verified: false, reason, code, remedy: expect.any(String) });
	});

	it("answers not_configured where the bot has no secret", async () => {
		expect(await answerTo({ token }, { secret: undefined, env: {} })).toMatchObject({ verified: false, reason: "not_configured" });
	});

	it("takes a bare token too", async () => {
		expect(await answerTo(token)).toMatchObject({ verified: true });
		expect(await answerTo(` ${token}\n`)).toMatchObject({ verified: true });
	});

	it("stops to read a body that has no end", async () => {
		let sent = 0;
		const endless = new ReadableStream({
			pull: (controller) => {
				sent++;
				controller.enqueue(new Uint8Array(4096).fill(120));
			},
		});
		expect(await answerTo(endless)).toMatchObject({ code: "too_large" });
		expect(sent).toBeLessThan(20);
	});

	it("asks for the key of the bot that the page names", async () => {
		const keys = ({ tenant }: { tenant: string | undefined }): string | null => (tenant === "bot_1" ? secret : null);
		const options: Partial<VerifyHandlerOptions> = {
			secret: undefined,
			env: {},
			keys,
			tenant: (_, { botId }) => (typeof botId === "string" ? botId : undefined),
		};
		expect(await answerTo({ token, botId: "bot_1" }, options)).toMatchObject({ verified: true });
		expect(await answerTo({ token, botId: "bot_2" }, options)).toMatchObject({ reason: "not_configured" });
		expect(await answerTo({ token, botId: { $ne: "" } }, options)).toMatchObject({ reason: "not_configured" });
	});

	it("verifies an identifier's hash", async () => {
		const { token: hash } = await createMint(hmacContract, { secret })(ada);
		expect(await answerTo({ token: hash, identifier: "u_1" }, { widget: hmacContract })).toEqual({ verified: true, claims: {} });
		expect(await answerTo({ token: hash, identifier: "u_2" }, { widget: hmacContract })).toMatchObject({ reason: "invalid_signature" });
		expect(await answerTo({ token: hash }, { widget: hmacContract })).toMatchObject({ code: "identifier_missing" });
	});

	it.each(["GET", "PUT", "DELETE", "HEAD", "OPTIONS"])("refuses %s", async (method) => {
		const response = await handler()(new Request(address, { method }));
		expect(response.status).toBe(405);
		expect(response.headers.get("allow")).toBe("POST");
		expectProtected(response.headers);
	});
});

describe("an outage", () => {
	it.each([
		["of the keys", { keys: () => Promise.reject(new Error("down")) }, 503, "key_unavailable"],
		["of the configuration", { secret: "sh0rt-Secret" }, 500, "secret_too_short"],
		["of the tenant's name", { tenant: () => JSON.parse("{") as string }, 500, "internal_error"],
	] as [string, Partial<VerifyHandlerOptions>, number, string][])(
		"%s is no verdict, and is reported once",
		async (_, options, status, code) => {
			const events: VerifyEvent[] = [];
			const response = await handler({ ...options, onEvent: (event) => void events.push(event) })(post({ token }));
			expect(response.status).toBe(status);
			expect(await problemOf(response)).toMatchObject({ code });
			expect(response.headers.get("retry-after")).toBe(status === 503 ? "5" : null);
			expect(events).toMatchObject([{ outcome: "failed", code, widget: "hilal" }]);
			expectProtected(response.headers);
		},
	);
});

describe("pages of other origins", () => {
	const page = { origin: "https://shop.example.com" };

	it.each([
		["a list", ["https://shop.example.com"]],
		["a look-up", async (origin: string) => origin === "https://shop.example.com"],
	])("may read the answer where %s names them, without cookies", async (_, allowedOrigins) => {
		const verify = handler({ allowedOrigins });
		const response = await verify(post({ token }, page));
		expect(response.headers.get("access-control-allow-origin")).toBe("https://shop.example.com");
		expect(response.headers.get("access-control-allow-credentials")).toBeNull();
		const preflight = await verify(
			new Request(address, { method: "OPTIONS", headers: { ...page, "access-control-request-method": "POST" } }),
		);
		expect(preflight.status).toBe(204);
		expect(preflight.headers.get("access-control-allow-methods")).toBe("POST");
		for (const origin of ["https://evil.example", "null", "https://shop.example.com.evil.example"]) {
			const other = await verify(post({ token }, { origin }));
			expect(other.headers.get("access-control-allow-origin")).toBeNull();
			expect((await verify(new Request(address, { method: "OPTIONS", headers: { origin } }))).status).toBe(405);
		}
	});

	it("may not be a page without an origin, whatever the look-up says", async () => {
		const response = await handler({ allowedOrigins: () => true })(post({ token }, { origin: "null" }));
		expect(response.headers.get("access-control-allow-origin")).toBeNull();
	});

	it("are named exactly", async () => {
		expect(await codeOf(() => handler({ allowedOrigins: ["https://*.example.com"] }))).toBe("options_invalid");
	});
});

describe("the rate limit", () => {
	it("counts by client, before the token is looked at", async () => {
		const rateLimiter = new RateLimiterMemory({ points: 3, duration: 60 });
		const verify = handler({ rateLimiter, client: (request) => request.headers.get("x-address") ?? undefined });
		const ask = (client: string): Promise<Response> => verify(post({ token: "garbage" }, { "x-address": client }));
		for (let index = 0; index < 3; index++) expect((await ask("192.0.2.1")).status).toBe(200);
		const refused = await ask("192.0.2.1");
		expect(refused.status).toBe(429);
		expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
		expect(await problemOf(refused)).toMatchObject({ code: "rate_limited" });
		expect((await ask("192.0.2.2")).status).toBe(200);
	});

	it("counts clients without an address together", async () => {
		const verify = handler({ rateLimiter: new RateLimiterMemory({ points: 1, duration: 60 }), client: () => undefined });
		expect((await verify(post({ token }))).status).toBe(200);
		expect((await verify(post({ token }))).status).toBe(429);
	});

	it("refuses when it cannot count, and says so", async () => {
		const events: VerifyEvent[] = [];
		const rateLimiter = { consume: () => Promise.reject(new Error("down")) };
		const response = await handler({ rateLimiter, client: () => "a", onEvent: (event) => void events.push(event) })(post({ token }));
		expect(response.status).toBe(503);
		expect(events).toMatchObject([{ outcome: "failed", code: "limiter_unavailable", widget: "hilal" }]);
	});

	it("needs to know the clients", async () => {
		expect(await codeOf(() => handler({ rateLimiter: new RateLimiterMemory({ points: 1, duration: 60 }) }))).toBe("options_invalid");
	});
});

describe("a verification that is bound already", () => {
	it("can be served", async () => {
		const verify = createVerify(hilal, { secret, now });
		const response = await createVerifyHandler({ widget: verify })(post({ token }));
		expect(await response.json()).toMatchObject({ verified: true });
	});

	it("has its options", async () => {
		expect(await codeOf(() => createVerifyHandler({ widget: createVerify(hilal, { secret }), keys: () => secret }))).toBe(
			"options_invalid",
		);
	});
});

describe("on a server", () => {
	async function serve(listener: Parameters<typeof createServer>[1], work: (url: string) => Promise<void>): Promise<void> {
		const server = createServer(listener).listen(0, "127.0.0.1");
		await new Promise((resolve) => server.once("listening", resolve));
		try {
			await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/widget/verify-jwt`);
		} finally {
			server.close();
		}
	}

	const ask = async (url: string, body: unknown): Promise<unknown> =>
		(await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })).json();

	it("of node:http it reads the body", async () => {
		await serve(toNodeHandler(handler()), async (url) => {
			expect(await ask(url, { token })).toMatchObject({ verified: true, claims: { sub: "u_1" } });
			expect(await ask(url, { token: "x".repeat(100_000) })).toMatchObject({ code: "too_large" });
		});
	});

	it.each([
		["no body parser", []],
		["a parser of JSON", [express.json()]],
		["a parser of everything as text", [express.text({ type: "*/*" })]],
	])("of Express it reads the body behind %s", async (_, parsers) => {
		const app = express();
		for (const parser of parsers) app.use(parser);
		app.post("/api/widget/verify-jwt", toNodeHandler(handler()));
		await serve(app, async (url) => {
			expect(await ask(url, { token })).toMatchObject({ verified: true, claims: { sub: "u_1" } });
			expect(await ask(url, { token: 1 })).toMatchObject({ code: "token_missing" });
		});
	});
});

it("takes the contract's own variable where nothing else is given", async () => {
	const body = { token: sign({ sub: "u_1", iat: nowInSeconds, exp: nowInSeconds + 60 }, { alg: "HS256" }, env.HILAL_WIDGET_HMAC_SECRET) };
	expect(await answerTo(body, { secret: undefined, env })).toMatchObject({ verified: true });
});
