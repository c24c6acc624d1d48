import type { IncomingMessage, ServerResponse } from "node:http";
import type { VerifiedIdentity } from "./result.ts";
import { createVisitorReader, isIdentitySourceHeader, type VisitorOptions } from "./visitor.ts";

export type { VisitorOptions } from "./visitor.ts";

declare global {
	namespace Express {
		interface Request {
			/** The verified visitor, where `verifyVisitor` of `@widget-token/core/verify/express` has run; null for an anonymous one. */
			visitor?: VerifiedIdentity | null;
		}
	}
}

/** A middleware of Express and Connect. */
export type ExpressMiddleware<Request extends IncomingMessage = IncomingMessage> = (
	request: Request,
	response: ServerResponse,
	next: (error?: unknown) => void,
) => Promise<void>;

/**
 * A middleware for Express: `request.visitor` is the verified identity, or null.
 *
 * It reads the token from the header `Authorization: Bearer <token>`; the option `token` names another place.
 * It removes every `X-…-Identity-Source` header that the browser has sent. Without `required` a token that is refused
 * makes an anonymous visitor, as the vendors' widgets expect. An outage answers 503 in any case.
 *
 * @throws WidgetTokenError at construction: `options_invalid` and what `createVerify` throws.
 * @example
 * ```ts
 * import { verifyVisitor } from "@widget-token/core/verify/express";
 * import { hilal } from "@widget-token/widgets";
 * import express from "express";
 *
 * const app = express();
 * app.use("/api", verifyVisitor({ widget: hilal, required: true }));
 * app.get("/api/me", (request, response) => void response.json({ name: request.visitor?.name }));
 * ```
 */
export function verifyVisitor<Request extends IncomingMessage = IncomingMessage>(
	options: VisitorOptions<Request>,
): ExpressMiddleware<Request> {
	const readVisitor = createVisitorReader(options);
	return async (request, response, next) => {
		removeIdentitySource(request);
		const reading = await readVisitor(request, request.headers.authorization);
		if ("problem" in reading) {
			const { status, headers, body } = reading.problem;
			response.writeHead(status, headers).end(body);
			return;
		}
		(request as { visitor?: VerifiedIdentity | null }).visitor = reading.visitor;
		next();
	};
}

// Node keeps the headers in several forms, of which some are made from the raw ones when they are first read.
function removeIdentitySource(request: IncomingMessage): void {
	const { headers, headersDistinct, rawHeaders } = request;
	// HTTP/2 requests have no `headersDistinct`.
	for (const form of [headers, headersDistinct ?? {}]) {
		for (const name of Object.keys(form)) if (isIdentitySourceHeader(name)) delete form[name];
	}
	for (let index = rawHeaders.length - 2; index >= 0; index -= 2)
		if (isIdentitySourceHeader(rawHeaders[index] ?? "")) rawHeaders.splice(index, 2);
}
