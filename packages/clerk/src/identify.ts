import { auth, currentUser, type User } from "@clerk/nextjs/server";
import { type Identify, WidgetTokenError } from "@widget-token/core";
import { isNextControlFlow } from "./next-control-flow.ts";
import { type ClerkAuthState, readSession } from "./session.ts";
import { checkSessionClaimNames, type ClerkSessionClaims, readSessionClaims, type SessionClaimNames } from "./session-claims.ts";
import { fetchUser, readUser } from "./user.ts";

/** Options of {@link createClerkIdentify}. */
export interface ClerkIdentifyOptions {
	/** Gives tokens also to somebody who acts as the user, a support agent or an AI agent (`act`). Default: false. */
	readonly allowImpersonation?: boolean | undefined;
}

/** Options of {@link createClerkIdentify} that read the user from the session token alone. */
export interface ClerkClaimsIdentifyOptions extends ClerkIdentifyOptions {
	/** The custom session claims that stand for the user's fields. */
	readonly sessionClaims: SessionClaimNames;
}

/**
 * Reads the signed-in user of a Next.js App Router request: `auth()`, then one request of `currentUser()`.
 *
 * With `sessionClaims` there is no request: the session token's custom claims are read. A ban, a lock, a deletion and
 * a changed e-mail address are then not seen until the token is renewed, which Clerk does every minute.
 *
 * @throws WidgetTokenError at construction: `options_invalid`. For each request: `credential_invalid`,
 * `credential_expired`, `client_refused`, `session_pending`, `user_impersonated`, `user_disabled`,
 * `provider_misconfigured`, `provider_unavailable` (with the backend's `Retry-After`).
 * @example
 * ```ts
 * import { createClerkIdentify } from "@widget-token/clerk";
 * import { createTokenHandler } from "@widget-token/core";
 * import { hilal } from "@widget-token/widgets";
 *
 * export const GET = createTokenHandler({ widget: hilal, identify: createClerkIdentify() });
 * ```
 */
export function createClerkIdentify(options: ClerkClaimsIdentifyOptions): Identify<ClerkSessionClaims>;
export function createClerkIdentify(options?: ClerkIdentifyOptions): Identify<User>;
export function createClerkIdentify(options: Partial<ClerkClaimsIdentifyOptions> = {}): Identify<ClerkSessionClaims> | Identify<User> {
	const allowImpersonation = options.allowImpersonation === true;
	if (options.sessionClaims !== undefined) {
		const names = checkSessionClaimNames(options.sessionClaims);
		return async () => {
			const session = readSession(await readAuth(), allowImpersonation);
			return session && readSessionClaims(session, names);
		};
	}
	return async (_request, { signal }) => {
		const session = readSession(await readAuth(), allowImpersonation);
		if (session === null) return null;
		// The SDK takes no signal: all that can be kept from happening is a request that nobody waits for.
		signal.throwIfAborted();
		return readUser(await fetchUser(session, () => currentUser()), session);
	};
}

async function readAuth(): Promise<ClerkAuthState> {
	try {
		const session = await auth();
		const { authStatus, authReason } = session.debug();
		return { status: authStatus, reason: authReason, session };
	} catch (error) {
		throw isNextControlFlow(error) ? error : readAuthError(error);
	}
}

// What auth() throws are plain errors; each says what is wrong in a sentence that begins with "Clerk:".
const mistakes: readonly (readonly [RegExp, string])[] = [
	[/"use cache"/, 'auth() was called inside a function with "use cache"; ask for the token outside of it'],
	[/App Router/, "auth() was called outside a request of the App Router; call the handler from a route handler, tokenFor() from a Server Component"],
	[/decrypt|encryption/i, "the proxy and the route have different keys; give both the same CLERK_SECRET_KEY and CLERK_ENCRYPTION_KEY"],
	[/middleware|proxy/i, "clerkMiddleware() did not run; export it from proxy.ts (middleware.ts before Next.js 16) beside the app folder, with a `matcher` that covers this route"],
];

function readAuthError(error: unknown): unknown {
	if (!(error instanceof Error) || error instanceof WidgetTokenError) return error;
	const step = mistakes.find(([pattern]) => pattern.test(error.message))?.[1];
	return step === undefined ? error : new WidgetTokenError("provider_misconfigured", { detail: step, cause: error });
}
