import { createTokenHandler, type TokenHandler, type TokenHandlerOptions } from "@widget-token/core";
import { isNextControlFlow } from "@widget-token/core/next";
import { type ClerkSubject, createClerkIdentify } from "./identify.ts";
import type { ClerkIdentifyOptions } from "./identify-options.ts";
import type { SessionClaimNames } from "./session-claims.ts";

export { type ClerkSubject, createClerkIdentify } from "./identify.ts";
export type { ClerkIdentifyOptions } from "./identify-options.ts";
export type { ClerkSessionClaims, SessionClaimNames } from "./session-claims.ts";

/** Options of {@link withClerkWidgetToken}: those of `createTokenHandler` and of `createClerkIdentify`. */
export interface ClerkWidgetTokenOptions<Names extends SessionClaimNames | undefined = undefined>
	extends Omit<TokenHandlerOptions<ClerkSubject<Names>>, "identify" | "rethrow">,
		ClerkIdentifyOptions<Names> {}

/**
 * The widget-token endpoint of a Next.js App Router app with Clerk.
 *
 * The route must be covered by `clerkMiddleware({ jwtKey, authorizedParties })` in `proxy.ts`: it verifies the session
 * token, and without `authorizedParties` nobody checks for which of your origins the token was issued. Do not call
 * `auth.protect()` for this route, it answers 404.
 *
 * `role` and `claims` get Clerk's user; `publicMetadata` and `privateMetadata` can be trusted, `unsafeMetadata` cannot.
 *
 * @throws WidgetTokenError at construction: `options_invalid` and what `createTokenHandler` throws.
 * @example
 * ```ts
 * // app/api/widget-token/route.ts
 * import { withClerkWidgetToken } from "@widget-token/clerk";
 * import { bestChatBot } from "@widget-token/widgets";
 *
 * export const GET = withClerkWidgetToken({ widget: bestChatBot });
 * ```
 */
export function withClerkWidgetToken<Names extends SessionClaimNames | undefined = undefined>(
	options: ClerkWidgetTokenOptions<Names>,
): TokenHandler {
	return createTokenHandler<ClerkSubject<Names>>({ ...options, identify: createClerkIdentify<Names>(options), rethrow: isNextControlFlow });
}
