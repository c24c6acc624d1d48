import { Agent, createServer, request as httpRequest, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect as connectSocket } from "node:net";
import { text } from "node:stream/consumers";
import { toNodeHandler } from "@widget-token/core/node";
import connect from "connect";
import express from "express";
import { afterEach, describe, expect, it } from "vitest";
import { ada, payloadOf } from "./minting.ts";
import { mailWidget, protectiveHeaders, type Served, serve, widget } from "./serving.ts";

const servers: Server[] = [];
afterEach(async () => {
	for (const server of servers.splice(0)) {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	}
});

async function listen(listener: RequestListener): Promise<number> {
	const server = createServer(listener);
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return (server.address() as AddressInfo).port;
}

interface Answer {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
	readonly localPort: number | undefined;
}

interface Asked {
	readonly method?: string;
	readonly path?: string;
	readonly headers?: Record<string, string>;
	readonly body?: string;
	readonly agent?: Agent;
}

function ask(port: number, { body, ...options }: Asked = {}): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const asking = httpRequest({ port, host: "127.0.0.1", path: "/api/widget-token", ...options }, async (response) => {
			const { localPort } = response.socket;
			resolve({ status: response.statusCode ?? 0, headers: response.headers, body: await text(response), localPort });
		});
		asking.on("error", reject);
		asking.end(body);
	});
}

/** Writes bytes to the server and gives back all that it answers. */
function write(port: number, bytes: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const socket = connectSocket(port, "127.0.0.1", () => socket.write(bytes, "latin1"));
		text(socket).then(resolve, reject);
	});
}

const hosts: readonly (readonly [string, (served: Served) => RequestListener, path: string])[] = [
	["node:http", ({ handler }) => toNodeHandler(handler), "/api/widget-token"],
	["Connect", ({ handler }) => connect().use("/api/widget-token", toNodeHandler(handler)), "/api/widget-token"],
	["Express", ({ handler }) => express().all("/api/widget-token", toNodeHandler(handler)), "/api/widget-token"],
	[
		"Express after body parsers",
		({ handler }) =>
			express().use(express.json(), express.urlencoded(), express.text(), express.raw()).use("/api/widget-token", toNodeHandler(handler)),
		"/api/widget-token",
	],
	[
		"a mounted router of Express",
		({ handler }) => express().use("/api", express.Router().use("/widget-token", toNodeHandler(handler))),
		"/api/widget-token",
	],
];

