import { WidgetTokenError } from "../base/index.ts";

/** The exact origins, beside its own, whose pages may ask the endpoint for a token. */
export type AllowedOrigins = ReadonlySet<string>;

/** Checks the allow-list: exact origins only, for a pattern would sooner or later match somebody else's site. */
export function readAllowedOrigins(origins: readonly string[] = []): AllowedOrigins {
	for (const origin of origins) {
		if (!origin.includes("*") && URL.canParse(origin) && new URL(origin).origin === origin) continue;
		throw new WidgetTokenError("options_invalid", {
			detail: "`allowedOrigins` holds something that is no origin",
			remedy: 'Give scheme, host and port alone, without a path or a wildcard: "https://app.example.com".',
		});
	}
	return new Set(origins);
}

/** Refuses a page of another site (`cross_site_request`), unless its origin is allow-listed. */
export function checkSite(request: Request, allowed: AllowedOrigins): void {
	const { headers } = request;
	const origin = headers.get("origin");
	if (origin !== null && allowed.has(origin)) return;
	const site = headers.get("sec-fetch-site");
	// A browser sets Sec-Fetch-Site itself, no script can; a proxy that rewrites Host leaves it as it was.
	if (site === "same-origin") return;
	if (site === "cross-site" || (origin !== null && !isOwnOrigin(origin, request))) throw new WidgetTokenError("cross_site_request");
}

/** The CORS headers for the request's origin; none for an origin that is not allow-listed, whatever it is. */
export function corsHeaders(request: Request, allowed: AllowedOrigins): Readonly<Record<string, string>> {
	if (allowed.size === 0) return noHeaders;
	const origin = request.headers.get("origin");
	if (origin === null || !allowed.has(origin)) return noHeaders;
	return {
		"access-control-allow-origin": origin,
		"access-control-allow-credentials": "true",
		"access-control-expose-headers": "Retry-After",
	};
}

/** What a preflight of an allow-listed origin is told; it is kept for 10 minutes. */
export const preflightHeaders: Readonly<Record<string, string>> = {
	"access-control-allow-methods": "GET, POST",
	"access-control-allow-headers": "Authorization, Content-Type, Accept",
	"access-control-max-age": "600",
};

const noHeaders: Readonly<Record<string, string>> = Object.freeze({});

// Only for clients that send Origin without Sec-Fetch-Site: old browsers. The scheme is left out, since TLS often ends before the app.
function isOwnOrigin(origin: string, request: Request): boolean {
	return URL.canParse(origin) && URL.canParse(request.url) && new URL(origin).host === new URL(request.url).host;
}
