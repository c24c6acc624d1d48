import type { Session, SupabaseClient } from "@supabase/supabase-js";
import { createClient } from "@supabase/supabase-js";
import { type SupabaseBackend, startSupabaseBackend } from "@widget-token/test-kit/backends/supabase";
import { type SupabaseStandIn, startSupabaseStandIn } from "@widget-token/test-kit/backends/supabase-standin";
import { findFreePort, type RunningApp, startDenoApp } from "../apps.ts";
import type { ProcessGroups } from "../process-groups.ts";
import { type Provider, type RequestHeaders, type RunningBackend, type SignIn, signedOut } from "./provider.ts";

const app = "apps/supabase-edge";
const password = "correct horse battery staple";
const users = {
	ada: { name: "Ada", email: "Ada@Example.com", password },
	joan: { name: "Joan", email: "joan@example.com", password },
} as const;

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
				// The function lets the site in, and the site asks the function: one of the two addresses has to be chosen beforehand.
				const sitePort = await findFreePort("127.0.0.1");
				const siteEnv = { ...vendorEnv, APP_ORIGIN: `http://127.0.0.1:${sitePort}` };
				const liteEnv = { SUPABASE_URL: lite.url, SUPABASE_PUBLISHABLE_KEY: lite.publishableKey };
				const [project, other] = await Promise.all([
					startFunction(groups, { ...siteEnv, ...liteEnv }),
					startFunction(groups, { ...siteEnv, SUPABASE_URL: standIn.url, SUPABASE_PUBLISHABLE_KEY: standIn.keys.publishable }),
				]);
				const endpoint = `${project.address}/functions/v1/widget-token`;
				const site = await startDenoApp(groups, app, "src/server.ts", ["--allow-net=127.0.0.1", "--allow-read=dist"], {
					...liteEnv,
					SANDBOX_URL: vendorEnv["SANDBOX_URL"] ?? "",
					PORT: String(sitePort),
					WIDGET_TOKEN_URL: endpoint,
					DEMO_USERS: JSON.stringify(Object.values(users)),
				});
				await signUp(lite, users.ada, "admin");
				await signUp(lite, users.joan, "user");
				return {
					address: site.address,
					endpoint,
					hint: `signs in with Supabase's SDK; its edge function is at ${endpoint}`,
					signInAddress: `${site.address}/#sign-in=Ada`,
					programs: [site.program, project.program, other.program],
					signIn: () => signIn(lite),
					refusals: {
						"signed out": signedOut,
						"anonymous user": { status: 403, code: "user_anonymous", endpoint: other.address, headers: () => signInAnonymously(standIn) },
						"unverified email": {
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
	return startDenoApp(groups, app, "src/index.ts", [`--allow-net=127.0.0.1:0,${new URL(env.SUPABASE_URL).host}`], env);
}

async function signUp(lite: SupabaseBackend, { name, email }: (typeof users)[keyof typeof users], role: string): Promise<void> {
	const { user } = await lite.signUp(lite.client(), { email, password, data: { full_name: name } });
	await lite.addAppMetadata(user.id, { role });
}

async function signIn(lite: SupabaseBackend): Promise<SignIn> {
	const { email } = users.ada;
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
