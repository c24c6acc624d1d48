import { randomBytes } from "node:crypto";
import { createEmulator } from "emulate";
import { decodeJwt } from "jose";
import { type ClerkMachineTokens, createClerkMachineTokens } from "./clerk-machine-tokens.ts";
import { type ClerkFailure, startClerkProxy } from "./clerk-proxy.ts";
import { type ClerkTokenOptions, createClerkTokenSigner } from "./clerk-tokens.ts";
import { type ClerkSeedUser, clerkOrganizations, clerkUsers } from "./clerk-users.ts";
import { renderSignInPage } from "./sign-in-page.ts";

export type { ClerkFailure } from "./clerk-proxy.ts";

/** A session of a user at the backend. */
export interface ClerkSession {
	readonly id: string;
	/** The session token: a bearer token, or the value of the cookie `__session`. */
	readonly token: string;
	/** The SDK's own cookies, as a `Cookie` header. */
	readonly cookie: string;
}

export interface ClerkBackend {
	/** For `CLERK_API_URL`. */
	readonly apiUrl: string;
	readonly secretKey: string;
	readonly publishableKey: string;
	/** The PEM public key, for networkless verification. */
	readonly jwtKey: string;
	/** The front end's origin, which the publishable key names. */
	readonly issuer: string;
	/** The `azp` of every session token that is not asked for otherwise. */
	readonly authorizedParty: string;
	/** Opaque tokens that the backend verifies as what they are. */
	readonly machineTokens: Omit<ClerkMachineTokens, "verify">;
	/** The requests of the SDK, as `GET /v1/users/user_ada`. */
	readonly requests: readonly string[];
	addUser(user: ClerkSeedUser): Promise<ClerkSeedUser>;
	deleteUser(user: ClerkSeedUser): Promise<void>;
	/** Creates a session and its token; the options forge or change the token. */
	createSession(user: ClerkSeedUser, options?: ClerkTokenOptions): Promise<ClerkSession>;
	/** The sign-in page, for `NEXT_PUBLIC_CLERK_SIGN_IN_URL`: it asks who the visitor is and sends the browser to `redirect_url`. */
	readonly signInPage: string;
	/** The page that signs a browser in on localhost and sends it to `redirectUrl`: `user` is an id or a name of `clerkUsers`. */
	signInUrl(user: string, redirectUrl: string): string;
	fail(failure: ClerkFailure): void;
	restore(): void;
	close(): Promise<void>;
}

/**
 * Starts a Clerk instance on loopback: Vercel's Clerk emulator with seeded users behind a small proxy.
 *
 * The emulator keeps its signing key to itself, so the proxy publishes its own: session tokens carry the session, user
 * and organization of the emulator, in the shape of Clerk's version 2 tokens.
 *
 * @example
 * ```ts
 * import { startClerkBackend } from "@widget-token/test-kit/backends/clerk";
 *
 * const backend = await startClerkBackend();
 * const { token } = await backend.createSession(clerkUsers.ada);
 * await backend.close();
 * ```
 */
