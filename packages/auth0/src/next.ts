import { createTokenHandler, type TokenHandler, type TokenHandlerOptions } from "@widget-token/core";
import { isNextControlFlow } from "@widget-token/core/next";
import { type Auth0IdentifyOptions, createAuth0Identify } from "./identify.ts";

/** Options of {@link withAuth0WidgetToken}: the app's `Auth0Client`, and those of `createTokenHandler`. */
export interface Auth0WidgetTokenOptions<User extends object>
	extends Omit<TokenHandlerOptions<User>, "identify" | "rethrow" | "now">,
		Auth0IdentifyOptions<User> {}

/**
 * A Route Handler of the App Router that gives the user of an Auth0 session a token for a widget.
 *
 * `.tokenFor()` gives the token to a Server Component. Redirects and prerender bail-outs of Next pass through.
 *
 * Leave the route out of the `matcher` of `proxy.ts`: the SDK's middleware extends the session with every request that
 * passes through it, so a widget that renews its token in the background would keep an idle session alive.
 *
 * @throws WidgetTokenError at construction: what `createTokenHandler` and `createAuth0Identify` throw.
 * @example
 * ```ts
 * // app/api/widget-token/route.ts
 * import { Auth0Client } from "@auth0/nextjs-auth0/server";
 * import { withAuth0WidgetToken } from "@widget-token/auth0";
 * import { bestChatBot } from "@widget-token/widgets";
 *
 * const auth0 = new Auth0Client();
 * export const GET = withAuth0WidgetToken({ auth0, widget: bestChatBot });
 * ```
 */
export function withAuth0WidgetToken<User extends object>(options: Auth0WidgetTokenOptions<User>): TokenHandler {
	const { auth0, router, organizationId, issuer, maximumSessionAgeSeconds, ...rest } = options;
	const identify = createAuth0Identify({ auth0, router, organizationId, issuer, maximumSessionAgeSeconds, now: rest.now });
	return createTokenHandler<User>({ ...rest, identify, rethrow: isNextControlFlow });
}
