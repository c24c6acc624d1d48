import { errorCodes } from "./error-codes.ts";
import { WidgetTokenError } from "./errors.ts";
import type { MintedToken } from "./mint.ts";

/** How an answer holds the token: an object, or nothing but the token itself. */
export type Representation = "application/json" | "text/plain" | "application/jwt";

/** On every status: a cached token is a token of somebody else, sooner or later. */
export const protectiveHeaders: Readonly<Record<string, string>> = {
	"cache-control": "private, no-store, max-age=0",
	"cdn-cache-control": "no-store",
	vary: "Cookie, Authorization, Origin, Accept",
	"x-content-type-options": "nosniff",
	"cross-origin-resource-policy": "same-origin",
	"referrer-policy": "no-referrer",
};

/** An answer before it takes the form of its host: a `Response`, or what node:http writes. */
export interface Reply {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string | null;
}

/** The answer in the form of the web standard. */
export function toResponse({ status, headers, body }: Reply): Response {
	return new Response(body, { status, headers });
}

/** The answer with a token; `null` says that nobody is signed in. */
export function tokenReply(minted: MintedToken | null, representation: Representation, cors: Readonly<Record<string, string>>): Reply {
	if (representation === "application/json") {
		return {
			status: 200,
			headers: { ...protectiveHeaders, "content-type": "application/json", ...cors },
			body: JSON.stringify(minted ?? { token: null }),
		};
	}
	if (minted === null) return problemReply(new WidgetTokenError("not_signed_in"), cors);
	const contentType = representation === "text/plain" ? "text/plain; charset=utf-8" : representation;
	return { status: 200, headers: { ...protectiveHeaders, "content-type": contentType, ...cors }, body: minted.token };
}

/** The answer to an error (RFC 9457). It holds nothing but what the code's table says: the details stay on the server. */
export function problemReply({ code, retryAfterSeconds }: WidgetTokenError, headers: Readonly<Record<string, string>>): Reply {
	const { status, title, remedy } = errorCodes[code];
	const retryAfter = retryAfterSeconds === undefined ? {} : { "retry-after": String(Math.ceil(retryAfterSeconds)) };
	return {
		status,
		headers: { ...protectiveHeaders, "content-type": "application/problem+json", ...retryAfter, ...headers },
		body: JSON.stringify({ title, status, code, remedy }),
	};
}

/** The answer to a preflight of an allow-listed origin. */
export function preflightReply(cors: Readonly<Record<string, string>>): Reply {
	return { status: 204, headers: { ...protectiveHeaders, ...cors }, body: null };
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
