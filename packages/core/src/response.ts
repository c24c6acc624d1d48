import { errorCodes } from "./error-codes.ts";
import { WidgetTokenError } from "./errors.ts";
import type { MintedToken } from "./mint.ts";

/** How an answer holds the token: an object, or nothing but the token itself. */
export type Representation = "application/json" | "text/plain" | "application/jwt";

// On every status: a cached token is a token of somebody else, sooner or later.
const protectiveHeaders: Readonly<Record<string, string>> = {
	"cache-control": "private, no-store, max-age=0",
	"cdn-cache-control": "no-store",
	vary: "Cookie, Authorization, Origin, Accept",
	"x-content-type-options": "nosniff",
	"cross-origin-resource-policy": "same-origin",
	"referrer-policy": "no-referrer",
};

/** The answer with a token; `null` says that nobody is signed in. */
export function tokenResponse(minted: MintedToken | null, representation: Representation, cors: Readonly<Record<string, string>>): Response {
	if (representation === "application/json") {
		return new Response(JSON.stringify(minted ?? { token: null }), { headers: { ...protectiveHeaders, "content-type": "application/json", ...cors } });
	}
	if (minted === null) return problemResponse(new WidgetTokenError("not_signed_in"), cors);
	const contentType = representation === "text/plain" ? "text/plain; charset=utf-8" : representation;
	return new Response(minted.token, { headers: { ...protectiveHeaders, "content-type": contentType, ...cors } });
}

/** The answer to an error (RFC 9457). It holds nothing but what the code's table says: the details stay on the server. */
export function problemResponse({ code, retryAfterSeconds }: WidgetTokenError, headers: Readonly<Record<string, string>>): Response {
	const { status, title, remedy } = errorCodes[code];
	return new Response(JSON.stringify({ title, status, code, remedy }), {
		status,
		headers: {
			...protectiveHeaders,
			"content-type": "application/problem+json",
			...(retryAfterSeconds === undefined ? {} : { "retry-after": String(Math.ceil(retryAfterSeconds)) }),
			...headers,
		},
	});
}

/** The answer to a preflight of an allow-listed origin. */
export function preflightResponse(cors: Readonly<Record<string, string>>): Response {
	return new Response(null, { status: 204, headers: { ...protectiveHeaders, ...cors } });
}

/**
 * The representation that the request's `Accept` prefers (RFC 9110 §12.5.1): the quality of the most specific range
 * that names it; among equals the one that is named more exactly, then JSON.
 */
export function negotiate(accept: string | null): Representation {
	if (accept === null || accept === "*/*" || accept === "application/json") return "application/json";
	const qualities = new Map(accept.toLowerCase().split(",").map(readRange));
	let best: Representation = "application/json";
	let bestScore = 0;
	for (const representation of representations) {
		const ranges = [representation, representation.replace(/[^/]+$/, "*"), "*/*"];
		const range = ranges.findIndex((name) => qualities.has(name));
		const quality = qualities.get(ranges[range] ?? "") ?? 0;
		// Qualities have three decimals, so a lower range never outweighs them.
		const score = quality > 0 && quality <= 1 ? quality - range / 10_000 : 0;
		if (score > bestScore) [best, bestScore] = [representation, score];
	}
	return best;
}

const representations: readonly Representation[] = ["application/json", "application/jwt", "text/plain"];

function readRange(range: string): [type: string, quality: number] {
	const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
	return [type, Number(parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? 1)];
}
