import type { TokenSessionError } from "./session-error.ts";
import type { TokenRequestOptions } from "./token-request.ts";

/** What happened in a token session. */
export type TokenSessionEvent =
	/** The lifetime from the start of the request; `Infinity` when the token never expires. */
	| { readonly type: "received"; readonly expiresInSeconds: number }
	| { readonly type: "failed"; readonly error: TokenSessionError }
	/** Signed out here, in another tab, or by the endpoint's answer. */
	| { readonly type: "signed_out"; readonly by: "page" | "tab" | "endpoint" };

/**
 * Where a session stands.
 *
 * - `idle`: nothing is known yet about the present user. Told a second time when the page had named another one before.
 * - `signed_in`: with a valid token.
 * - `expired`: the token has expired and is about to be replaced.
 * - `signed_out`: nobody is. Told a second time once the app's own session is over too, see `signOut`.
 * - `failed`: there is no token, and why.
 */
export type TokenState =
	| { readonly status: "idle" | "expired" | "signed_out"; readonly token?: undefined }
	| { readonly status: "signed_in"; readonly token: string }
	| { readonly status: "failed"; readonly token?: undefined; readonly error: TokenSessionError };

/** Options of `createTokenSession`. */
export interface TokenSessionOptions extends TokenRequestOptions {
	/** Receives what happens, for a timeline or a log. No event holds a token; a throw is ignored. */
	readonly onEvent?: ((event: TokenSessionEvent) => void) | undefined;
}

/** Options of `getToken`. */
export interface GetTokenOptions {
	/** The token that the widget refused. It is replaced once, however often it is named. */
	readonly rejected?: string | undefined;
	/** Asks again after an error that had stopped the session. */
	readonly retry?: boolean | undefined;
}

/** Keeps the token of the page's present user. */
export interface TokenSession {
	readonly state: TokenState;
	/**
	 * The present user's token, fetched when there is none; null when nobody is signed in.
	 *
	 * @throws TokenSessionError when there is no valid token and none can be had now.
	 */
	getToken(options?: GetTokenOptions): Promise<string | null>;
	/** Names the present user by any key of the app's, such as the user's id. Another key than before ends the earlier user's token. */
	identify(key: string): void;
	/**
	 * Ends the user's token, here and in the other tabs; widgets are cleared before it returns.
	 *
	 * Pass the app's own sign-out as `end`: it runs afterwards, and pages whose widget has no way to be cleared are loaded anew
	 * when it is done. @throws what `end` throws.
	 */
	signOut(end?: () => unknown): Promise<void>;
	/**
	 * Calls `listener` at each change of `state`, until the returned function is called. While `fresh` returns true, the
	 * token is fetched without being asked for, and replaced before it expires.
	 */
	subscribe(listener: (state: TokenState) => void, options?: { readonly fresh?: () => unknown }): () => void;
	/** Stops everything for good: no request, timer, listener or channel is left, and `getToken` gives null. */
	dispose(): void;
}

export const idle: TokenState = { status: "idle" };
export const expired: TokenState = { status: "expired" };
export const signedOut: TokenState = { status: "signed_out" };
