import { type CookieOptionsWithName, createServerClient, isChunkLike } from "@supabase/ssr";
import type { AuthClient } from "@supabase/supabase-js";
import { createTokenHandler, type Identify, type TokenHandler, WidgetTokenError } from "@widget-token/core";
import { isNextControlFlow } from "@widget-token/core/next";
import { readAccessToken } from "./access-token.ts";
import { type Backend, connectBackend, readBackendError, withinTime } from "./backend.ts";
import type { SupabaseWidgetTokenOptions } from "./edge-function.ts";
import { checkIdentifyOptions, type SupabaseMode, type SupabaseUser, verifyAccessToken } from "./identify.ts";
import { readProject, type SupabaseProject } from "./project.ts";
import { type CookieStore, createSessionCookies, type SessionCookies } from "./session-cookies.ts";

export type { SupabaseIdentifyOptions, SupabaseMode, SupabaseUser } from "./identify.ts";
export type { CookieStore } from "./session-cookies.ts";

/** Options of {@link withSupabaseWidgetToken}, for sessions that `@supabase/ssr` keeps in cookies. */
export interface SupabaseCookieWidgetTokenOptions<Mode extends SupabaseMode = "getUser"> extends SupabaseWidgetTokenOptions<Mode> {
	/** The framework's cookies, such as `cookies` of `next/headers`. Default: the request's `Cookie` and the response's `Set-Cookie` header. */
	readonly cookies?: (() => CookieStore | Promise<CookieStore>) | undefined;
	/** The app's own `cookieOptions` of `createServerClient`, when it has any. */
	readonly cookieOptions?: CookieOptionsWithName | undefined;
}

/**
 * The token endpoint for Supabase sessions in cookies: Next.js, SvelteKit, Remix, Hono and other hosts that render on the server.
 *
 * The session comes from `createServerClient`; its access token is verified as a bearer token would be. When the SDK
 * refreshes the session, the new cookies and the headers against caches are on the response. `tokenFor()` in a Server
 * Component needs the option `cookies`, and cannot write a refreshed session: keep Supabase's `proxy.ts` before it.
 *
 * Import path: `@widget-token/supabase/ssr`.
 *
 * @throws WidgetTokenError at construction, as `createTokenHandler` does. For each request: the codes of `createSupabaseIdentify`.
 * @example
 * ```ts
 * // app/api/widget-token/route.ts
 * import { withSupabaseWidgetToken } from "@widget-token/supabase/ssr";
 * import { bestChatBot } from "@widget-token/widgets";
 *
 * export const GET = withSupabaseWidgetToken({ widget: bestChatBot });
 * ```
 */
export function withSupabaseWidgetToken<Mode extends SupabaseMode = "getUser">(
	options: SupabaseCookieWidgetTokenOptions<Mode>,
): TokenHandler {
	const frozen = checkIdentifyOptions(options);
	const cookiesOf = new WeakMap<Request, SessionCookies>();

	const identify: Identify<SupabaseUser<Mode>> = async (request, { signal }) => {
		const store = await readStore(frozen.cookies);
		const cookies = createSessionCookies(request, store);
		cookiesOf.set(request, cookies);
		if (cookies.names.length === 0) return null;

		const project = readProject(frozen);
		const backend = connectBackend(signal);
		const { auth } = createServerClient(project.url, project.key, {
			cookies: cookies.methods,
			global: { fetch: backend.fetch },
			...(frozen.cookieOptions && { cookieOptions: frozen.cookieOptions }),
		});
		const text = await readSessionToken(auth, backend);
		if (text === undefined) {
			refuseUnreadableSession(cookies, sessionCookieName(project, frozen.cookieOptions));
			return null;
		}
		const token = readAccessToken(text, project.key);
		return token && verifyAccessToken({ auth, token, project, backend, options: frozen });
	};

	const rethrow = (error: unknown): boolean => isNextControlFlow(error) || frozen.rethrow?.(error) === true;
	const handler = createTokenHandler<SupabaseUser<Mode>>({ ...frozen, identify, rethrow });
	return Object.assign(
		async (request: Request) => {
			const response = await handler(request);
			return cookiesOf.get(request)?.applyTo(response) ?? response;
		},
		{ tokenFor: handler.tokenFor },
	);
}

type SessionReader = Pick<InstanceType<typeof AuthClient>, "getSession">;

// getSession only hands over (and refreshes) what the cookies hold, and nothing of it is believed: the access token
// goes through the same verification as a bearer token.
async function readSessionToken(auth: SessionReader, backend: Backend): Promise<string | undefined> {
	try {
		const { data, error } = await withinTime(backend.signal, auth.getSession());
		if (error !== null) throw error;
		return data.session?.access_token;
	} catch (error) {
		throw readBackendError(error, backend);
	}
}

function sessionCookieName({ url }: SupabaseProject, cookieOptions: CookieOptionsWithName | undefined): string {
	// As the constructor of SupabaseClient derives it (@supabase/supabase-js 2.119).
	return cookieOptions?.name ?? `sb-${new URL(url).hostname.split(".")[0]}-auth-token`;
}

function refuseUnreadableSession({ names }: SessionCookies, cookieName: string): void {
	if (names.some((name) => isChunkLike(name, cookieName)))
		throw new WidgetTokenError("credential_invalid", { detail: "the session cookie cannot be read" });
}

async function readStore(cookies: SupabaseCookieWidgetTokenOptions["cookies"]): Promise<CookieStore | undefined> {
	try {
		return await cookies?.();
	} catch (cause) {
		if (isNextControlFlow(cause)) throw cause;
		throw new WidgetTokenError("provider_misconfigured", {
			detail: "the option `cookies` failed",
			remedy: "Pass `cookies` of next/headers itself, and call it within a request.",
			cause,
		});
	}
}
