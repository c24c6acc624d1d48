import { type NodeTokenHandler, toNodeHandler } from "@widget-token/core/node";
import { type Auth0WidgetTokenOptions, withAuth0WidgetToken } from "./next.ts";

/**
 * An API Route of the Pages Router that gives the user of an Auth0 session a token for a widget; `.tokenFor(request)` gives
 * it to `getServerSideProps`.
 *
 * @throws WidgetTokenError at construction: what `createTokenHandler` and `createAuth0Identify` throw.
 * @example
 * ```ts
 * // pages/api/widget-token.ts
 * import { Auth0Client } from "@auth0/nextjs-auth0/server";
 * import { withAuth0WidgetTokenApiRoute } from "@widget-token/auth0/pages";
 * import { bestChatBot } from "@widget-token/widgets";
 *
 * const auth0 = new Auth0Client();
 * export default withAuth0WidgetTokenApiRoute({ auth0, widget: bestChatBot });
 * ```
 */
export function withAuth0WidgetTokenApiRoute<User extends object>(
	options: Omit<Auth0WidgetTokenOptions<User>, "router">,
): NodeTokenHandler {
	return toNodeHandler(withAuth0WidgetToken<User>({ ...options, router: "pages" }));
}
