import { isAuthError, isAuthSessionMissingError } from "@supabase/supabase-js";
import { WidgetTokenError } from "@widget-token/core";
import type { AccessTokenClaims } from "./access-token.ts";

/** The connection of one request to Supabase Auth: its time limit, and what the SDK's errors do not carry. */
export interface Backend {
	readonly fetch: typeof fetch;
	readonly signal: AbortSignal;
	/** Seconds, of the last answer's `Retry-After`. */
	readonly retryAfterSeconds: number | undefined;
	/** Whether the SDK has asked for the user. */
	readonly userRequested: boolean;
}

/** A `fetch` for the SDK that ends with `signal`. */
export function connectBackend(signal: AbortSignal): Backend {
	let retryAfterSeconds: number | undefined;
	let userRequested = false;
	return {
		signal,
		get userRequested() {
			return userRequested;
		},
		get retryAfterSeconds() {
			return retryAfterSeconds;
		},
		fetch: async (input, init) => {
			// The SDK retries a refresh for half a minute whatever has failed. Nobody waits for the answer any more, so
			// a promise that never settles ends that loop, where an error would feed it.
			if (signal.aborted) return new Promise<never>(() => {});
			userRequested ||= (input instanceof Request ? input.url : String(input)).endsWith("/auth/v1/user");
			const response = await fetch(input, { ...init, signal });
			retryAfterSeconds = readRetryAfter(response.headers.get("retry-after"));
			return response;
		},
	};
}

/** Ends with the promise, or with `provider_timeout` when the time is over first. */
export async function withinTime<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
	let stop: (() => void) | undefined;
	const aborted = new Promise<never>((_resolve, reject) => {
		stop = () => reject(new WidgetTokenError("provider_timeout", { detail: "Supabase Auth" }));
		if (signal.aborted) stop();
		else signal.addEventListener("abort", stop, { once: true });
	});
	try {
		return await Promise.race([promise, aborted]);
	} finally {
		if (stop !== undefined) signal.removeEventListener("abort", stop);
	}
}

/**
 * Tells a refused credential from a backend that could not be asked.
 *
 * The codes are GoTrue's: https://supabase.com/docs/guides/auth/debugging/error-codes. What is not known to be about the
 * credential counts as an outage: it never becomes a token, and it never says "signed out".
 */
export function readBackendError(error: unknown, backend: Backend, claims?: AccessTokenClaims): WidgetTokenError {
	if (error instanceof WidgetTokenError) return error;
	const unavailable = (detail: string): WidgetTokenError =>
		new WidgetTokenError("provider_unavailable", {
			detail,
			cause: error,
			...(backend.retryAfterSeconds !== undefined && { retryAfterSeconds: backend.retryAfterSeconds }),
		});
	// WebCrypto: the token names a key of the project and another algorithm than the key's.
	if (error instanceof DOMException)
		return new WidgetTokenError("credential_invalid", { detail: "the access token does not fit its key", cause: error });
	if (!isAuthError(error)) return unavailable("Supabase Auth did not answer as expected");
	if (isAuthSessionMissingError(error))
		return new WidgetTokenError("credential_expired", { detail: "the session has ended", cause: error });
	switch (error.code) {
		case "user_banned":
			return new WidgetTokenError("user_disabled", { detail: "the user is banned", cause: error });
		case "user_not_found":
			return new WidgetTokenError("credential_invalid", { detail: "the user does not exist any more", cause: error });
		case "session_not_found":
		case "session_expired":
		case "refresh_token_not_found":
		case "refresh_token_already_used":
			return new WidgetTokenError("credential_expired", { detail: "the session has ended", cause: error });
		case "bad_jwt":
		case "invalid_jwt":
		case "no_authorization":
		case "validation_failed":
			return credentialRefused(error, claims);
	}
	if (error.code === undefined && (error.status === 401 || error.status === 403)) {
		// The gateway in front of GoTrue has no error codes, and neither have GoTrue's versions before 2024.
		if (!/api ?key/i.test(error.message)) return credentialRefused(error, claims);
		return new WidgetTokenError("provider_misconfigured", {
			detail: "Supabase refused the project's API key",
			remedy: "Set SUPABASE_PUBLISHABLE_KEY or SUPABASE_ANON_KEY to a key of the project in SUPABASE_URL.",
			cause: error,
		});
	}
	// Among them AuthRetryableFetchError (the network, 5xx), AuthUnknownError (HTML) and 429.
	return unavailable(`Supabase Auth did not answer as expected (${error.name}, status ${error.status ?? "unknown"})`);
}

function credentialRefused(cause: unknown, claims: AccessTokenClaims | undefined): WidgetTokenError {
	const expired = typeof claims?.exp === "number" && claims.exp * 1000 <= Date.now();
	return expired
		? new WidgetTokenError("credential_expired", { cause })
		: new WidgetTokenError("credential_invalid", { detail: "Supabase Auth does not know the access token", cause });
}

const maximumRetryAfterSeconds = 3600;

function readRetryAfter(value: string | null): number | undefined {
	if (value === null) return undefined;
	const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - Date.now()) / 1000);
	return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 1), maximumRetryAfterSeconds) : undefined;
}