describe.each(hosts)("on %s", (_, listenerOf, path) => {
	const start = (served: Served = serve()): Promise<number> => listen(listenerOf(served));

	it.each(["GET", "POST"])("%s gives the token with every protective header", async (method) => {
		const { status, headers, body } = await ask(await start(), { method, path });
		expect(status).toBe(200);
		expect(headers).toMatchObject({ ...protectiveHeaders, "content-type": "application/json" });
		expect(payloadOf((JSON.parse(body) as { token: string }).token)).toMatchObject({ sub: "u_1" });
	});

	it.each([
		["application/json", '{"id":"eve","widget":"mail"}'],
		["application/json", ""],
		["application/x-www-form-urlencoded", "id=eve"],
		["text/plain", "eve"],
		["application/octet-stream", "\u0000"],
	])("a POST with a body of %s is answered, and the body ignored", async (type, body) => {
		const headers = { "content-type": type, "content-length": String(Buffer.byteLength(body)) };
		const answer = await ask(await start(), { method: "POST", path, headers, body });
		expect(answer.status).toBe(200);
		expect(payloadOf((JSON.parse(answer.body) as { token: string }).token)).toMatchObject({ sub: "u_1" });
	});

	it.each(["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])("%s is refused with Allow", async (method) => {
		const served = serve();
		const { status, headers, body } = await ask(await start(served), { method, path });
		expect(status).toBe(405);
		expect(headers).toMatchObject({ ...protectiveHeaders, allow: "GET, POST" });
		if (method === "HEAD") expect(body).toBe("");
		else expect(JSON.parse(body)).toMatchObject({ code: "method_not_allowed" });
		expect(served.identified()).toBe(0);
	});

	it("the query chooses the widget", async () => {
		const port = await start(serve({ widgets: [widget, mailWidget] }));
		expect(payloadOf((JSON.parse((await ask(port, { path: `${path}?widget=mail` })).body) as { token: string }).token)).toHaveProperty(
			"email",
		);
		expect((await ask(port, { path })).status).toBe(400);
	});

	it("the nonce of the query comes back", async () => {
		const port = await start();
		for (const method of ["GET", "POST"])
			expect(JSON.parse((await ask(port, { method, path: `${path}?nonce=n-1` })).body)).toMatchObject({ nonce: "n-1" });
		expect(JSON.parse((await ask(port, { path: `${path}?nonce=%22` })).body)).not.toHaveProperty("nonce");
	});

	it("a refusal, an outage and a preflight come through with their headers", async () => {
		const port = await start(serve({ allowedOrigins: ["https://shop.example.com"] }));
		const outage = await ask(port, { path, headers: { "x-case": "outage" } });
		expect(outage).toMatchObject({
			status: 503,
			headers: { ...protectiveHeaders, "retry-after": "17", "content-type": "application/problem+json" },
		});
		expect(await ask(port, { path, headers: { "x-case": "broken" } })).toMatchObject({ status: 500 });
		expect(await ask(port, { path, headers: { origin: "https://evil.example" } })).toMatchObject({ status: 403 });
		const preflight = await ask(port, {
			path,
			method: "OPTIONS",
			headers: { origin: "https://shop.example.com", "access-control-request-method": "POST" },
		});
		expect(preflight).toMatchObject({
			status: 204,
			body: "",
			headers: { ...protectiveHeaders, "access-control-allow-origin": "https://shop.example.com" },
		});
	});

	it("one kept connection serves many requests, whatever their method and however long their body", async () => {
		const port = await start();
		const agent = new Agent({ keepAlive: true, maxSockets: 1 });
		const ports = new Set<number | undefined>();
		for (let round = 0; round < 5; round++) {
			for (const method of ["GET", "POST", "HEAD", "DELETE", "OPTIONS"]) {
				const body = method === "POST" ? "x".repeat(30_000) : "";
				const headers = { "content-type": "text/plain", "content-length": String(body.length) };
				const { status, localPort } = await ask(port, { agent, method, path, headers, body });
				expect(status).toBe(method === "GET" || method === "POST" ? 200 : 405);
				ports.add(localPort);
			}
		}
		agent.destroy();
		expect(ports.size).toBe(1);
	});

	it("every one of many concurrent users gets the own token", async () => {
		const port = await start(serve({ identify: async (asked) => ({ ...ada, id: asked.headers.get("x-user") ?? "" }) }));
		const agent = new Agent({ keepAlive: true, maxSockets: 20 });
		const users = Array.from({ length: 200 }, (_, index) => `user-${index % 25}`);
		const answers = await Promise.all(users.map((user) => ask(port, { agent, path, headers: { "x-user": user } })));
		agent.destroy();
		expect(answers.map(({ body }) => payloadOf((JSON.parse(body) as { token: string }).token).sub)).toEqual(users);
	});
});

describe("after middleware of the app", () => {
	it("the endpoint's own headers win over what was set before, so that no answer is cached", async () => {
		const { handler } = serve();
		const app = express().use((_request, response, next) => {
			response.set({
				"cache-control": "public, max-age=3600",
				"cdn-cache-control": "max-age=60",
				vary: "Accept-Encoding",
				"cross-origin-resource-policy": "cross-origin",
				"x-request-id": "r_1",
			});
			next();
		});
		app.use("/api", toNodeHandler(handler));
		const port = await listen(app);
		for (const name of ["ada", "nobody", "expired", "broken", "outage"]) {
			const { headers } = await ask(port, { headers: { "x-case": name } });
			expect(headers).toMatchObject({ ...protectiveHeaders, "x-request-id": "r_1" });
		}
	});

	it("an error that belongs to the framework goes to its error handler", async () => {
		const redirect = new Error("redirect");
		const { handler } = serve({ identify: () => Promise.reject(redirect), rethrow: (error) => error === redirect });
		const app = express().use("/api", toNodeHandler(handler));
		app.use((error: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
			response.status(418).send(error === redirect ? "redirect" : "other");
		});
		expect(await ask(await listen(app))).toMatchObject({ status: 418, body: "redirect" });
	});

	it("a handler that wraps the token handler is served as it is, not passed by", async () => {
		const { handler } = serve();
		const wrapper = Object.assign(async (asked: Request): Promise<Response> => {
			const response = await handler(asked);
			response.headers.set("x-wrapped", "yes");
			return response;
		}, handler);
		for (const listener of [toNodeHandler(wrapper), toNodeHandler(async (asked) => wrapper(asked))]) {
			expect((await ask(await listen(listener))).headers).toMatchObject({ ...protectiveHeaders, "x-wrapped": "yes" });
		}
	});
});

