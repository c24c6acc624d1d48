import type { Context } from "hono";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";

/** Sends a page. */
export function sendPage(c: Context, page: VNode, status: 200 | 404 = 200): Response {
	return c.html(`<!doctype html>${renderToString(page)}`, status, { "cache-control": "no-store" });
}
