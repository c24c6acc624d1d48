import type { MiddlewareHandler } from "hono";
import { NONCE, secureHeaders } from "hono/secure-headers";

/** What the page's handlers find in their context. */
export interface PageVariables {
	Variables: { secureHeadersNonce?: string };
}

/** The headers of the sandbox's own pages: scripts and styles by nonce only, nothing from other hosts, in nobody's frame. */
export function pageHeaders(): MiddlewareHandler {
	return secureHeaders({
		contentSecurityPolicy: {
			defaultSrc: ["'none'"],
			scriptSrc: [NONCE],
			styleSrc: [NONCE],
			connectSrc: ["'self'"],
			imgSrc: ["data:"],
			frameSrc: ["'self'"],
			baseUri: ["'none'"],
			formAction: ["'self'"],
			frameAncestors: ["'none'"],
		},
		// With `no-referrer` a form would send `Origin: null`, and the change of a key could not be told from another site's.
		referrerPolicy: "same-origin",
		strictTransportSecurity: false,
	});
}
