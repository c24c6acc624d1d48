import { createTokenHandler, errorCodes, type TokenHandlerOptions, WidgetTokenError } from "@widget-token/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ada, codeOf, env, payloadOf } from "./minting.ts";
import { expectProtected, mailWidget, problemOf, protectiveHeaders, request, type Served, serve, widget } from "./serving.ts";

describe("the token endpoint", () => {
	it.each(["GET", "POST"])("answers %s with the token and the seconds that it lives", async (method) => {
		const response = await serve().handler(request({}, method));
		expect(response.status).toBe(200);
		expect(response.headers.get("content-type")).toBe("application/json");
		const body = (await response.json()) as { token: string; expiresIn: number };
		expect(Object.keys(body)).toEqual(["token", "expiresIn"]);
		expect(body.expiresIn).toBe(600);
		expect(payloadOf(body.token)).toMatchObject({ sub: "u_1" });
	});

	it.each(["GET", "POST"])("answers %s with { token: null } when nobody is signed in", async (method) => {
		const response = await serve().handler(request({ "x-case": "nobody" }, method));
		expect(response.status).toBe(200);
		expect(await response.json()).toEqual({ token: null });
	});

	it("reads no identity from the request's body or query", async () => {
		const body = JSON.stringify({ id: "eve", sub: "eve", widget: "mail", email: "eve@example.com" });
		const response = await serve().handler(
			new Request("https://app.example.com/api?id=eve&sub=eve&email=eve@example.com", {
				method: "POST",
				body,
				headers: { "content-type": "application/json" },
			}),
		);
		expect(payloadOf(((await response.json()) as { token: string }).token).sub).toBe("u_1");
	});

	it.each(["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])("refuses %s without asking the provider", async (method) => {
		const { handler, identified } = serve();
		const response = await handler(request({}, method));
		expect(response.status).toBe(405);
		expect(response.headers.get("allow")).toBe("GET, POST");
		expect(identified()).toBe(0);
	});

	it("names OPTIONS among the methods when there is an allow-list", async () => {
		const response = await serve({ allowedOrigins: ["https://shop.example.com"] }).handler(request({}, "PUT"));
		expect(response.headers.get("allow")).toBe("GET, POST, OPTIONS");
	});

	it("cannot be created without a provider, with an odd time limit or with an odd origin", async () => {
		const create = (options: object): unknown =>
			createTokenHandler({ env, widget, identify: async () => null, ...options } as TokenHandlerOptions);
		for (const options of [
			{ identify: undefined },
			{ identify: {} },
			{ timeoutSeconds: 0 },
			{ timeoutSeconds: -1 },
			{ timeoutSeconds: Number.NaN },
			{ timeoutSeconds: 301 },
		]) {
			expect(await codeOf(() => create(options)), JSON.stringify(options)).toBe("options_invalid");
		}
	});
});

describe("the representation", () => {
	const json = "application/json";
	const jwt = "application/jwt";
	const text = "text/plain";

	it.each([
		[undefined, json],
		["", json],
		["*/*", json],
		["application/json", json],
		["application/*", json],
		["application/json, text/plain, */*", json],
		["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", json],
		["image/png", json],
		["text/plain", text],
		["TEXT/PLAIN", text],
		["text/*", text],
		["text/plain;charset=utf-8", text],
		["text/plain, */*;q=0.01", text],
		["text/plain, */*", text],
		["application/json;q=0.1, text/plain", text],
		["application/json;q=0.1,text/plain;q=0.2,application/jwt;q=0.3", jwt],
		["application/jwt", jwt],
		["application/jwt;q=0.9, application/json;q=0.8", jwt],
		["application/*;q=0.2, application/jwt;q=0.5", jwt],
		["application/json;q=0, */*", jwt],
		["text/plain;q=0, text/*, application/json;q=0.5", json],
		["text/plain;q=0", json],
		["text/plain;q=nonsense", json],
		["text/plain;q=2", json],
		[",;,;q=1,", json],
	])("asked for as %j is %s", async (accept, contentType) => {
		const response = await serve().handler(request(accept === undefined ? {} : { accept }));
		expect(response.status).toBe(200);
		expect(response.headers.get("content-type")).toBe(contentType === text ? "text/plain; charset=utf-8" : contentType);
		const body = await response.text();
		if (contentType === json) expect(JSON.parse(body)).toHaveProperty("token");
		else expect(body).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
	});

	it.each([text, jwt])("%s is 401 when nobody is signed in, for there is nothing to send", async (accept) => {
		const { handler, events } = serve();
		const response = await handler(request({ accept, "x-case": "nobody" }));
		expect(response.status).toBe(401);
		expect(await problemOf(response)).toMatchObject({ code: "not_signed_in" });
		expect(events).toMatchObject([{ outcome: "signed_out" }]);
	});

	it("of a refusal is problem+json, whatever was asked for", async () => {
		for (const accept of [json, jwt, text, "*/*"])
			expect(await problemOf(await serve().handler(request({ accept, "x-case": "disabled" })))).toMatchObject({ code: "user_disabled" });
	});

	it("is chosen for any Accept without an error", async () => {
		const { handler } = serve();
		const part = fc.constantFrom(
			"application/json",
			"application/jwt",
			"text/plain",
			"*/*",
			"text/*",
			"application/*",
			";q=0.5",
			";q=1",
			";q=0",
			",",
			" ",
			";",
			"q=",
			"=",
			"/",
			"*",
			"x",
		);
		await fc.assert(
			fc.asyncProperty(fc.array(part, { maxLength: 12 }), async (parts) => {
				const response = await handler(request({ accept: parts.join("") }));
				expect(response.status).toBe(200);
				expect(["application/json", "application/jwt", "text/plain; charset=utf-8"]).toContain(response.headers.get("content-type"));
			}),
			{ numRuns: 200 },
		);
	});
});

