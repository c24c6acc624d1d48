import { createChunks, stringToBase64URL } from "@supabase/ssr";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { TokenHandler, TokenHandlerOptions } from "@widget-token/core";
import { type SupabaseMode, withSupabaseWidgetToken } from "@widget-token/supabase";
import { withSupabaseWidgetToken as withCookies } from "@widget-token/supabase/ssr";
import {
	type StandInSession,
	type StandInUser,
	type SupabaseStandIn,
	startSupabaseStandIn,
} from "@widget-token/test-kit/backends/supabase-standin";
import type { ProviderFixtures, ProviderSetup, Scenario, ScenarioName } from "@widget-token/test-kit/provider-suite";
import { bestChatBot, hilal } from "@widget-token/widgets";

/** Where the session is, how it is verified, and how the project signs. */
export interface Way {
	readonly credential: "bearer" | "cookie";
	readonly mode: SupabaseMode;
	readonly algorithm: "ES256" | "HS256";
}

/** An endpoint in front of a project; `impatient` answers after a second without Supabase. */
interface Endpoint {
	readonly address: string;
	readonly patient: (request: Request) => Promise<Response>;
	readonly impatient: (request: Request) => Promise<Response>;
	/** What a process of its own has written. */
	output?(): string;
	close(): Promise<void>;
}

/** Builds the endpoint of a way. */
type Serve = (way: Way, backend: SupabaseStandIn, setup: ProviderSetup) => Promise<Endpoint>;

type Credential = Readonly<Record<string, string>>;

const confirmed = "2026-01-02T03:04:05Z";

/** The `Cookie` header of a session, as `@supabase/ssr` writes it in the browser. */
export function sessionCookie(backend: { readonly url: string }, session: object): string {
	const name = `sb-${new URL(backend.url).hostname.split(".")[0]}-auth-token`;
	const chunks = createChunks(name, `base64-${stringToBase64URL(JSON.stringify(session))}`);
	return chunks.map((chunk) => `${chunk.name}=${chunk.value}`).join("; ");
}

/** A client as a visitor's browser has it. */
export function visitor(backend: SupabaseStandIn): SupabaseClient {
	return createClient(backend.url, backend.keys.publishable, { auth: { persistSession: false, autoRefreshToken: false } });
}

/** The handler under test; what differs between the ways is the entry and the mode. */
function createHandler(way: Way, backend: SupabaseStandIn, options: Partial<TokenHandlerOptions>): TokenHandler {
	const project = { supabaseUrl: backend.url, supabaseKey: backend.keys.publishable, mode: way.mode };
	const all = { widgets: [bestChatBot, hilal], ...project, ...options } as Parameters<typeof withSupabaseWidgetToken>[0];
	return way.credential === "cookie" ? withCookies(all) : withSupabaseWidgetToken(all);
}

// A busy machine takes its time for 500 requests; only a backend that never answers has to be waited for.
const inProcess: Serve = async (way, backend, { keys, onEvent }) => {
	const create = (timeoutSeconds: number): TokenHandler =>
		createHandler(way, backend, { env: keys.env, onEvent, timeoutSeconds, allowUnverifiedEmail: way.mode === "getClaims" });
	return { address: "https://app.example.com/api/widget-token", patient: create(60), impatient: create(1), close: async () => undefined };
};

