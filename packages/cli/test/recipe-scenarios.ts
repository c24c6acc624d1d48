import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Identity } from "@widget-token/core";
import { startClerkBackend } from "@widget-token/test-kit/backends/clerk";
import { clerkUsers } from "@widget-token/test-kit/backends/clerk-users";
import { createRsaKey, startGoogleStandIn } from "@widget-token/test-kit/backends/firebase";
import { startSupabaseStandIn } from "@widget-token/test-kit/backends/supabase-standin";
import { deleteApp, initializeApp } from "firebase-admin/app";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import type { RecipeProvider } from "../src/recipes/recipe.ts";
import type { Environment } from "./recipe-run.ts";

type RequestHeaders = Readonly<Record<string, string>>;

/** A provider with its users, and what the recipe's reader has to make of them. */
export interface ProviderScenario {
	readonly env: Environment;
	/** Where a request to the internet goes instead. */
	readonly reroute: (url: URL) => string | undefined;
	/** The headers that a signed-in user's page sends, and who that is. */
	readonly signedIn: () => Promise<RequestHeaders>;
	readonly identity: Identity;
	readonly role: string;
	/** Requests of nobody. */
	readonly signedOut: readonly RequestHeaders[];
	/** Requests that are refused, by what is wrong with them. */
	readonly refused: Readonly<Record<string, () => Promise<RequestHeaders>>>;
	/** Somebody whose address is not verified. */
	readonly unverified: () => Promise<RequestHeaders>;
	/** Makes the provider fail until `restore`; undefined where nothing is asked of it. */
	readonly fail?: () => void;
	readonly restore?: () => void;
	readonly close: () => Promise<void>;
}

const page = "https://www.example.com";
const bearer = (token: string): RequestHeaders => ({ authorization: `Bearer ${token}` });

export async function clerkScenario(): Promise<ProviderScenario> {
	const backend = await startClerkBackend({ authorizedParty: page });
	const session = async (user: (typeof clerkUsers)[keyof typeof clerkUsers], options = {}): Promise<RequestHeaders> =>
		bearer((await backend.createSession(user, options)).token);
	return {
		env: { CLERK_SECRET_KEY: backend.secretKey, CLERK_PUBLISHABLE_KEY: backend.publishableKey, CLERK_TELEMETRY_DISABLED: "1" },
		reroute: (url) => (url.host === "api.clerk.com" ? backend.apiUrl + url.pathname + url.search : undefined),
		signedIn: async () => ({ cookie: (await backend.createSession(clerkUsers.ada)).cookie }),
		identity: { id: "user_ada", provider: "clerk", email: "Ada@Example.com", emailVerified: true, name: "Ada" },
		role: "admin",
		signedOut: [{}, { cookie: "theme=dark" }],
		refused: {
			"another page's token": () => session(clerkUsers.ada, { authorizedParty: "https://evil.example" }),
			"a forged token": () => session(clerkUsers.ada, { key: "attacker" }),
			"an unsigned token": () => session(clerkUsers.ada, { key: "none" }),
			"an expired token": () => session(clerkUsers.ada, { lifetimeSeconds: -60 }),
			"an impersonated user": () => session(clerkUsers.ada, { claims: { act: { sub: "user_support" } } }),
			"a token without a session": () => session(clerkUsers.ada, { claims: { sid: undefined } }),
			"a banned user": () => session(clerkUsers.alan),
			"a locked user": () => session(clerkUsers.edith),
			nonsense: async () => bearer("nonsense"),
		},
		unverified: () => session(clerkUsers.grace),
		fail: () => backend.fail("down"),
		restore: () => backend.restore(),
		close: () => backend.close(),
	};
}

