import type { IncomingMessage, ServerResponse } from "node:http";
import { NodeRequest, sendNodeResponse } from "srvx/node";
import { toWidgetTokenError, WidgetTokenError } from "./base/index.ts";
import { replyOf, type TokenHandler } from "./endpoint/index.ts";
import { logFailure, problemReply, type Reply, readNativeRequest } from "./http/index.ts";
import type { Identify, IdentifyContext } from "./identity/index.ts";
import type { MintedToken } from "./mint/index.ts";

/** A listener of node:http; also a middleware of Express and Connect that ends the request. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void) => Promise<void>;

/** The listener of a token handler. */
export interface NodeTokenHandler extends NodeHandler {
	/**
	 * The token for a page that the server renders; null when nobody is signed in. `widget` chooses among several.
	 *
	 * @throws WidgetTokenError with the code that the endpoint would have answered.
	 */
	tokenFor(request: IncomingMessage, options?: { readonly widget?: string }): Promise<MintedToken | null>;
}

/**
 * Serves a Request → Response handler on node:http, Express, Connect or anything that takes their requests.
 *
 * The body is not read, so a body parser before it does no harm. Forwarded headers are not trusted. An error that the
 * handler lets pass goes to `next`; where there is none, the answer is `internal_error`.
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { createTokenHandler } from "@widget-token/core";
 * import { toNodeHandler } from "@widget-token/core/node";
 * import { bestChatBot } from "@widget-token/widgets";
 *
 * const handler = createTokenHandler({ widget: bestChatBot, identify: async () => null });
 * createServer(toNodeHandler(handler)).listen(3000);
 * ```
 */
export function toNodeHandler(handler: TokenHandler): NodeTokenHandler;
export function toNodeHandler(handler: (request: Request) => Promise<Response>): NodeHandler;
export function toNodeHandler(handler: WebHandler): NodeHandler {
	const { [replyOf]: reply, tokenFor } = handler;
	const listener: NodeHandler = async (request, response, next) => {
		try {
			const asked = new NodeRequest({ req: request, res: response });
			if (reply === undefined) await sendNodeResponse(response, await handler(asked));
			else send(response, await reply(asked));
		} catch (error) {
			if (next !== undefined) next(error ?? toWidgetTokenError(error));
			else answerFailure(response, error);
		}
	};
	if (tokenFor === undefined) return listener;
	return Object.assign(listener, {
		tokenFor: (request: IncomingMessage, options?: { readonly widget?: string }) => tokenFor(new NodeRequest({ req: request }), options),
	});
}

/**
 * Makes a provider out of a function that reads Node's own request: what a middleware has put on it, such as `request.user` of
 * Passport, `request.session` of express-session or `request.auth`.
 *
 * For handlers behind `toNodeHandler`, and its `tokenFor(request)`.
 *
 * @throws WidgetTokenError `provider_misconfigured` for a request that did not come through `toNodeHandler`.
 * @example
 * ```ts
 * import type { IncomingMessage } from "node:http";
 * import { createTokenHandler } from "@widget-token/core";
 * import { toNodeHandler, withNodeRequest } from "@widget-token/core/node";
 * import { bestChatBot } from "@widget-token/widgets";
 *
 * interface SessionRequest extends IncomingMessage {
 * 	readonly user?: { readonly id: string; readonly email: string };
 * }
 *
 * const identify = withNodeRequest(({ user }: SessionRequest) => user && { ...user, provider: "passport", emailVerified: true });
 * const widgetToken = toNodeHandler(createTokenHandler({ widget: bestChatBot, identify }));
 * ```
 */
export function withNodeRequest<Native extends IncomingMessage, User = unknown>(
	identify: (request: Native, context: IdentifyContext) => Identified<User> | Promise<Identified<User>>,
): Identify<User> {
	return async (request, context) => {
		const native = readNativeRequest(request);
		if (native === undefined) {
			throw new WidgetTokenError("provider_misconfigured", {
				detail: "the request has no request of node:http behind it",
				remedy:
					"Serve the handler by toNodeHandler of @widget-token/core/node, hand on the request as it came, and give its tokenFor the request.",
			});
		}
		return (await identify(native as Native, context)) ?? null;
	};
}

/** A token handler, or any other, as its host sees it. */
interface WebHandler {
	(request: Request): Promise<Response>;
	readonly [replyOf]?: (request: Request) => Promise<Reply>;
	readonly tokenFor?: TokenHandler["tokenFor"];
}

type Identified<User> = Awaited<ReturnType<Identify<User>>> | undefined;

function answerFailure(response: ServerResponse, error: unknown): void {
	logFailure({ code: "internal_error" }, error);
	// Somebody may have answered before, such as a middleware with a time limit.
	if (!response.headersSent) send(response, problemReply(new WidgetTokenError("internal_error"), {}));
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
	response.writeHead(status, body === null ? headers : { ...headers, "content-length": Buffer.byteLength(body) });
	response.end(body ?? undefined);
}
