import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { createMint, createTokenHandler, defineContract, type Identity, type TokenHandlerOptions } from "@widget-token/core";
import { isNextControlFlow } from "@widget-token/core/next";
import { toNodeHandler, withNodeRequest } from "@widget-token/core/node";
import { createVerifyHandler, type VerifyHandlerOptions } from "@widget-token/core/verify";
import { verifyVisitor } from "@widget-token/core/verify/express";
import { verifyVisitor as verifyVisitorOnHono } from "@widget-token/core/verify/hono";
import { Hono } from "hono";
import { failures, hostileValues } from "./hostile-values.ts";

// An app in a process of its own, whose functions fail in every way with every value. It prints an answer for each; a value that
// ends the process ends this list.

/** What the faulty function does when it is called. */
type Fault = () => never;

const env = { CHAT_SECRET: "chat-e27f60b8c1d95a34-throw-away-key", CHAT_TENANT: "tenant-1" };
/** A widget that makes use of every function. */
const widget = defineContract({
	id: "chat",
	name: "Chat",
	documentation: ["https://docs.example.com/chat"],
	scheme: "jwt",
	algorithm: "HS256",
	key: { env: "CHAT_SECRET", encoding: "utf8" },
	settings: { tenant: { env: "CHAT_TENANT", description: "The tenant" } },
	claims: {
		iss: { from: "setting", setting: "tenant", required: true },
		sub: { from: "identity", field: "id", required: true },
		name: { from: "identity", field: "name" },
		role: { from: "role", type: "string" },
		payload: { from: "custom", type: "object" },
		exp: { from: "generated", generate: "expirationTime", required: true },
		jti: { from: "generated", generate: "uuid", required: true },
	},
	lifetime: { defaultSeconds: 600, maximumSeconds: 3600 },
});
const ada: Identity = { id: "u_1", provider: "my-app", email: "ada@example.com", emailVerified: true };
const k = Buffer.from(env.CHAT_SECRET).toString("base64url");
const { token } = await createMint(widget, { env, role: () => "guest", secret: { kty: "oct", k, kid: "k1" } as JsonWebKey })(ada);

const tokens = (options: Partial<TokenHandlerOptions>): RequestListener =>
	toNodeHandler(createTokenHandler({ widget, env, onEvent: () => undefined, identify: async () => ada, ...options }));
const verifies = (options: Partial<VerifyHandlerOptions>): RequestListener =>
	toNodeHandler(createVerifyHandler({ widget, env, onEvent: () => undefined, ...options }));
const visits = (options: object): RequestListener => {
	const middleware = verifyVisitor({ widget, env, onEvent: () => undefined, ...options });
	return (request, response) => void middleware(request, response, () => response.end("visited"));
};

const late = (identify: (signal: AbortSignal) => Promise<Identity>): RequestListener =>
	tokens({ timeoutSeconds: 0.001, identify: (_, { signal }) => identify(signal) });

// A getter is not called by us: what it throws counts, a promise that it gives is a value like any other.
const getter = (fault: Fault) => (): never => {
	const value: unknown = fault();
	Promise.resolve(value).catch(() => undefined);
	throw value;
};