export async function supabaseScenario(): Promise<ProviderScenario> {
	const backend = await startSupabaseStandIn();
	const metadata = { email: "ada@example.com", email_verified: true, role: "admin" };
	const confirmed = new Date().toISOString();
	const ada = backend.createUser({
		email: "Ada@Example.com",
		email_confirmed_at: confirmed,
		app_metadata: { role: "admin" },
		user_metadata: { full_name: "Ada" },
	});
	const grace = backend.createUser({ email: "grace@example.com", user_metadata: metadata });
	const nobody = backend.createUser({ is_anonymous: true });
	const banned = backend.createUser({ email: "alan@example.com", email_confirmed_at: confirmed });
	backend.ban(banned);
	const session = async (user: typeof ada, options = {}): Promise<RequestHeaders> =>
		bearer((await backend.signIn(user, options)).access_token);
	return {
		env: { SUPABASE_URL: backend.url, SUPABASE_PUBLISHABLE_KEY: backend.keys.publishable },
		reroute: () => undefined,
		signedIn: () => session(ada),
		identity: { id: ada.id, provider: "supabase", email: "Ada@Example.com", emailVerified: true, name: "Ada" },
		role: "admin",
		signedOut: [{}, bearer(backend.keys.publishable)],
		refused: {
			"an anonymous user": () => session(nobody),
			"a banned user": () => session(banned),
			"an expired token": () => session(ada, { expiresInSeconds: -60 }),
			"an OAuth client": () => session(ada, { claims: { client_id: "client" } }),
			"the service role": async () => bearer(backend.keys.serviceRole),
			nonsense: async () => bearer("nonsense"),
			"no bearer token": async () => ({ authorization: "Basic dTpw" }),
		},
		unverified: () => session(grace),
		fail: () => backend.fail("server-error"),
		restore: () => backend.restore(),
		close: () => backend.close(),
	};
}

export async function firebaseScenario(): Promise<ProviderScenario> {
	const google = await startGoogleStandIn();
	const app = initializeApp({ projectId: google.projectId, httpAgent: google.agent });
	const token = (claims: JWTPayload = {}): RequestHeaders => bearer(google.idToken({ email: "Ada@Example.com", role: "admin", ...claims }));
	const now = Math.floor(Date.now() / 1000);
	return {
		env: { FIREBASE_PROJECT_ID: google.projectId },
		reroute: (url) => (url.host.endsWith(".googleapis.com") ? `http://127.0.0.1:${google.port}/${url.host}${url.pathname}` : undefined),
		signedIn: async () => token(),
		identity: { id: "ada-uid", provider: "firebase", email: "Ada@Example.com", emailVerified: true, name: "Ada" },
		role: "admin",
		signedOut: [{}],
		refused: {
			"an anonymous user": async () => token({ firebase: { sign_in_provider: "anonymous" } }),
			"another tenant": async () => token({ firebase: { sign_in_provider: "password", tenant: "north" } }),
			"an expired token": async () => token({ iat: now - 7200, exp: now - 3600 }),
			"another project": async () => token({ aud: "another", iss: "https://securetoken.google.com/another" }),
			"a session cookie": async () => bearer(google.sessionCookie({})),
			"a forged token": async () =>
				bearer(
					google.sign(
						{
							iss: `https://securetoken.google.com/${google.projectId}`,
							aud: google.projectId,
							sub: "ada-uid",
							iat: now,
							exp: now + 60,
							auth_time: now,
							firebase: { sign_in_provider: "password" },
						},
						{},
						createRsaKey(),
					),
				),
			nonsense: async () => bearer("nonsense"),
		},
		unverified: async () => token({ email_verified: false }),
		fail: () => google.fail("html"),
		restore: () => google.restore(),
		close: async () => {
			await Promise.all([deleteApp(app), google.close()]);
		},
	};
}

