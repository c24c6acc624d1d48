import { type Instant, never } from "./held-token.ts";
import { TokenSessionError } from "./session-error.ts";

/** How to reach the token endpoint. */
export interface TokenRequestOptions {
	/** The address of the token endpoint, such as `/api/widget-token`. */
	readonly endpoint: string;
	/** The id of the widget, for an endpoint that serves several (`?widget=<id>`). */
	readonly widget?: string | undefined;
	/**
	 * The bearer token of a provider that uses no cookies, such as a Firebase ID token; null when nobody is signed in.
	 * Without it, the request carries the page's cookies.
	 */
	readonly authorization?: (() => Promise<string | null | undefined>) | undefined;
	/** Default: the global `fetch`. */
	readonly fetch?: typeof fetch | undefined;
}

/** What the endpoint answered. */
export interface TokenAnswer {
	readonly token: string | null;
	/** Milliseconds from `since`; infinite for a proof of identity that never expires. */
	readonly lifetime: number;
	/** When the request began: the token cannot be older. */
	readonly since: Instant;
}

/**
 * Asks the endpoint once.
 *
 * @throws TokenSessionError for an answer that holds no token, and whatever `authorization` and `fetch` throw.
 */
export async function requestToken(
	{ endpoint, widget, authorization, fetch: send = fetch }: TokenRequestOptions,
	signal: AbortSignal,
): Promise<TokenAnswer> {
	const bearer = await authorization?.();
	const since: Instant = [performance.now(), Date.now()];
	if (authorization && !bearer) return { token: null, lifetime: 0, since };
	signal.throwIfAborted();
	const response = await send(widget ? `${endpoint}${endpoint.includes("?") ? "&" : "?"}widget=${encodeURIComponent(widget)}` : endpoint, {
		method: "POST",
		headers: { accept: "application/json", ...(bearer && { authorization: `Bearer ${bearer}` }) },
		...(!bearer && { credentials: "include" }),
		cache: "no-store",
		redirect: "manual",
		signal,
	});
	const text = await response.text();
	const { status, headers } = response;
	// To a script, a browser shows a redirect that is not followed as an answer without a status.
	if (!status || (status > 299 && status < 400)) {
		throw new TokenSessionError("endpoint_redirected", "The token endpoint redirects, as to a login page. Exempt it from the redirect.");
	}
	let body: TokenBody | null | undefined;
	try {
		body = JSON.parse(text);
	} catch {}
	if (status > 399) {
		const isTemporary = /^5|408|42[59]/.test(`${status}`);
		throw new TokenSessionError(
			isTemporary ? "endpoint_unavailable" : "endpoint_refused",
			`${body?.title ?? `The token endpoint gives status ${status}`}. ${body?.remedy ?? "See the server's log."}`,
			{ status, reason: body?.code, retryAfterSeconds: isTemporary ? readRetryAfter(headers) : never },
		);
	}
	const { token, expiresIn = never } = body ?? {};
	// A server's word is checked like anybody's: a lifetime that is no number would never end.
	if (token === null || (token && typeof token === "string" && expiresIn > 0)) return { token, lifetime: expiresIn * 1000, since };
	throw new TokenSessionError("endpoint_not_json", "The token endpoint gives HTML or the like, not its JSON. Check its address.", {
		status,
	});
}

interface TokenBody {
	readonly token?: unknown;
	readonly expiresIn?: number;
	readonly title?: string;
	readonly remedy?: string;
	readonly code?: string;
}

// Seconds, or a date, which is held against the server's own clock, since the browser's may be wrong by years.
function readRetryAfter(headers: Headers): number {
	const value = headers.get("retry-after") as string;
	return Number(value) || (Date.parse(value) - Date.parse(headers.get("date") as string)) / 1000 || 0;
}