export async function startClerkBackend(options: { readonly authorizedParty?: string } = {}): Promise<ClerkBackend> {
	const authorizedParty = options.authorizedParty ?? "http://localhost:3000";
	const frontendApi = "clerk.localhost.test";
	const issuer = `https://${frontendApi}`;
	const secretKey = `sk_test_${randomBytes(24).toString("hex")}`;
	const machineTokens = createClerkMachineTokens(clerkUsers.ada.id);
	const users = new Map<string, ClerkSeedUser>();
	const [signer, emulator] = await Promise.all([
		createClerkTokenSigner(issuer),
		createEmulator({
			service: "clerk",
			port: 0,
			seed: {
				tokens: { [secretKey]: { login: "admin" } },
				clerk: {
					users: Object.values<ClerkSeedUser>(clerkUsers).map(seed),
					organizations: Object.values(clerkOrganizations).map(({ id, ...organization }) => ({ clerk_id: id, ...organization })),
				},
			},
		}),
	]);

	async function call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
		const response = await fetch(new URL(path, emulator.url), {
			method,
			headers: { authorization: `Bearer ${secretKey}`, "content-type": "application/json" },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		if (!response.ok) throw new Error(`The Clerk emulator answered ${response.status} to ${method} ${path}`);
		return (await response.json()) as Record<string, unknown>;
	}

	async function prepare(user: ClerkSeedUser): Promise<ClerkSeedUser> {
		users.set(user.id, user);
		if (user.banned === true) await call("POST", `/v1/users/${user.id}/ban`);
		if (user.locked === true) await call("POST", `/v1/users/${user.id}/lock`);
		if (user.emailVerified === false) {
			const { primary_email_address_id: id } = await call("GET", `/v1/users/${user.id}`);
			await call("PATCH", `/v1/email_addresses/${String(id)}`, { verified: false });
		}
		return user;
	}

	async function createSession(user: ClerkSeedUser, tokenOptions: ClerkTokenOptions = {}): Promise<ClerkSession> {
		const { id } = await call("POST", "/v1/sessions", { user_id: user.id });
		const { jwt } = await call("POST", `/v1/sessions/${String(id)}/tokens`);
		const token = await signer.sign(decodeJwt(String(jwt)), authorizedParty, tokenOptions);
		return { id: String(id), token, cookie: `__session=${token}; __client_uat=1; __clerk_db_jwt=browser` };
	}

	async function answer(request: Request): Promise<Response | undefined> {
		const { pathname, searchParams } = new URL(request.url);
		if (pathname === "/sign-in" || pathname === "/sign-out") return browse(pathname, searchParams);
		// The emulator takes any key for its administrator's.
		if (request.headers.get("authorization") !== `Bearer ${secretKey}`) return refuse(401, "clerk_key_invalid");
		if (pathname === "/v1/jwks") return Response.json(signer.jwks);
		if (pathname.endsWith("/verify")) return machineTokens.verify(pathname, await request.text()) ?? refuse(404, "resource_not_found");
		const { json } = users.get(/^\/v1\/users\/([^/]+)$/.exec(pathname)?.[1] ?? "") ?? {};
		return json === undefined ? undefined : Response.json({ ...(await call("GET", pathname)), ...json });
	}

	async function browse(pathname: string, parameters: URLSearchParams): Promise<Response> {
		const target = new URL(parameters.get("redirect_url") ?? "");
		if (pathname === "/sign-in" && !parameters.has("user")) return askWho(users.values(), parameters);
		const user = users.get(parameters.get("user") ?? "") ?? users.get(`user_${parameters.get("user") ?? ""}`);
		const headers = new Headers({ location: target.href, "cache-control": "no-store" });
		if (pathname === "/sign-in" && user === undefined) return new Response("There is no such user", { status: 404 });
		const cookies = user === undefined ? [] : (await createSession(user, { authorizedParty: target.origin })).cookie.split("; ");
		for (const pair of pathname === "/sign-out" ? ["__session=; Max-Age=0", "__client_uat=0"] : cookies) {
			headers.append("set-cookie", `${pair}; Path=/; SameSite=Lax`);
		}
		return new Response(null, { status: 303, headers });
	}

	for (const user of Object.values<ClerkSeedUser>(clerkUsers)) await prepare(user);
	const proxy = await startClerkProxy(emulator.url, answer);

	return {
		apiUrl: proxy.url,
		secretKey,
		publishableKey: `pk_test_${Buffer.from(`${frontendApi}$`).toString("base64")}`,
		jwtKey: signer.jwtKey,
		issuer,
		authorizedParty,
		machineTokens,
		requests: proxy.requests,
		async addUser(user) {
			// The emulator chooses the id of a user that is not seeded.
			const { id } = await call("POST", "/v1/users", { ...seed(user), email_address: user.email === undefined ? [] : [user.email] });
			return prepare({ ...user, id: String(id) });
		},
		async deleteUser(user) {
			await call("DELETE", `/v1/users/${user.id}`);
			users.delete(user.id);
		},
		createSession,
		signInPage: `${proxy.url}/sign-in`,
		signInUrl: (user, redirectUrl) => `${proxy.url}/sign-in?${new URLSearchParams({ user, redirect_url: redirectUrl })}`,
		fail: proxy.fail,
		restore: proxy.restore,
		async close() {
			await Promise.all([proxy.close(), emulator.close()]);
		},
	};
}

/** The sign-in page, with what keeps a user from getting a token. */
function askWho(users: Iterable<ClerkSeedUser>, hidden: URLSearchParams): Response {
	const offered = [...users].map((user) => ({ value: user.id, name: user.firstName, note: noteOn(user) }));
	const page = renderSignInPage({ provider: "Clerk", method: "get", action: "/sign-in", field: "user", hidden, users: offered });
	// The SDK asks Clerk about visitors who come from another site's page, and knows Clerk's own pages by their names.
	const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", "referrer-policy": "no-referrer" };
	return new Response(page, { headers });
}

function noteOn({ email, emailVerified, banned, locked }: ClerkSeedUser): string | undefined {
	if (banned === true) return "is banned";
	if (locked === true) return "is locked";
	if (email === undefined) return "has no e-mail address";
	return emailVerified === false ? "has an unverified address" : undefined;
}

function seed(user: ClerkSeedUser): Record<string, unknown> {
	return {
		clerk_id: user.id,
		first_name: user.firstName,
		last_name: "",
		username: user.username,
		external_id: user.externalId,
		email_addresses: user.email === undefined ? [] : [user.email],
		public_metadata: user.publicMetadata,
		private_metadata: user.privateMetadata,
		unsafe_metadata: user.unsafeMetadata,
	};
}

function refuse(status: number, code: string): Response {
	return Response.json({ errors: [{ code, message: code, long_message: code }] }, { status });
}