describe("a nonce", () => {
	const ask = async (query: string, headers: Record<string, string> = {}, method = "GET"): Promise<{ nonce?: unknown; token?: unknown }> =>
		(await (await serve({ widgets: [widget, mailWidget] }).handler(request(headers, method, `?widget=profile&${query}`))).json()) as object;

	it.each(["GET", "POST"])("comes back to a %s next to the token, and next to null", async (method) => {
		const nonce = "aZ09_-".padEnd(128, "x");
		expect(Object.keys(await ask(`nonce=${nonce}`, {}, method))).toEqual(["token", "expiresIn", "nonce"]);
		expect(await ask(`nonce=${nonce}`, {}, method)).toMatchObject({ nonce });
		expect(await ask(`nonce=${nonce}`, { "x-case": "nobody" }, method)).toEqual({ token: null, nonce });
	});

	it.each([
		"nonce=",
		"nonce",
		`nonce=${"x".repeat(129)}`,
		"nonce=a%22b",
		"nonce=a+b",
		"nonce=a%0a",
		"nonce=%00",
		"nonce=%ff",
		"nonce=a.b",
		"nonce=a&nonce=a",
		"nonce=a&nonce=b",
		"nonce[]=a",
		"Nonce=a",
		"n=a",
	])("that is none is left out: %s", async (query) => {
		expect(Object.keys(await ask(query))).toEqual(["token", "expiresIn"]);
	});

	it("is neither in a bare token nor in a refusal", async () => {
		const { handler } = serve();
		for (const headers of [{ accept: "text/plain" }, { accept: "application/jwt" }, { "x-case": "disabled" }, { "x-case": "broken" }])
			expect(await (await handler(request(headers as Record<string, string>, "GET", "?nonce=n-4711"))).text()).not.toContain("n-4711");
	});

	it("is in an answer only as it was sent, whatever was sent", async () => {
		const { handler } = serve();
		await fc.assert(
			fc.asyncProperty(fc.oneof(fc.string(), fc.stringMatching(/^[\w-]{1,140}$/)), async (nonce) => {
				const response = await handler(request({}, "GET", `?nonce=${encodeURIComponent(nonce)}`));
				const answered = ((await response.json()) as { nonce?: string }).nonce;
				expect(answered).toBe(/^[A-Za-z0-9_-]{1,128}$/.test(nonce) ? nonce : undefined);
			}),
		);
	});
});

