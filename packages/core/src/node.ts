import type { IncomingMessage, ServerResponse } from "node:http";
import { toNodeHandler as convert, NodeRequest } from "srvx/node";
import { replyOf } from "./handler.ts";
import type { Reply } from "./response.ts";

/** A listener of node:http; also a middleware of Express and Connect that ends the request. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void) => Promise<void>;

/**
 * Serves a Request → Response handler on node:http, Express, Connect or anything that takes their requests.
 *
 * The body is not read, so a body parser before it does no harm. Forwarded headers are not trusted.
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
export function toNodeHandler(handler: (request: Request) => Promise<Response>): NodeHandler {
	const reply = (handler as { readonly [replyOf]?: (request: Request) => Promise<Reply> })[replyOf];
	if (reply === undefined) return convert(handler) as unknown as NodeHandler;
	return async (request, response, next) => {
		try {
			const { status, headers, body } = await reply(new NodeRequest({ req: request, res: response }));
			response.writeHead(status, body === null ? headers : { ...headers, "content-length": Buffer.byteLength(body) });
			response.end(body ?? undefined);
		} catch (error) {
			// Only what `rethrow` lets pass comes here: the framework's own, for the framework's own error handler.
			if (next === undefined) throw error;
			next(error);
		}
	};
}
