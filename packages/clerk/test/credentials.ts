import type { ClerkBackend, ClerkFailure } from "@widget-token/test-kit/backends/clerk";
import type { ClerkTokenOptions } from "@widget-token/test-kit/backends/clerk-tokens";
import { clerkTokenCategory } from "@widget-token/test-kit/backends/clerk-tokens";
import { type ClerkSeedUser, clerkUsers } from "@widget-token/test-kit/backends/clerk-users";
import type { ProviderUnderTest, Scenario, ScenarioName } from "@widget-token/test-kit/provider-suite";

type Headers = Readonly<Record<string, string>>;

/** Issues credentials of a Clerk instance and remembers each, so that a test can look for them where they must not be. */
export interface Credentials {
	/** The headers of a browser with Clerk's cookies. */
	cookie(user: ClerkSeedUser, options?: ClerkTokenOptions): Promise<Headers>;
	/** The headers of a script that sends the session token. */
	bearer(user: ClerkSeedUser, options?: ClerkTokenOptions): Promise<Headers>;
	issued(): readonly string[];
}

export function createCredentials(backend: ClerkBackend): Credentials {
	const issued: string[] = [backend.secretKey, ...Object.values(backend.machineTokens).filter((token) => typeof token === "string")];
	const remember = async (user: ClerkSeedUser, options?: ClerkTokenOptions) => {
		const session = await backend.createSession(user, options);
		issued.push(session.token);
		return session;
	};
	return {
		cookie: async (user, options) => ({ cookie: (await remember(user, options)).cookie }),
		bearer: async (user, options) => ({ authorization: `Bearer ${(await remember(user, options)).token}` }),
		issued: () => issued,
	};
}

/** What Clerk has no notion of. */
export const notApplicable: Readonly<Partial<Record<ScenarioName, string>>> = {
	anonymous: "Clerk has no anonymous users",
	revoked: "a session token lives for a minute and the session behind it is not looked up; a deleted user is tested apart",
	wrongTenant: "an instance is one tenant, and its organizations share one token",
	wrongAudience: "session tokens have no `aud`; `azp` stands for it",
	emulatorInProduction: "the SDK has no emulator switch",
};

/** The scenarios of the shared suite. */
export function createScenarios(backend: ClerkBackend, credentials: Credentials): Readonly<Partial<Record<ScenarioName, Scenario>>> {
	const { ada, grace, barbara, alan } = clerkUsers;
	const failing = (failure: ClerkFailure, outcome: string): Scenario => ({
		headers: () => credentials.cookie(ada),
		outcome,
		prepare: () => {
			backend.fail(failure);
			return () => backend.restore();
		},
	});
	const presented = (headers: () => Promise<Headers>, outcome: string): Scenario => ({ headers, outcome });
	const opaque = (token: string) => async () => ({ authorization: `Bearer ${token}` });

	return {
		signedOut: presented(async () => ({}), "signed_out"),
		verified: presented(() => credentials.cookie(ada), "token"),
		unverifiedEmail: presented(() => credentials.cookie(grace), "email_unverified"),
		forgedMetadata: { headers: () => credentials.cookie(barbara), outcome: "token", forgedText: ["ada", "admin"] },
		impersonated: presented(() => credentials.cookie(ada, { claims: { act: { sub: "user_support" } } }), "user_impersonated"),
		disabled: presented(() => credentials.cookie(alan), "user_disabled"),
		pendingSession: presented(() => credentials.cookie(ada, { claims: { sts: "pending" } }), "session_pending"),
		oauthClientToken: presented(opaque(backend.machineTokens.oauth), "client_refused"),
		serviceToken: presented(opaque(backend.machineTokens.machine), "client_refused"),
		// Each instance signs with a key of its own.
		wrongIssuer: presented(
			() => credentials.bearer(ada, { key: "attacker", header: { kid: "ins_other" }, claims: { iss: "https://clerk.other.test" } }),
			"credential_invalid",
		),
		wrongAuthorizedParty: presented(() => credentials.cookie(ada, { authorizedParty: "https://evil.example.com" }), "credential_invalid"),
		expired: presented(() => credentials.cookie(ada, { lifetimeSeconds: -60 }), "credential_expired"),
		forged: presented(() => credentials.bearer(ada, { key: "attacker" }), "credential_invalid"),
		algNone: presented(() => credentials.bearer(ada, { key: "none" }), "credential_invalid"),
		garbled: presented(opaque("no.session.token"), "credential_invalid"),
		emptyToken: presented(opaque(""), "credential_invalid"),
		backendSlow: failing("slow", "provider_timeout"),
		backendDown: failing("down", "provider_unavailable"),
		backendTooManyRequests: failing("rate-limited", "provider_unavailable"),
		backendHtml: failing("html", "provider_unavailable"),
	};
}