describe("an answer", () => {
	const allowedOrigins = ["https://shop.example.com"];
	const limiter = { consume: () => Promise.reject({ msBeforeNext: 1500 }) };
	const answers: readonly (readonly [status: number, what: string, served: () => Served, request: () => Request])[] = [
		[200, "a token", serve, () => request()],
		[200, "a token as text", serve, () => request({ accept: "text/plain" })],
		[200, "a token as JWT", serve, () => request({ accept: "application/jwt" })],
		[200, "nobody", serve, () => request({ "x-case": "nobody" })],
		[200, "another origin's page", () => serve({ allowedOrigins }), () => request({ origin: "https://shop.example.com" })],
		[
			204,
			"a preflight",
			() => serve({ allowedOrigins }),
			() => request({ origin: "https://shop.example.com", "access-control-request-method": "POST" }, "OPTIONS"),
		],
		[400, "no widget", () => serve({ widgets: [widget, mailWidget] }), () => request()],
		[400, "an unknown widget", serve, () => request({}, "GET", "?widget=x")],
		[401, "nobody as text", serve, () => request({ accept: "text/plain", "x-case": "nobody" })],
		[401, "an expired session", serve, () => request({ "x-case": "expired" })],
		[403, "another site's page", serve, () => request({ "sec-fetch-site": "cross-site" })],
		[403, "a disabled user", serve, () => request({ "x-case": "disabled" })],
		[405, "a method", serve, () => request({}, "DELETE")],
		[405, "a preflight of a stranger", () => serve({ allowedOrigins }), () => request({ origin: "https://evil.example" }, "OPTIONS")],
		[429, "too many", () => serve({ rateLimiter: limiter }), () => request()],
		[500, "a bug", serve, () => request({ "x-case": "broken" })],
		[500, "a missing secret", () => serve({ env: {} }), () => request()],
		[503, "an outage", serve, () => request({ "x-case": "outage" })],
	];

	it.each(answers)("of status %i (%s) carries every protective header", async (status, _, served, makeRequest) => {
		const response = await served().handler(makeRequest());
		expect(response.status).toBe(status);
		expectProtected(response.headers);
	});

	it("covers every status that the table of errors knows", () => {
		expect(Object.keys(protectiveHeaders)).toHaveLength(6);
		const statuses = new Set(Object.values(errorCodes).map(({ status }) => status));
		expect([...statuses].filter((status) => !answers.some(([answered]) => answered === status))).toEqual([]);
	});

	it.each(answers.filter(([status]) => status >= 400))(
		"of status %i (%s) is a problem of exactly four members",
		async (status, _, served, makeRequest) => {
			const problem = await problemOf(await served().handler(makeRequest()));
			expect(Object.keys(problem)).toEqual(["title", "status", "code", "remedy"]);
			expect(problem.status).toBe(status);
			expect(problem).toEqual({ code: problem.code, ...errorCodes[problem.code as keyof typeof errorCodes] });
		},
	);

	it("says with Retry-After when to come back, and only then", async () => {
		for (const [status, , served, makeRequest] of answers) {
			const { headers } = await served().handler(makeRequest());
			const expected: Record<number, string> = { 429: "2", 503: "17" };
			expect(headers.get("retry-after")).toBe(expected[status] ?? null);
		}
	});

	it("holds no detail of an error: it is for the server's log", async () => {
		const error = new WidgetTokenError("claim_missing", { detail: "detail-4711", remedy: "remedy-4711", cause: new Error("cause-4711") });
		const response = await serve({ identify: () => Promise.reject(error) }).handler(request());
		const body = await response.text();
		expect(response.status).toBe(403);
		expect(`${body} ${JSON.stringify([...response.headers])} ${response.statusText}`).not.toContain("4711");
	});

	it("never sends Retry-After that is no number", async () => {
		for (const retryAfterSeconds of [Number.NaN, Number.POSITIVE_INFINITY, -3, 0]) {
			const error = new WidgetTokenError("provider_unavailable", { retryAfterSeconds });
			expect((await serve({ identify: () => Promise.reject(error) }).handler(request())).headers.get("retry-after")).toBe("5");
		}
		const error = new WidgetTokenError("provider_unavailable", { retryAfterSeconds: 1.2 });
		expect((await serve({ identify: () => Promise.reject(error) }).handler(request())).headers.get("retry-after")).toBe("2");
	});

	it("is the asking user's own, however many ask at once", async () => {
		const { handler } = serve({
			identify: async (asked) => {
				await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
				return { ...ada, id: asked.headers.get("x-user") ?? "" };
			},
		});
		const users = Array.from({ length: 500 }, (_, index) => `user-${index % 50}`);
		const subjects = await Promise.all(
			users.map(async (user) => payloadOf(((await (await handler(request({ "x-user": user }))).json()) as { token: string }).token).sub),
		);
		expect(subjects).toEqual(users);
	});
});
