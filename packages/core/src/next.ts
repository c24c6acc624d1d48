import { readMember } from "./base/index.ts";

const digests: ReadonlySet<string> = new Set(["DYNAMIC_SERVER_USAGE", "BAILOUT_TO_CLIENT_SIDE_RENDERING", "HANGING_PROMISE_REJECTION"]);

/**
 * Whether an error is Next.js' own way to leave a function: a redirect, a prerender that gives up, dynamic usage.
 *
 * For the `rethrow` option of a token handler that Next.js calls. By the error's `digest` rather than by
 * `unstable_rethrow`: `next` cannot be imported outside its bundler, and older versions do not have it.
 *
 * @example
 * ```ts
 * import { createTokenHandler, type Identify } from "@widget-token/core";
 * import { isNextControlFlow } from "@widget-token/core/next";
 * import { hilal } from "@widget-token/widgets";
 *
 * declare const identify: Identify;
 * export const GET = createTokenHandler({ widget: hilal, identify, rethrow: isNextControlFlow });
 * ```
 */
export function isNextControlFlow(error: unknown): boolean {
	for (let current = error, depth = 0; current !== undefined && depth < 5; current = readMember(current, "cause"), depth += 1) {
		const digest = readMember(current, "digest");
		if (typeof digest === "string" && (digest.startsWith("NEXT_") || digests.has(digest))) return true;
		if (readMember(current, "code") === "NEXT_STATIC_GEN_BAILOUT") return true;
		if (readMember(current, "$$typeof") === Symbol.for("react.postpone")) return true;
	}
	return false;
}
