import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { createMemoryReplayStore, createVerify, type VerifyOptions } from "@widget-token/core/verify";
import { verifyVisitor as expressVisitor } from "@widget-token/core/verify/express";
import { verifyVisitor as honoVisitor, type VisitorOptions, type VisitorVariables } from "@widget-token/core/verify/hono";
import { hilal, jupid } from "@widget-token/widgets";
import express from "express";
import { Hono } from "hono";
import { serve } from "srvx";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, now, nowInSeconds } from "./minting.ts";
import { claims, secret, sign } from "./verifying.ts";

type Options = Omit<VisitorOptions<never>, "widget" | "token" | "tenant" | "identifier">;
interface Seen {
	readonly status: number;
	readonly headers: Headers;
	/** What the route behind the middleware has seen, or the problem. */
	readonly body: { visitor?: { id?: string } | null; headers?: Record<string, string>; echo?: string; code?: string };
}

/** Sends a request with the headers as they stand, also those that fetch would not send. */
type Send = (options: Options, headers: Record<string, string>, body?: string) => Promise<Seen>;

const token = sign({ sub: "u_1", name: "Ada", iat: nowInSeconds, exp: nowInSeconds + 600 });
const bearer = { authorization: `Bearer ${token}` };

function send(url: string, headers: Record<string, string>, body = ""): Promise<Seen> {
	return new Promise((resolve, reject) => {
		const outgoing = httpRequest(
			url,
			{ method: "POST", headers: { ...headers, "content-length": String(Buffer.byteLength(body)) } },
			async (response) => {
				const text = Buffer.concat(await response.toArray()).toString();
				resolve({
					status: response.statusCode ?? 0,
					headers: new Headers(response.headers as Record<string, string>),
					body: JSON.parse(text) as Seen["body"],
				});
			},
		);
		outgoing.on("error", reject);
		outgoing.end(body);
	});
}

const viaExpress: Send = async (options, headers, body) => {
	const app = express();
	app.use(expressVisitor({ widget: hilal, secret, now, onEvent: () => undefined, ...options }));
	app.use(express.text({ type: "*/*" }));
	app.post("/", (request, response) => {
		const raw = Object.fromEntries(
			Array.from({ length: request.rawHeaders.length / 2 }, (_, index) => [request.rawHeaders[2 * index]?.toLowerCase(), "raw"]),
		);
		response.json({
			visitor: request.visitor,
			headers: { ...raw, ...request.headersDistinct, ...request.headers },
			echo: request.body || "",
		});
	});
	const server = createServer(app).listen(0, "127.0.0.1");
	await new Promise((resolve) => server.once("listening", resolve));
	try {
		return await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, headers, body);
	} finally {
		server.close();
	}
};

function honoApp(options: Options): Hono<{ Variables: VisitorVariables }> {
	const app = new Hono<{ Variables: VisitorVariables }>();
	app.use(honoVisitor({ widget: hilal, secret, now, onEvent: () => undefined, ...options }));
	app.post("/", async (c) =>
		c.json({ visitor: c.var.visitor, headers: { ...c.req.header(), ...Object.fromEntries(c.req.raw.headers) }, echo: await c.req.text() }),
	);
	return app;
}

const viaHono: Send = async (options, headers, body) => {
	const server = serve({ fetch: honoApp(options).fetch, port: 0, hostname: "127.0.0.1", silent: true });
	await server.ready();
	try {
		return await send(server.url as string, headers, body);
	} finally {
		await server.close(true);
	}
};