/** Credentials beyond the shared suite, each with what the endpoint answers. */
export function createFurtherCases(
	backend: ClerkBackend,
	credentials: Credentials,
): readonly (readonly [name: string, headers: () => Promise<Headers>, outcome: string])[] {
	const { ada, edith, mary } = clerkUsers;
	const template = { header: { cat: clerkTokenCategory.jwtTemplate }, claims: { sid: undefined } };
	return [
		["a verified user's bearer token", () => credentials.bearer(ada), "token"],
		[
			"a version 1 session token",
			() => credentials.bearer(ada, { claims: { v: undefined, o: undefined, sts: undefined, org_id: "org_north", org_role: "org:admin" } }),
			"token",
		],
		["a locked user", () => credentials.cookie(edith), "user_disabled"],
		["a user without an address", () => credentials.cookie(mary), "claim_missing"],
		[
			"an agent that acts as the user, as a bearer token",
			() => credentials.bearer(ada, { claims: { act: { sub: "agent_1", type: "agent" } } }),
			"user_impersonated",
		],
		["an empty actor", () => credentials.cookie(ada, { claims: { act: {} } }), "user_impersonated"],
		["a pending session, as a bearer token", () => credentials.bearer(ada, { claims: { sts: "pending" } }), "session_pending"],
		["a session status that nobody knows", () => credentials.bearer(ada, { claims: { sts: "frozen" } }), "session_pending"],
		["a token of a JWT template", () => credentials.bearer(ada, template), "client_refused"],
		["a token of a JWT template in the cookie", () => credentials.cookie(ada, template), "client_refused"],
		[
			"a template's token without its mark",
			() => credentials.bearer(ada, { ...template, header: { cat: clerkTokenCategory.ignored } }),
			"client_refused",
		],
		["an API key", async () => ({ authorization: `Bearer ${backend.machineTokens.apiKey}` }), "client_refused"],
		[
			"an API key beside a user's cookies",
			async () => ({ ...(await credentials.cookie(ada)), authorization: `Bearer ${backend.machineTokens.apiKey}` }),
			"client_refused",
		],
		["a token without azp", () => credentials.cookie(ada, { claims: { azp: undefined } }), "credential_invalid"],
		[
			"a token of the future",
			() => credentials.bearer(ada, { claims: { nbf: 4_000_000_000, iat: 4_000_000_000, exp: 4_000_000_060 } }),
			"credential_invalid",
		],
		["a token that is older than the sign-in", async () => later(await credentials.cookie(ada)), "credential_expired"],
		["a session cookie after the sign-out", async () => signedOut(await credentials.cookie(ada)), "signed_out"],
		[
			"another instance's session cookie on the same host",
			() => credentials.cookie(ada, { key: "attacker", claims: { iss: "https://clerk.other.test" } }),
			"signed_out",
		],
		["a forged session cookie", () => credentials.cookie(ada, { key: "attacker" }), "credential_invalid"],
		["an unsigned session cookie", () => credentials.cookie(ada, { key: "none" }), "credential_invalid"],
		[
			"a session cookie of another vendor",
			async () => ({ cookie: "__session=eyJhbGciOiJkaXIifQ..aXY.Y3Q.dGFn; __client_uat=1; __clerk_db_jwt=browser" }),
			"credential_invalid",
		],
	];
}

/** Signs users in who exist only for one test. */
export async function signInMany(
	backend: ClerkBackend,
	credentials: Credentials,
	count: number,
): ReturnType<ProviderUnderTest["signInMany"]> {
	return Promise.all(
		Array.from({ length: count }, async (_, index) => {
			const user = await backend.addUser({ id: "", email: `user-${index}@example.com`, firstName: `User ${index}` });
			return { id: user.id, headers: index % 2 === 0 ? await credentials.cookie(user) : await credentials.bearer(user) };
		}),
	);
}

/** Signs a user in who has that address; Clerk chooses the id. */
export async function signInAs(
	backend: ClerkBackend,
	credentials: Credentials,
	{ email }: Parameters<ProviderUnderTest["signInAs"]>[0],
): ReturnType<ProviderUnderTest["signInAs"]> {
	const user = await backend.addUser({ id: "", email, firstName: "Kate" });
	return { id: user.id, email, headers: await credentials.bearer(user) };
}

function later({ cookie = "" }: Headers): Headers {
	return { cookie: cookie.replace("__client_uat=1", "__client_uat=4000000000") };
}

function signedOut({ cookie = "" }: Headers): Headers {
	return { cookie: cookie.replace("__client_uat=1", "__client_uat=0") };
}
