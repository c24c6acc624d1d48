import { auth, currentUser, type User } from "@clerk/nextjs/server";
import { type Identify, WidgetTokenError } from "@widget-token/core";
import type { ClerkIdentifyOptions } from "./identify-options.ts";
import type { ClerkAuthState } from "./session.ts";
import type { ClerkSessionClaims, SessionClaimNames } from "./session-claims.ts";
import { createSessionIdentify } from "./session-identify.ts";

/** What `role` and `claims` get: Clerk's user, or the session's claims where `sessionClaims` is given. */
export type ClerkSubject<Names> = [Names] extends [undefined] ? User : ClerkSessionClaims;

/**
 * Reads the signed-in user of a Next.js App Router request: `auth()`, then one request of `currentUser()`.
 *
 * Give `createTokenHandler` also `rethrow: isNextControlFlow`; `withClerkWidgetToken` does so itself.
 *
 * @throws WidgetTokenError at construction: `options_invalid`. For each request: `credential_invalid`,
 * `credential_expired`, `client_refused`, `session_pending`, `user_impersonated`, `user_disabled`,
 * `provider_misconfigured`, `provider_unavailable` (with the backend's `Retry-After`).
 * @example
 * ```ts
 * import { createClerkIdentify } from "@widget-token/clerk";
 * import { createTokenHandler } from "@widget-token/core";
 * import { isNextControlFlow } from "@widget-token/core/next";
 * import { hilal } from "@widget-token/widgets";
 *
 * export const GET = createTokenHandler({ widget: hilal, identify: createClerkIdentify(), rethrow: isNextControlFlow });
 * ```
 */
export function createClerkIdentify<Names extends SessionClaimNames | undefined = undefined>(
	options: ClerkIdentifyOptions<Names> = {},
): Identify<ClerkSubject<Names>> {
	return createSessionIdentify({ authenticate: readAuth, getUser: () => currentUser() }, options) as Identify<ClerkSubject<Names>>;
}

async function readAuth(): Promise<ClerkAuthState> {
	try {
		const session = await auth();
		const { authStatus, authReason } = session.debug();
		return { status: authStatus, reason: authReason, session };
	} catch (error) {
		throw readAuthError(error);
	}
}

// auth() throws plain errors; those that explain a mistake in the set-up begin with "Clerk:", Next's own do not.
function readAuthError(error: unknown): unknown {
	if (!(error instanceof Error) || !error.message.startsWith("Clerk:")) return error;
	const [sentence = ""] = error.message.split("\n");
	const detail = /clerkMiddleware\(\)|did not run/.test(sentence)
		? "clerkMiddleware() did not run; export it from proxy.ts (middleware.ts before Next.js 16) beside the app folder, with a `matcher` that covers this route"
		: sentence;
	return new WidgetTokenError("provider_misconfigured", { detail, cause: error });
}