describe.each([
	["Express", viaExpress],
	["Hono", viaHono],
] as const)("the middleware for %s", (_, ask) => {
	it("puts the verified identity on the request", async () => {
		const { status, body } = await ask({}, bearer);
		expect(status).toBe(200);
		expect(body.visitor).toEqual({ widget: "hilal", id: "u_1", name: "Ada" });
	});

	it.each([
		["without a token", {}],
		["with another scheme", { authorization: `Basic ${token}` }],
		["with an empty token", { authorization: "Bearer " }],
		["with an expired token", { authorization: `Bearer ${sign({ ...claims, exp: 1 })}` }],
		["with a forged token", { authorization: `Bearer ${sign(claims, { alg: "HS256" }, "another-secret-of-thirty-two-chars")}` }],
	])("goes on with an anonymous visitor %s", async (__, headers: Record<string, string>) => {
		const { status, body } = await ask({}, headers);
		expect(status).toBe(200);
		expect(body.visitor).toBeNull();
	});

	it.each([
		["without a token", {}, "not_signed_in"],
		["with an expired token", { authorization: `Bearer ${sign({ ...claims, exp: 1 })}` }, "credential_expired"],
		[
			"with a forged token",
			{ authorization: `Bearer ${sign(claims, { alg: "HS256" }, "another-secret-of-thirty-two-chars")}` },
			"credential_invalid",
		],
	])("refuses %s where a visitor is required", async (__, headers: Record<string, string>, code) => {
		const { status, headers: answered, body } = await ask({ required: true }, headers);
		expect(status).toBe(401);
		expect(body).toMatchObject({ code });
		expect(answered.get("www-authenticate")).toBe("Bearer");
		expect(answered.get("cache-control")).toContain("no-store");
	});

	it("tells a token that is used twice as that, not as one that has expired", async () => {
		const replay = { store: createMemoryReplayStore() };
		const used = sign({ iss: "p", aud: "jupid-embed", sub: "u_1", iat: nowInSeconds, exp: nowInSeconds + 300, jti: "1" });
		const options = { widget: jupid, settings: { partnerId: "p" }, replay } as Options;
		const first = await ask({ ...options, required: true }, { authorization: `Bearer ${used}` });
		expect(first.body.visitor).toMatchObject({ id: "u_1" });
		const second = await ask({ ...options, required: true }, { authorization: `bearer ${used}` });
		expect(second.status).toBe(401);
		expect(second.body).toMatchObject({
			code: "credential_used",
			title: "The token that was presented has been used already",
			remedy: "Fetch a fresh token for each use.",
		});
		expect((await ask(options, { authorization: `Bearer ${used}` })).body.visitor).toBeNull();
	});

	it("reads the token from no other header, and from no cookie or query", async () => {
		for (const headers of [{ "x-widget-token": token }, { cookie: `token=${token}` }, { "proxy-authorization": `Bearer ${token}` }])
			expect((await ask({}, headers)).body.visitor).toBeNull();
	});

	it("answers an outage with 503, required or not", async () => {
		const keys: VerifyOptions["keys"] = () => Promise.reject(new Error("down"));
		for (const required of [true, false]) {
			const { status, headers, body } = await ask({ keys, required }, bearer);
			expect(status).toBe(503);
			expect(headers.get("retry-after")).toBe("5");
			expect(body).toMatchObject({ code: "key_unavailable" });
		}
	});

	it("removes every header that claims how the visitor was identified", async () => {
		const claimed = {
			"X-Hilal-Identity-Source": "verified",
			"x-identity-source": "verified",
			"X-ANOTHER-VENDOR-IDENTITY-SOURCE": "verified",
			X_Hilal_Identity_Source: "verified",
			"X-Identity-Source-Of": "kept",
			"X-Request-Id": "kept",
		};
		for (const headers of [claimed, { ...claimed, ...bearer }]) {
			const { status, body } = await ask({}, { ...headers, "content-type": "text/plain" }, "the body");
			expect(status).toBe(200);
			const names = Object.keys(body.headers ?? {}).map((name) => name.toLowerCase());
			expect(names.filter((name) => /identity[-_]source$/.test(name))).toEqual([]);
			expect(names).toEqual(expect.arrayContaining(["x-identity-source-of", "x-request-id"]));
			expect(body.echo).toBe("the body");
		}
	});
});

describe("where the token is", () => {
	const app = express();
	app.use(express.json());
	app.use(
		expressVisitor<express.Request>({
			widget: hilal,
			now,
			keys: ({ tenant }) => (tenant === "bot_1" ? secret : null),
			env: {},
			token: (request) => (request.body as { userToken?: string }).userToken,
			tenant: (request) => request.get("x-bot"),
		}),
	);
	app.post("/", (request, response) => void response.json({ visitor: request.visitor }));
	const server = createServer(app);
	beforeAll(() => new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined))));
	afterAll(() => void server.close());

	it("is the app's choice, and so is whose it is", async () => {
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
		const body = JSON.stringify({ userToken: token });
		expect((await send(url, { "content-type": "application/json", "x-bot": "bot_1" }, body)).body.visitor).toMatchObject({ id: "u_1" });
		expect((await send(url, { "content-type": "application/json", "x-bot": "bot_2" }, body)).body.visitor).toBeNull();
		expect((await send(url, { "content-type": "application/json", "x-bot": "bot_1", ...bearer }, "{}")).body.visitor).toBeNull();
	});
});

it("is set up once, with a contract or with a verification", async () => {
	const verify = createVerify(hilal, { secret, now });
	expect(await codeOf(() => honoVisitor({ widget: verify, secret }))).toBe("options_invalid");
	const response = await new Hono<{ Variables: VisitorVariables }>()
		.use(honoVisitor({ widget: verify }))
		.get("/", (c) => c.json(c.var.visitor))
		.request("/", { headers: bearer });
	expect(await response.json()).toMatchObject({ id: "u_1" });
});