const apps: Readonly<Record<string, (fault: Fault) => RequestListener>> = {
	identify: (fault) => tokens({ identify: fault }),
	"identify with the default log": (fault) => tokens({ identify: fault, onEvent: undefined }),
	"identify on Next.js": (fault) => tokens({ identify: fault, rethrow: isNextControlFlow }),
	"identify by Node's request": (fault) => tokens({ identify: withNodeRequest(fault) }),
	"a member of the identity": (fault) =>
		tokens({ identify: async () => Object.defineProperty({ ...ada }, "name", { get: getter(fault) }) }),
	"the provider of the identity": (fault) =>
		tokens({ identify: async () => Object.defineProperty({ ...ada }, "provider", { get: getter(fault) }) }),
	rethrow: (fault) => tokens({ identify: () => Promise.reject(new Error("x")), rethrow: fault }),
	rateLimiter: (fault) => tokens({ rateLimiter: { consume: fault } }),
	onEvent: (fault) => tokens({ onEvent: fault }),
	"onEvent of a refusal": (fault) => tokens({ onEvent: fault, identify: () => Promise.reject(new Error("x")) }),
	"a listener of the signal": (fault) =>
		late(
			(signal) =>
				new Promise(() => {
					signal.addEventListener("abort", fault);
					signal.addEventListener("abort", { handleEvent: fault }, { once: true });
					signal.onabort = fault;
				}),
		),
	"what comes too late": (fault) => late(async () => setTimeout(2).then(fault)),
	role: (fault) => tokens({ role: fault }),
	claims: (fault) => tokens({ claims: fault }),
	"a member of claims": (fault) => tokens({ claims: { payload: fault } }),
	secret: (fault) => tokens({ secret: fault }),
	"a remote signer": (fault) => tokens({ secret: { alg: "HS256", sign: fault } }),
	jti: (fault) => tokens({ jti: fault }),
	now: (fault) => tokens({ now: fault }),
	"a mint": (fault) => tokens({ widget: undefined, widgets: [Object.assign(async () => fault(), { contract: widget })] }),
	"a handler that wraps ours": (fault) => toNodeHandler(async () => fault()),
	"what the framework throws, where there is none": (fault) => tokens({ identify: fault, rethrow: () => true }),
	"allowedOrigins of the verification": (fault) => verifies({ allowedOrigins: fault }),
	"rateLimiter of the verification": (fault) => verifies({ rateLimiter: { consume: fault }, client: () => "c" }),
	"client of the verification": (fault) => verifies({ rateLimiter: { consume: async () => undefined }, client: fault }),
	"tenant of the verification": (fault) => verifies({ tenant: fault }),
	"keys of the verification": (fault) => verifies({ keys: fault }),
	"secret of the verification": (fault) => verifies({ secret: fault }),
	"isRevoked of the verification": (fault) => verifies({ isRevoked: fault }),
	"settings of the verification": (fault) => verifies({ settings: fault }),
	"knownRoles of the verification": (fault) => verifies({ knownRoles: fault }),
	"replay of the verification": (fault) => verifies({ replay: { store: { claim: fault } } }),
	"onEvent of the verification": (fault) => verifies({ onEvent: fault }),
	"now of the verification": (fault) => verifies({ now: fault }),
	"a verification": (fault) => verifies({ env: undefined, widget: Object.assign(async () => fault(), { contract: widget }) }),
	"token of the visitor": (fault) => visits({ token: fault }),
	"token of the visitor on Hono": (fault) => {
		const app = new Hono()
			.use(verifyVisitorOnHono({ widget, env, onEvent: () => undefined, token: fault }))
			.post("/", (c) => c.text("visited"));
		return toNodeHandler(async (request) => app.fetch(request));
	},
	"tenant of the visitor": (fault) => visits({ tenant: fault }),
	"identifier of the visitor": (fault) => visits({ identifier: fault }),
	"keys of the visitor": (fault) => visits({ keys: fault }),
	"onEvent of the visitor": (fault) => visits({ onEvent: fault }),
};

let app: RequestListener;
const server = createServer((request, response) => app(request, response)).listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
const { port } = server.address() as AddressInfo;

async function ask(): Promise<{ status: number; type: string | null; body: string }> {
	const response = await fetch(`http://127.0.0.1:${port}/`, {
		method: "POST",
		headers: { origin: `http://127.0.0.1:${port}`, authorization: `Bearer ${token}` },
		body: JSON.stringify({ token }),
		signal: AbortSignal.timeout(20_000),
	});
	return { status: response.status, type: response.headers.get("content-type"), body: await response.text() };
}

console.error = () => undefined;
for (const [name, create] of Object.entries(apps)) {
	for (const [how, fail] of Object.entries(failures)) {
		for (const [value, make] of Object.entries(hostileValues)) {
			if (how.includes("returns") && !value.startsWith("a proxy")) continue;
			app = create((() => fail(make())) as Fault);
			console.log(JSON.stringify({ name, failure: `${how} ${value}`, ...(await ask()) }));
		}
	}
}
// A rejection that nobody has handled is reported a turn later.
await setTimeout(50);
console.log(JSON.stringify("alive"));
process.exit();