/** What the provider suite needs of one way to read Supabase's users. */
export function supabaseFixtures(
	way: Way,
	name = `supabase (${way.credential}, ${way.mode}, ${way.algorithm})`,
	serve: Serve = inProcess,
): ProviderFixtures {
	// With an asymmetric key the claims are verified without asking, so what only Supabase Auth knows is not seen.
	const offline = way.mode === "getClaims" && way.algorithm === "ES256";
	return {
		name,
		notApplicable: {
			impersonated: "Supabase Auth has no impersonation",
			wrongTenant: "a project has one tenant",
			wrongAuthorizedParty: "the tokens name no authorized party",
			emulatorInProduction: "no setting of Supabase makes unsigned tokens pass",
			...(way.mode === "getClaims" && { unverifiedEmail: "claims do not say whether the address is verified: see claims.test.ts" }),
			...(offline && {
				disabled: "a ban is seen when the token expires: see claims.test.ts",
				revoked: "a sign-out is seen when the token expires: see claims.test.ts",
				pendingSession: "claims do not say whether the user has a second factor",
			}),
			...(way.credential === "cookie" && { serviceToken: "no session has it: see ssr.test.ts" }),
		},
		start: async (setup) => {
			const backend = await startSupabaseStandIn({ algorithm: way.algorithm });
			const other = await startSupabaseStandIn({ algorithm: way.algorithm });
			const { address, patient, impatient, output, close } = await serve(way, backend, setup);
			let fetch = patient;
			const credentials: string[] = [];
			const present = async (session: Pick<StandInSession, "access_token"> & Partial<StandInSession>): Promise<Credential> => {
				credentials.push(session.access_token, ...(session.refresh_token === undefined ? [] : [session.refresh_token]));
				if (way.credential === "bearer") return { authorization: `Bearer ${session.access_token}` };
				const whole = {
					refresh_token: "of-no-session",
					token_type: "bearer",
					expires_in: 3600,
					expires_at: Math.floor(Date.now() / 1000) + 3600,
					user: {},
					...session,
				};
				return { cookie: sessionCookie(backend, whole) };
			};
			const verified = (user: Partial<StandInUser> = {}): StandInUser =>
				backend.createUser({ email: "ada@example.com", email_confirmed_at: confirmed, ...user });
			const signIn = async (user: StandInUser, options?: Parameters<SupabaseStandIn["signIn"]>[1]): Promise<Credential> =>
				present(await backend.signIn(user, options));
			const failing = (failure: Parameters<SupabaseStandIn["fail"]>[0]) => () => {
				backend.fail(failure);
				if (failure === "slow") fetch = impatient;
				return () => {
					backend.restore();
					fetch = patient;
				};
			};
			const outage = (failure: Parameters<SupabaseStandIn["fail"]>[0], outcome: string): Scenario => ({
				headers: async () => {
					const headers = await signIn(verified());
					if (offline) await fetch(new Request(`${address}?widget=hilal`, { headers }));
					return headers;
				},
				prepare: failing(failure),
				outcome: offline ? "token" : outcome,
			});
			const text = (accessToken: string): Promise<Credential> => present({ access_token: accessToken });

			const scenarios: Partial<Record<ScenarioName, Scenario>> = {
				signedOut: { headers: async () => ({}), outcome: "signed_out" },
				verified: { headers: () => signIn(verified()), outcome: "token" },
				unverifiedEmail: { headers: () => signIn(backend.createUser({ email: "grace@example.com" })), outcome: "email_unverified" },
				forgedMetadata: {
					headers: async () => {
						const user = verified({ email: "mary@example.com" });
						const client = visitor(backend);
						await client.auth.signInWithPassword({ email: user.email, password: user.password });
						const data = {
							email: "root@example.com",
							email_verified: true,
							role: "superuser",
							sub: "another-user",
							app_metadata: { role: "superuser" },
						};
						const { error } = await client.auth.updateUser({ data });
						if (error) throw error;
						return signIn(user);
					},
					forgedText: ["root@example.com", "superuser", "another-user"],
					outcome: "token",
				},
				anonymous: {
					headers: async () => {
						const { data } = await visitor(backend).auth.signInAnonymously();
						return present(data.session as unknown as StandInSession);
					},
					outcome: "user_anonymous",
				},
				disabled: {
					headers: async () => {
						const user = verified();
						const headers = await signIn(user);
						backend.ban(user);
						return headers;
					},
					outcome: "user_disabled",
				},
				revoked: {
					headers: async () => {
						const user = verified();
						const headers = await signIn(user);
						backend.endSessions(user);
						return headers;
					},
					outcome: "credential_expired",
				},
				pendingSession: {
					headers: () => signIn(verified({ factors: [{ id: "f_1", factor_type: "totp", status: "verified" }] })),
					outcome: "session_pending",
				},
				oauthClientToken: { headers: () => signIn(verified(), { claims: { client_id: "an-oauth-client" } }), outcome: "client_refused" },
				serviceToken: { headers: () => text(backend.keys.serviceRole), outcome: "client_refused" },
				wrongAudience: { headers: () => signIn(verified(), { claims: { aud: "another-audience" } }), outcome: "credential_invalid" },
				wrongIssuer: {
					headers: async () => present(await other.signIn(other.createUser({ email: "ada@example.com", email_confirmed_at: confirmed }))),
					outcome: "credential_invalid",
				},
				expired: {
					headers: async () => {
						const user = verified();
						const headers = await signIn(user, { expiresInSeconds: -60 });
						// A cookie's session would be refreshed, so its refresh token has to be dead as well.
						if (way.credential === "cookie") backend.endSessions(user);
						return headers;
					},
					outcome: "credential_expired",
				},
				forged: {
					headers: async () => text(await backend.tokens.forge.otherKey(backend.claims(verified()))),
					outcome: "credential_invalid",
				},
				algNone: { headers: () => text(backend.tokens.forge.algNone(backend.claims(verified()))), outcome: "credential_invalid" },
				garbled: { headers: () => text("this is no token"), outcome: "credential_invalid" },
				emptyToken: {
					headers: async () => (way.credential === "bearer" ? { authorization: "Bearer " } : text("")),
					outcome: "credential_invalid",
				},
				backendSlow: outage("slow", "provider_timeout"),
				backendDown: outage("down", "provider_unavailable"),
				backendTooManyRequests: outage("rate-limited", "provider_unavailable"),
				backendHtml: outage("html", "provider_unavailable"),
			};

			return {
				endpoint: address,
				fetch: (request) => fetch(request),
				scenarios,
				signInMany: (count) =>
					Promise.all(
						Array.from({ length: count }, async (_, index) => {
							const user = verified({ email: `user-${index}@example.com` });
							return { id: user.id, headers: await signIn(user) };
						}),
					),
				signInAs: async ({ id, email }) => ({ id, email, headers: await signIn(verified({ id, email })) }),
				credentials: () => credentials,
				close: async () => {
					await close();
					const log = output?.() ?? "";
					if (credentials.some((credential) => credential.length >= 16 && log.includes(credential)))
						throw new Error("a credential was written to the log");
					await Promise.all([backend.close(), other.close()]);
				},
			};
		},
	};
}
