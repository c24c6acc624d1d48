import type { Context } from "hono";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";

/** Sends a page. */
export function sendPage(c: Context, page: VNode): Response {
	return c.html(`<!doctype html>${renderToString(page)}`, 200, { "cache-control": "no-store" });
}
