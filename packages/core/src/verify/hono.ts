import { toResponse } from "../http/index.ts";
import type { VerifiedIdentity } from "./result.ts";
import { createVisitorReader, isIdentitySourceHeader, type VisitorOptions } from "./visitor.ts";

export type { VisitorOptions } from "./visitor.ts";

/** The variable that the middleware sets, for `new Hono<{ Variables: VisitorVariables }>()`. */
export interface VisitorVariables {
	/** The verified visitor; null for an anonymous one. */
	visitor: VerifiedIdentity | null;
}

/** What of Hono's `Context` is needed, so that this package does not depend on Hono. */
export interface HonoContext {
	readonly req: { raw: Request };
	set(key: "visitor", value: VerifiedIdentity | null): void;
}

/** A middleware of Hono. */
export type HonoMiddleware = (context: HonoContext, next: () => Promise<void>) => Promise<Response | undefined>;

/**
 * A middleware for Hono: `c.var.visitor` is the verified identity, or null.
 *
 * It reads the token from the header `Authorization: Bearer <token>`; the option `token` names another place.
 * It removes every `X-…-Identity-Source` header that the browser has sent. Without `required` a token that is refused
 * makes an anonymous visitor, as the vendors' widgets expect. An outage answers 503 in any case.
 *
 * @throws WidgetTokenError at construction: `options_invalid` and what `createVerify` throws.
 * @example
 * ```ts
 * import { verifyVisitor, type VisitorVariables } from "@widget-token/core/verify/hono";
 * import { hilal } from "@widget-token/widgets";
 * import { Hono } from "hono";
 *
 * const app = new Hono<{ Variables: VisitorVariables }>();
 * app.use("/api/*", verifyVisitor({ widget: hilal }));
 * app.get("/api/me", (c) => c.json({ name: c.var.visitor?.name ?? "anonymous" }));
 * ```
 */
export function verifyVisitor(options: VisitorOptions<Request>): HonoMiddleware {
	const readVisitor = createVisitorReader(options);
	return async (context, next) => {
		context.req.raw = withoutIdentitySource(context.req.raw);
		const reading = await readVisitor(context.req.raw, context.req.raw.headers.get("authorization"));
		if ("problem" in reading) return toResponse(reading.problem);
		context.set("visitor", reading.visitor);
		await next();
		return undefined;
	};
}

function withoutIdentitySource(request: Request): Request {
	const names = [...request.headers.keys()].filter(isIdentitySourceHeader);
	if (names.length === 0) return request;
	try {
		for (const name of names) request.headers.delete(name);
		return request;
	} catch {
		return copyWithout(names, request);
	}
}

// In Workers the headers of the request that came in cannot be changed.
function copyWithout(names: readonly string[], request: Request): Request {
	const headers = new Headers(request.headers);
	for (const name of names) headers.delete(name);
	if (!request.bodyUsed) return new Request(request, { headers });
	return new Request(request.url, { method: request.method, headers, signal: request.signal });
}
