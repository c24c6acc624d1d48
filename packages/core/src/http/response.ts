import { errorCodes, WidgetTokenError } from "../base/index.ts";
import type { Contract } from "../contract/index.ts";
import type { MintedToken } from "../mint/index.ts";

/** How an answer holds the token: as JSON, in the one member that a vendor's page reads or in our form; or nothing but the token. */
export interface Representation {
	readonly type: "application/json" | "application/jwt" | "text/plain";
	/** The vendor's member. Without it, `token` stands next to `expiresIn`. */
	readonly member?: string;
}

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

/** What is answered to a request for a token. */
export interface TokenAnswer {
	/** `null` says that nobody is signed in. */
	readonly minted: MintedToken | null;
	readonly representation: Representation;
	/** The request's own random value, by which a page recognises an answer that a cache has kept. */
	readonly nonce: string | undefined;
}

/** The answer with a token, or that nobody is signed in. */
export function tokenReply({ minted, representation, nonce }: TokenAnswer, cors: Readonly<Record<string, string>>): Reply {
	const { type, member } = representation;
	if (type === "application/json") {
		const { token = null, expiresIn } = minted ?? {};
		return {
			status: 200,
			headers: { ...protectiveHeaders, "content-type": type, ...cors },
			body: JSON.stringify(member === undefined ? { token, expiresIn, nonce } : { [member]: token }),
		};
	}
	if (minted === null) return problemReply(new WidgetTokenError("not_signed_in"), cors);
	const contentType = type === "text/plain" ? "text/plain; charset=utf-8" : type;
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
 *
 * A request without a preference, by no `Accept` or by `*\/*`, gets what the contract documents: it is how the code on the
 * vendor's page asks.
 */
export function negotiate(accept: string | null, contract: Contract): Representation {
	if (accept === "application/json") return json;
	const documented = readDocumented(contract);
	if (accept === null || accept === "" || accept === anything) return documented;
	const qualities = new Map(accept.toLowerCase().split(",").map(readRange));
	let best = json;
	let bestScore = 0;
	for (const [index, representation] of [documented, json, jwt, text].entries()) {
		const { type } = representation;
		const ranges = [type, type.replace(/[^/]+$/, "*"), anything];
		const range = ranges.findIndex((name) => qualities.has(name));
		// Who names a type wants ours.
		if (index === 0 && ranges[range] !== anything) continue;
		const quality = qualities.get(ranges[range] ?? "") ?? 0;
		// Qualities have three decimals, so a lower range never outweighs them.
		const score = quality > 0 && quality <= 1 ? quality - range / 10_000 : 0;
		if (score > bestScore) [best, bestScore] = [representation, score];
	}
	return best;
}

const anything = "*/*";
const json: Representation = { type: "application/json" };
const jwt: Representation = { type: "application/jwt" };
const text: Representation = { type: "text/plain" };

function readDocumented({ delivery }: Contract): Representation {
	const response = delivery?.endpoint?.response;
	if (response?.format === "text") return text;
	return response === undefined || response.member === "token" ? json : { ...json, member: response.member };
}

function readRange(range: string): [type: string, quality: number] {
	const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
	return [type, Number(parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? 1)];
}
