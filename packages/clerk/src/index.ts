import type { User } from "@clerk/nextjs/server";
import { createTokenHandler, type TokenHandler, type TokenHandlerOptions } from "@widget-token/core";
import { type ClerkClaimsIdentifyOptions, type ClerkIdentifyOptions, createClerkIdentify } from "./identify.ts";
import { isNextControlFlow } from "./next-control-flow.ts";
import type { ClerkSessionClaims } from "./session-claims.ts";

export { type ClerkClaimsIdentifyOptions, type ClerkIdentifyOptions, createClerkIdentify } from "./identify.ts";
export type { ClerkSessionClaims, SessionClaimNames } from "./session-claims.ts";

type HandlerOptions<U> = Omit<TokenHandlerOptions<U>, "identify" | "rethrow">;

/** Options of {@link withClerkWidgetToken}: those of `createTokenHandler` and of `createClerkIdentify`. */
export interface ClerkWidgetTokenOptions extends HandlerOptions<User>, ClerkIdentifyOptions {
	readonly sessionClaims?: undefined;
}

/** Options of {@link withClerkWidgetToken} that read the user from the session token alone. */
export interface ClerkClaimsWidgetTokenOptions extends HandlerOptions<ClerkSessionClaims>, ClerkClaimsIdentifyOptions {}

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
export function withClerkWidgetToken(options: ClerkClaimsWidgetTokenOptions): TokenHandler;
export function withClerkWidgetToken(options: ClerkWidgetTokenOptions): TokenHandler;
export function withClerkWidgetToken(options: ClerkClaimsWidgetTokenOptions | ClerkWidgetTokenOptions): TokenHandler {
	if (options.sessionClaims === undefined) return createTokenHandler<User>({ ...options, identify: createClerkIdentify(options), rethrow: isNextControlFlow });
	return createTokenHandler<ClerkSessionClaims>({ ...options, identify: createClerkIdentify(options), rethrow: isNextControlFlow });
}
