/**
 * What went wrong between the browser and the token endpoint.
 *
 * - `network_failed`: no answer. Asked again with growing pauses, and when the browser is online again.
 * - `endpoint_unavailable`: status 408, 425, 429 or 5xx. Asked again after `Retry-After`, with growing pauses.
 * - `endpoint_refused`: another status of 4xx; `reason` holds the endpoint's own code. Not asked again by itself.
 * - `endpoint_redirected`: a redirect, as to a login page. Not asked again by itself.
 * - `endpoint_not_json`: something other than the endpoint's JSON, such as an HTML page. Not asked again by itself.
 * - `token_cached`: an answer to another request, a token of another user, or one that is too old, as a cache brings it back.
 *   It is never handed out. Asked again with growing pauses.
 */
export type TokenSessionErrorCode =
	| "network_failed"
	| "endpoint_unavailable"
	| "endpoint_refused"
	| "endpoint_redirected"
	| "endpoint_not_json"
	| "token_cached";

/**
 * The error of a token session, told apart by its `code`. The message names the cause and the fix; it never holds a token.
 *
 * Import from `@widget-token/client`.
 *
 * @example
 * ```ts
 * import { type TokenSession, TokenSessionError } from "@widget-token/client";
 *
 * export async function describe(session: TokenSession): Promise<string> {
 * 	try {
 * 		return (await session.getToken()) === null ? "nobody is signed in" : "signed in";
 * 	} catch (error) {
 * 		return error instanceof TokenSessionError ? `${error.code}: ${error.message}` : "unexpected";
 * 	}
 * }
 * ```
 */
export class TokenSessionError extends Error {
	declare readonly code: TokenSessionErrorCode;
	/** The HTTP status, where there was an answer. */
	declare readonly status?: number;
	/** The code in the endpoint's problem document, such as `email_unverified`. */
	declare readonly reason?: string;
	/** Seconds that the endpoint asked to wait (`Retry-After`); `Infinity` when it is not asked again by itself. */
	declare readonly retryAfterSeconds?: number;

	constructor(code: TokenSessionErrorCode, message: string, details: TokenSessionErrorDetails = {}) {
		super(message, details);
		Object.assign(this, details, { code });
	}
}

/** What is known of a {@link TokenSessionError} next to its code. */
export interface TokenSessionErrorDetails {
	readonly cause?: unknown;
	readonly status?: number;
	readonly reason?: string | undefined;
	readonly retryAfterSeconds?: number;
}

/** Returns the error for an answer that a cache brought back. */
export function cachedAnswer(): TokenSessionError {
	return new TokenSessionError("token_cached", "The token endpoint is cached. Exempt it.");
}
