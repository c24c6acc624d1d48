import type { IncomingMessage, ServerResponse } from "node:http";
import { toNodeHandler as convert } from "srvx/node";

/** A listener of node:http; also a middleware of Express and Connect that ends the request. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

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
	return convert(handler) as unknown as NodeHandler;
}
