import { startClerkBackend } from "@widget-token/test-kit/backends/clerk";
import { clerkUsers } from "@widget-token/test-kit/backends/clerk-users";
import { createRsaKey, startGoogleStandIn } from "@widget-token/test-kit/backends/firebase";
import { startSupabaseStandIn } from "@widget-token/test-kit/backends/supabase-standin";
import { deleteApp, initializeApp } from "firebase-admin/app";
import type { JWTPayload } from "jose";
import type { RecipeProvider } from "../../src/recipes/recipe.ts";
import { auth0SessionScenario, auth0TokenScenario } from "./auth0-scenarios.ts";
import { bearer, type ProviderScenario, page, type RequestHeaders } from "./scenario.ts";

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
