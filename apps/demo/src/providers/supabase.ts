import type { Session, SupabaseClient } from "@supabase/supabase-js";
import { createClient } from "@supabase/supabase-js";
import { type SupabaseBackend, startSupabaseBackend } from "@widget-token/test-kit/backends/supabase";
import { type SupabaseStandIn, startSupabaseStandIn } from "@widget-token/test-kit/backends/supabase-standin";
import { type RunningApp, startDenoApp } from "../apps.ts";
import type { ProcessGroups } from "../process-groups.ts";
import { type Provider, type RequestHeaders, type RunningBackend, type SignIn, signedOut } from "./provider.ts";

const app = "apps/supabase-edge";
const email = "Ada@Example.com";
const password = "correct horse battery staple";

type Env = Readonly<Record<string, string>>;

export const supabase: Provider = {
	id: "supabase",
	name: "Supabase",
	backend: "Supabase Lite",
	app,
	route: `${app}/src/index.ts`,
	async startBackend(): Promise<RunningBackend> {
		// Supabase Lite knows neither anonymous users nor sessions without a confirmed address; the stand-in does.
		const [lite, standIn] = await Promise.all([startSupabaseBackend(), startSupabaseStandIn()]);
		return {
			close: async () => void (await Promise.all([lite.close(), standIn.close()])),
			async startApp(groups, vendorEnv) {
				const [project, other] = await Promise.all([
					startFunction(groups, { ...vendorEnv, SUPABASE_URL: lite.url, SUPABASE_PUBLISHABLE_KEY: lite.publishableKey }),
					startFunction(groups, { ...vendorEnv, SUPABASE_URL: standIn.url, SUPABASE_PUBLISHABLE_KEY: standIn.keys.publishable }),
				]);
				await signUpAda(lite);
				return {
					address: project.address,
					endpoint: project.address,
					hint: "answers to an access token, and has no page",
					programs: [project.program, other.program],
					signIn: () => signIn(lite),
					refusals: {
						"signed out": signedOut,
						"anonymous user": { status: 403, code: "user_anonymous", endpoint: other.address, headers: () => signInAnonymously(standIn) },
						"unverified e-mail": {
							status: 403,
							code: "email_unverified",
							endpoint: other.address,
							headers: () => signInUnverified(standIn),
						},
						impersonation: "no impersonation",
						"backend down": {
							status: 503,
							code: "provider_unavailable",
							headers: async () => (await signIn(lite)).headers,
							breakBackend: async () => {
								await lite.fail();
								return lite.restore;
							},
						},
					},
				};
			},
		};
	},
};

function startFunction(groups: ProcessGroups, env: Env & { readonly SUPABASE_URL: string }): Promise<RunningApp> {
	return startDenoApp(groups, app, "src/index.ts", new URL(env.SUPABASE_URL).host, env);
}

async function signUpAda(lite: SupabaseBackend): Promise<void> {
	const { user } = await lite.signUp(lite.client(), { email, password, data: { full_name: "Ada" } });
	await lite.addAppMetadata(user.id, { role: "admin" });
}

async function signIn(lite: SupabaseBackend): Promise<SignIn> {
	const session = read(await lite.client().auth.signInWithPassword({ email, password }));
	return {
		user: { id: session.user.id, email, name: "Ada", role: "admin" },
		headers: bearer(session),
		credentials: [session.access_token, session.refresh_token],
	};
}

async function signInAnonymously(standIn: SupabaseStandIn): Promise<RequestHeaders> {
	return bearer(read(await visit(standIn).auth.signInAnonymously()));
}

async function signInUnverified(standIn: SupabaseStandIn): Promise<RequestHeaders> {
	const grace = standIn.createUser({ email: "grace@example.com", user_metadata: { full_name: "Grace" } });
	return bearer(read(await visit(standIn).auth.signInWithPassword({ email: grace.email, password: grace.password })));
}

function visit({ url, keys }: SupabaseStandIn): SupabaseClient {
	return createClient(url, keys.publishable, { auth: { persistSession: false, autoRefreshToken: false } });
}

function read({ data, error }: { readonly data: { readonly session: Session | null }; readonly error: Error | null }): Session {
	if (error !== null) throw error;
	if (data.session === null) throw new Error("Supabase's sign-in opened no session");
	return data.session;
}

function bearer({ access_token }: Session): RequestHeaders {
	return { authorization: `Bearer ${access_token}` };
}
