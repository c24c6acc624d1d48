import { type Instant, never } from "./known-token.ts";
import { cachedAnswer, TokenSessionError, type TokenSessionErrorCode } from "./session-error.ts";

/** How to reach the token endpoint. */
export interface TokenRequestOptions {
	/** The address of the token endpoint, such as `/api/widget-token`. Each request adds a random `nonce` to its query. */
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
	readonly token: string;
	/** Milliseconds from `since`; infinite for a proof of identity that never expires. */
	readonly lifetime: number;
	/** When the request began: the token cannot be older. */
	readonly since: Instant;
	/** The request's nonce, where the endpoint returned it: then no cache can have answered. */
	readonly nonce?: unknown;
	/** Only an error has one. */
	readonly code?: undefined;
}

/**
 * Sends one request to the endpoint and returns its answer: a token, null for nobody, or the error of any other answer.
 *
 * @throws what `authorization` and `fetch` throw.
 */
export async function requestToken(
	{ endpoint, widget, authorization, fetch: send = fetch }: TokenRequestOptions,
	signal: AbortSignal,
): Promise<TokenAnswer | TokenSessionError | null> {
	const bearer = await authorization?.();
	if (signal.aborted || (authorization && !bearer)) return null;
	const since: Instant = [performance.now(), Date.now()];
	// `randomUUID` is missing on pages of plain http.
	const nonce = crypto.getRandomValues(new Uint32Array(4)).join("-");
	const widgetQuery = widget ? `&widget=${encodeURIComponent(widget)}` : "";
	const response = await send(`${endpoint}${endpoint.includes("?") ? "&" : "?"}nonce=${nonce}${widgetQuery}`, {
		method: "POST",
		headers: { accept: "application/json", ...(bearer && { authorization: `Bearer ${bearer}` }) },
		...(!bearer && { credentials: "include" }),
		cache: "no-store",
		redirect: "manual",
		signal,
	});
	const text = await response.text();
	const { status, headers } = response;
	let body: TokenBody = {};
	try {
		body = Object(JSON.parse(text));
	} catch {}
	if ((body.nonce ?? nonce) !== nonce) return cachedAnswer();
	const isTemporary = /^5|408|42[59]/.test(`${status}`);
	let code: TokenSessionErrorCode = isTemporary ? "endpoint_unavailable" : "endpoint_refused";
	let message = `${body.title ?? `The token endpoint returns status ${status}`}. ${body.remedy ?? "See its log."}`;
	// To a script, a browser shows a redirect that is not followed as an answer without a status.
	if (/^[03]/.test(`${status}`)) {
		code = "endpoint_redirected";
		message = "The token endpoint redirects to a login page. Exempt it.";
	} else if (status < 400) {
		const { token, expiresIn = never } = body;
		if (token === null) return token;
		// A server's word is checked like any other: a lifetime that is not a number would never end.
		if (token && typeof token === "string" && expiresIn > 0) return { token, lifetime: expiresIn * 1000, since, nonce: body.nonce };
		code = "endpoint_not_json";
		message = "The token endpoint returns no JSON. Check its address.";
	}
	// Seconds, or a date, which is held against the server's own clock, since the browser's may be wrong by years.
	const after = headers.get("retry-after") as string;
	return new TokenSessionError(code, message, {
		status,
		reason: body.code,
		retryAfterSeconds: isTemporary ? Number(after) || (Date.parse(after) - Date.parse(headers.get("date") as string)) / 1000 || 0 : never,
	});
}

interface TokenBody {
	readonly token?: unknown;
	readonly nonce?: unknown;
	readonly expiresIn?: number;
	readonly title?: string;
	readonly remedy?: string;
	readonly code?: string;
}
