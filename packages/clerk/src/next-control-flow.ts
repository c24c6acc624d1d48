const digests: ReadonlySet<string> = new Set(["DYNAMIC_SERVER_USAGE", "BAILOUT_TO_CLIENT_SIDE_RENDERING", "HANGING_PROMISE_REJECTION"]);

/**
 * Whether an error is Next's own way to leave a function: a redirect, a prerender that gives up, dynamic usage.
 *
 * By the error's `digest`, as `next` cannot be imported outside its bundler, and is not there at all on other hosts.
 */
export function isNextControlFlow(error: unknown): boolean {
	for (let current = error, depth = 0; typeof current === "object" && current !== null && depth < 5; depth += 1) {
		const { digest, code, $$typeof, cause } = current as { digest?: unknown; code?: unknown; $$typeof?: unknown; cause?: unknown };
		if (typeof digest === "string" && (digest.startsWith("NEXT_") || digests.has(digest))) return true;
		if (code === "NEXT_STATIC_GEN_BAILOUT" || $$typeof === Symbol.for("react.postpone")) return true;
		current = cause;
	}
	return false;
}