describe("the request that a provider sees", () => {
	it("carries the cookies and the authorization, and the path that was asked for", async () => {
		const seen: Request[] = [];
		const { handler } = serve({
			identify: async (asked) => {
				seen.push(asked);
				return null;
			},
		});
		const port = await listen(express().use("/api", toNodeHandler(handler)));
		await ask(port, { path: "/api/widget-token?widget=profile", headers: { cookie: "a=1; b=2", authorization: "Bearer x" } });
		expect(seen[0]?.headers.get("cookie")).toBe("a=1; b=2");
		expect(seen[0]?.headers.get("authorization")).toBe("Bearer x");
		expect(new URL(seen[0]?.url ?? "").searchParams.get("widget")).toBe("profile");
		expect(seen[0]?.method).toBe("GET");
	});

	it("does not take its address from forwarded headers, which anybody can send", async () => {
		const urls: string[] = [];
		const { handler } = serve({
			identify: async ({ url }) => {
				urls.push(url);
				return null;
			},
		});
		const port = await listen(toNodeHandler(handler));
		await ask(port, {
			headers: {
				"x-forwarded-host": "evil.example",
				"x-forwarded-proto": "https",
				"x-forwarded-port": "443",
				forwarded: "host=evil.example;proto=https",
			},
		});
		expect(urls).toEqual([`http://127.0.0.1:${port}/api/widget-token`]);
		const refused = await ask(port, { headers: { origin: "https://evil.example", "x-forwarded-host": "evil.example" } });
		expect(refused.status).toBe(403);
	});
});

describe("odd requests to node:http", () => {
	it.each([
		["HTTP/1.0 without Host", "GET /api HTTP/1.0\r\n\r\n", 200],
		["an absolute address", "GET http://other.example/api HTTP/1.1\r\nHost: app.example.com\r\nConnection: close\r\n\r\n", 200],
		["an asterisk", "OPTIONS * HTTP/1.1\r\nHost: app.example.com\r\nConnection: close\r\n\r\n", 405],
		["a Host that is none", "GET /api HTTP/1.1\r\nHost: a b/c@d\r\nConnection: close\r\n\r\n", 200],
		["a path that is none", "GET //[::1 HTTP/1.1\r\nHost: app.example.com\r\nConnection: close\r\n\r\n", 200],
		["a query that is no text", "GET /?widget=%ff%00 HTTP/1.1\r\nHost: app.example.com\r\nConnection: close\r\n\r\n", 400],
		["an origin that is none", "GET / HTTP/1.1\r\nHost: app.example.com\r\nOrigin: \u00ff\r\nConnection: close\r\n\r\n", 403],
		[
			"two origins",
			"GET / HTTP/1.1\r\nHost: evil.example\r\nOrigin: https://app.example.com\r\nOrigin: https://evil.example\r\nConnection: close\r\n\r\n",
			403,
		],
		["Accept given twice", "GET / HTTP/1.1\r\nHost: a\r\nAccept: image/png\r\nAccept: text/plain\r\nConnection: close\r\n\r\n", 200],
	])("are answered, and with every header: %s", async (_, bytes, status) => {
		const answer = await write(await listen(toNodeHandler(serve().handler)), bytes);
		expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
		const head = answer.split("\r\n\r\n")[0]?.toLowerCase() ?? "";
		for (const [name, value] of Object.entries(protectiveHeaders)) expect(head).toContain(`${name}: ${value.toLowerCase()}`);
	});

	it("pipelined on one connection are answered in order", async () => {
		const port = await listen(toNodeHandler(serve().handler));
		const answer = await write(
			port,
			["GET", "DELETE", "POST"]
				.map((method, index) => `${method} / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n${index === 2 ? "Connection: close\r\n" : ""}\r\n`)
				.join(""),
		);
		expect([...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(["200", "405", "200"]);
	});

	it("whose client goes away do not take the server with them", async () => {
		let release: () => void = () => undefined;
		const { handler } = serve({
			identify: async (asked) => {
				if (asked.headers.get("x-case") === "slow") await new Promise<void>((resolve) => (release = resolve));
				return ada;
			},
		});
		const port = await listen(toNodeHandler(handler));
		const socket = connectSocket(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nHost: a\r\nX-Case: slow\r\n\r\n"));
		await new Promise((resolve) => setTimeout(resolve, 50));
		socket.destroy();
		await new Promise((resolve) => setTimeout(resolve, 20));
		release();
		expect((await ask(port)).status).toBe(200);
	});
});
