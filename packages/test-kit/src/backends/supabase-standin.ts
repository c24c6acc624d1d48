import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createSupabaseAccounts, type Json, Refusal, type StandInUser, type SupabaseAccounts, userJson } from "./supabase-accounts.ts";
import { createSupabaseTokens, type SupabaseAlgorithm, type SupabaseTokens } from "./supabase-tokens.ts";

export type { StandInSession, StandInUser } from "./supabase-accounts.ts";

/** How the backend can fail: no answer, no connection, a rate limit, a server error, a page or nonsense where JSON is expected. */
export type SupabaseFailure = "slow" | "down" | "rate-limited" | "server-error" | "html" | "html-forbidden" | "nonsense";

/** A small stand-in for GoTrue behind Supabase's gateway, for what `@supabase/lite` has not: ES256 keys, anonymous users, failures. */
export interface SupabaseStandIn extends Pick<SupabaseAccounts, "createUser" | "signIn" | "claims" | "endSessions" | "deleteUser"> {
	readonly url: string;
	readonly issuer: string;
	readonly tokens: SupabaseTokens;
	/** The API keys that the gateway knows: the legacy JWTs and the opaque ones. */
	readonly keys: { readonly anon: string; readonly serviceRole: string; readonly publishable: string; readonly secret: string };
	/** The path of every request that has reached the backend. */
	readonly requests: readonly string[];
	ban(user: StandInUser): void;
	fail(failure: SupabaseFailure): void;
	restore(): void;
	close(): Promise<void>;
}

const headers = { "content-type": "application/json", "x-supabase-api-version": "2024-01-01" };

/** Starts the stand-in on an ephemeral port. */
export async function startSupabaseStandIn(options: { readonly algorithm?: SupabaseAlgorithm } = {}): Promise<SupabaseStandIn> {
	const tokens = await createSupabaseTokens(options.algorithm ?? "ES256");
	const keys = {
		anon: await tokens.apiKey("anon"),
		serviceRole: await tokens.apiKey("service_role"),
		publishable: `sb_publishable_${randomUUID()}`,
		secret: `sb_secret_${randomUUID()}`,
	};
	const requests: string[] = [];
	let failure: SupabaseFailure | undefined;

	const server = createServer((request, response) => {
		requests.push(request.url ?? "");
		if (failure !== undefined) return answerFailure(failure, request, response);
		answer(request).then(
			(body) => response.writeHead(body === undefined ? 204 : 200, headers).end(body && JSON.stringify(body)),
			(cause: unknown) => {
				const refusal = cause instanceof Refusal ? cause : new Refusal(500, "unexpected_failure", "Internal Server Error");
				response.writeHead(refusal.status, headers).end(JSON.stringify(refusal.body));
			},
		);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const issuer = `${url}/auth/v1`;
	const accounts = createSupabaseAccounts(tokens, issuer);
	const { createUser, signIn, claims, endSessions, deleteUser, authenticate, grant } = accounts;

	async function answer(request: IncomingMessage): Promise<unknown> {
		const { pathname, searchParams } = new URL(request.url ?? "/", url);
		if (!Object.values(keys).includes(String(request.headers["apikey"]))) throw new Refusal(401, undefined, "Invalid API key");
		switch (`${request.method} ${pathname}`) {
			case "GET /auth/v1/.well-known/jwks.json":
				return tokens.jwks;
			case "GET /auth/v1/user":
				return userJson(await authenticate(request.headers.authorization));
			case "PUT /auth/v1/user": {
				const user = await authenticate(request.headers.authorization);
				Object.assign(user.user_metadata, (await readJson(request))["data"]);
				return userJson(user);
			}
			case "POST /auth/v1/token":
				return grant(searchParams.get("grant_type"), await readJson(request));
			case "POST /auth/v1/signup": {
				const { email, password, data } = await readJson(request);
				const kind = email === undefined ? { is_anonymous: true, app_metadata: {} } : { email: String(email), password: String(password) };
				return signIn(createUser({ ...kind, user_metadata: (data ?? {}) as Json }));
			}
			case "POST /auth/v1/logout":
				endSessions(await authenticate(request.headers.authorization));
				return undefined;
			default:
				throw new Refusal(404, undefined, "no Route matched with those values");
		}
	}

	return {
		url,
		issuer,
		tokens,
		keys,
		requests,
		createUser,
		signIn,
		claims,
		endSessions,
		deleteUser,
		ban: (user) => {
			user.banned_until = new Date(Date.now() + 3_600_000).toISOString();
		},
		fail: (kind) => {
			failure = kind;
		},
		restore: () => {
			failure = undefined;
		},
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
}

function answerFailure(failure: SupabaseFailure, request: IncomingMessage, response: ServerResponse): void {
	// "slow" never answers: the caller's own time-out has to end it.
	if (failure === "slow") return;
	if (failure === "down") return void request.socket.destroy();
	const answers: Record<Exclude<SupabaseFailure, "slow" | "down">, readonly [status: number, type: string, body: string]> = {
		"rate-limited": [429, "application/json", JSON.stringify({ code: "over_request_rate_limit", message: "Request rate limit reached" })],
		"server-error": [500, "application/json", JSON.stringify({ code: "unexpected_failure", message: "Internal Server Error" })],
		html: [200, "text/html", "<!doctype html><title>Maintenance</title>"],
		"html-forbidden": [403, "text/html", "<!doctype html><title>Blocked</title>"],
		nonsense: [200, "application/json", "{}"],
	};
	const [status, type, body] = answers[failure];
	response.writeHead(status, { "content-type": type, ...(status === 429 && { "retry-after": "7" }) });
	response.end(body);
}

async function readJson(request: IncomingMessage): Promise<Json> {
	let text = "";
	for await (const chunk of request) text += String(chunk);
	return text === "" ? {} : (JSON.parse(text) as Json);
}