/** Auth0's ID tokens, as its SPA SDK hands them out. */
export async function auth0TokenScenario(): Promise<ProviderScenario> {
	const [own, other] = await Promise.all([generateKeyPair("RS256"), generateKeyPair("RS256")]);
	const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(own.publicKey)), kid: "one", alg: "RS256", use: "sig" }] });
	let isDown = false;
	const server = createServer(
		(_, response) => void response.writeHead(isDown ? 429 : 200, { "content-type": "application/json" }).end(isDown ? "{}" : jwks),
	);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const token = async (claims: JWTPayload = {}, key = own.privateKey): Promise<RequestHeaders> => {
		const standard = {
			iss: "https://tenant.example.com/",
			aud: "client",
			sub: "auth0|ada",
			email: "Ada@Example.com",
			email_verified: true,
			name: "Ada",
			"https://example.com/role": "admin",
		};
		return bearer(
			await new SignJWT({ ...standard, ...claims })
				.setProtectedHeader({ alg: "RS256", kid: "one" })
				.setIssuedAt()
				.setExpirationTime("1h")
				.sign(key),
		);
	};
	return {
		env: { AUTH0_DOMAIN: "tenant.example.com", AUTH0_CLIENT_ID: "client" },
		reroute: (url) => (url.href === "https://tenant.example.com/.well-known/jwks.json" ? address : undefined),
		signedIn: () => token(),
		identity: { id: "auth0|ada", provider: "auth0", email: "Ada@Example.com", emailVerified: true, name: "Ada" },
		role: "admin",
		signedOut: [{}],
		refused: {
			"an API's access token": () => token({ aud: "https://api.example.com" }),
			"another tenant": () => token({ iss: "https://other.example.com/" }),
			"an impersonated user": () => token({ act: { sub: "auth0|support" } }),
			"a forged token": () => token({}, other.privateKey),
		},
		// Auth0 takes the address for the name of a user who has none.
		unverified: () => token({ email_verified: false, name: "Ada@Example.com" }),
		fail: () => {
			isDown = true;
		},
		restore: () => {
			isDown = false;
		},
		close: () => new Promise((resolve) => server.close(() => resolve())),
	};
}

type GenerateSessionCookie = (session: object, options: { secret: string }) => Promise<string>;

/** The session of Auth0's Next.js SDK. */
export async function auth0SessionScenario(): Promise<ProviderScenario> {
	// Its types would bring those of Next.js, which change the type of every environment in this package's tests.
	const testing = "@auth0/nextjs-auth0/testing";
	const { generateSessionCookie } = (await import(testing)) as { generateSessionCookie: GenerateSessionCookie };
	const secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	const ada = { sub: "auth0|ada", email: "Ada@Example.com", email_verified: true, name: "Ada", "https://example.com/role": "admin" };
	const cookie = async (user: object, key = secret): Promise<RequestHeaders> => {
		const session = { user, tokenSet: { accessToken: "an-access-token", expiresAt: Math.floor(Date.now() / 1000) + 3600 } };
		return { cookie: `__session=${await generateSessionCookie(session, { secret: key })}` };
	};
	return {
		env: {
			AUTH0_DOMAIN: "tenant.example.com",
			AUTH0_CLIENT_ID: "client",
			AUTH0_CLIENT_SECRET: "client-secret-of-the-app",
			AUTH0_SECRET: secret,
			APP_BASE_URL: "https://app.example.com",
		},
		reroute: () => undefined,
		signedIn: () => cookie(ada),
		identity: { id: "auth0|ada", provider: "auth0", email: "Ada@Example.com", emailVerified: true, name: "Ada" },
		role: "admin",
		signedOut: [{}],
		refused: {
			"an impersonated user": () => cookie({ ...ada, act: { sub: "auth0|support" } }),
			"a session of nobody": () => cookie({ ...ada, sub: "" }),
		},
		unverified: () => cookie({ ...ada, email_verified: false, name: "Ada@Example.com" }),
		close: async () => {},
	};
}

/** Each provider with the hosts whose reader it tries. */
export const scenarios: readonly {
	readonly provider: RecipeProvider;
	readonly hosts: readonly string[];
	readonly start: () => Promise<ProviderScenario>;
}[] = [
	{ provider: "clerk", hosts: ["cloudflare-worker", "vercel-function", "node"], start: clerkScenario },
	{ provider: "supabase", hosts: ["cloudflare-worker", "vercel-function", "node"], start: supabaseScenario },
	{ provider: "firebase", hosts: ["cloudflare-worker", "vercel-function", "node"], start: firebaseScenario },
	{ provider: "auth0", hosts: ["cloudflare-worker", "vercel-function"], start: auth0TokenScenario },
	{ provider: "auth0", hosts: ["node"], start: auth0SessionScenario },
];
