import type { IncomingMessage } from "node:http";
import type { MintedToken } from "@widget-token/core";
import { type NodeHandler, toNodeHandler } from "@widget-token/core/node";
import { type Auth0WidgetTokenOptions, withAuth0WidgetToken } from "./next.ts";

/** An API Route of the Pages Router. */
export interface Auth0WidgetTokenApiRoute extends NodeHandler {
	/**
	 * The token for `getServerSideProps`; null when nobody is signed in. `widget` chooses among several.
	 *
	 * @throws WidgetTokenError with the code that the endpoint would have answered.
	 */
	tokenFor(request: IncomingMessage, options?: { readonly widget?: string }): Promise<MintedToken | null>;
}

/**
 * An API Route of the Pages Router that gives the user of an Auth0 session a token for a widget.
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
): Auth0WidgetTokenApiRoute {
	const handler = withAuth0WidgetToken<User>({ ...options, router: "pages" });
	return Object.assign(toNodeHandler(handler), {
		tokenFor: (request: IncomingMessage, choice?: { readonly widget?: string }) => handler.tokenFor(sessionRequest(request), choice),
	});
}

// The SDK looks at the cookies, and with a domain resolver at the other headers.
function sessionRequest(request: IncomingMessage): Request {
	const headers = new Headers();
	for (const [name, value] of Object.entries(request.headersDistinct)) {
		for (const line of value ?? []) headers.append(name, line);
	}
	return new Request("http://localhost/", { headers });
}
