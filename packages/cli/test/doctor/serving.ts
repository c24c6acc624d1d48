import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { type Contract, createTokenHandler, type Identity } from "@widget-token/core";
import { toNodeHandler } from "@widget-token/core/node";
import { hilal } from "@widget-token/widgets";
import { hilalSecret } from "../run-cli.ts";

/** The web standard's shape of an app. */
export type App = (request: Request) => Promise<Response>;

const users: Readonly<Record<string, Identity>> = {
	u_1: { id: "u_1", provider: "app", email: "ada@example.com", emailVerified: true, name: "Ada" },
	u_2: { id: "u_2", provider: "app", email: "grace@example.com", emailVerified: true, name: "Grace" },
};

const sessionKey = randomUUID();

/** The app's own sessions: signed, in a cookie or as bearer token. */
export const sessionOf: Readonly<Record<"ada" | "grace", string>> = { ada: signSession("u_1"), grace: signSession("u_2") };

function signSession(id: string): string {
	const input = `${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString("base64url")}.${Buffer.from(JSON.stringify({ sub: id, sid: `session-of-${id}` })).toString("base64url")}`;
	return `${input}.${createHmac("sha256", sessionKey).update(input).digest("base64url")}`;
}

/** The session's text, wherever the request carries it. */
export function readSession(request: Request): string | undefined {
	const cookie = /(?:^|;\s*)session=([^;]+)/.exec(request.headers.get("cookie") ?? "")?.[1];
	return cookie ?? request.headers.get("authorization")?.replace(/^Bearer /, "");
}

/** The user of a request whose session was signed by this app. */
export async function identify(request: Request): Promise<Identity | null> {
	const session = readSession(request);
	const id = Object.keys(users).find((each) => session === signSession(each));
	return id === undefined ? null : (users[id] as Identity);
}

/** A widget of somebody's own that wants the HMAC of the user's id. */
export const hashContract: Contract = {
	id: "chat",
	name: "Chat",
	documentation: ["https://example.com/docs"],
	scheme: "hmac",
	algorithm: "HS256",
	key: { env: "CHAT_SECRET", encoding: "utf8" },
	message: { field: "id" },
};

/** The app as it should be. */
export const healthy: App = createTokenHandler({ widget: hilal, secret: hilalSecret, identify });

/** The healthy app's answer with its headers changed; a header without a value is taken off. */
export function withHeaders(change: Readonly<Record<string, string | undefined>>, app: App = healthy): App {
	return async (request) => {
		const { status, headers, body } = await app(request);
		const others = new Headers(headers);
		for (const [name, value] of Object.entries(change)) {
			if (value === undefined) others.delete(name);
			else others.set(name, value);
		}
		return new Response(body, { status, headers: others });
	};
}

/** A request as the app would have got it without some of its headers, or with others. */
export function changed({ url, method, headers }: Request, change: Readonly<Record<string, string | undefined>>): Request {
	const others = new Headers(headers);
	for (const [name, value] of Object.entries(change)) {
		if (value === undefined) others.delete(name);
		else others.set(name, value);
	}
	return new Request(url, { method, headers: others });
}

/** A JSON answer with the headers that a token needs. */
export function answer(body: unknown, status = 200): Response {
	return new Response(typeof body === "string" ? body : JSON.stringify(body), {
		status,
		headers: {
			"content-type": typeof body === "string" ? "text/plain" : "application/json",
			"cache-control": "private, no-store, max-age=0",
			"cdn-cache-control": "no-store",
			vary: "Cookie, Authorization, Origin, Accept",
			"x-content-type-options": "nosniff",
			"cross-origin-resource-policy": "same-origin",
			"referrer-policy": "no-referrer",
		},
	});
}

/** A route of somebody's own, on which the healthy app's refusals still stand: it answers a signed-in user's GET and POST. */
export function forUsers(serve: (user: Identity, request: Request) => Response | Promise<Response>): App {
	return async (request) => {
		const reply = await healthy(request);
		const user = reply.status === 200 ? await identify(request) : null;
		return user === null ? reply : serve(user, request);
	};
}

/** Signs claims by hand, as the recipes on vendors' pages do. */
export function sign(
	claims: object,
	{ secret = hilalSecret, alg = "HS256" }: { readonly secret?: string | Buffer; readonly alg?: string } = {},
): string {
	const input = `${Buffer.from(JSON.stringify({ alg, typ: "JWT" })).toString("base64url")}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
	return `${input}.${createHmac(alg === "HS512" ? "sha512" : "sha256", secret)
		.update(input)
		.digest("base64url")}`;
}

/** The claims of a user's token as they should be, changed. */
export function claimsOf({ id, name, email }: Identity, change: Readonly<Record<string, unknown>> = {}): object {
	const iat = Math.floor(Date.now() / 1000);
	return { sub: id, name, email, iat, exp: iat + 3600, ...change };
}

/** Serves an app on a port of its own until the work is done. */
export function whileServing<T>(app: App, work: (origin: string) => Promise<T>): Promise<T> {
	return whileListening(toNodeHandler(app), work);
}

/** The same for a listener of node:http, such as an app of Express. */
export async function whileListening<T>(listener: RequestListener, work: (origin: string) => Promise<T>): Promise<T> {
	const server = createServer(listener).listen(0, "127.0.0.1");
	await once(server, "listening");
	try {
		return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	} finally {
		server.closeAllConnections();
		server.close();
	}
}
