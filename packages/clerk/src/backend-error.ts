import { WidgetTokenError } from "@widget-token/core";

/** The members of `ClerkAPIResponseError` that are read; by shape, since each SDK entry may bundle a class of its own. */
interface ClerkApiErrorShape {
	/** Undefined when there was no answer. */
	readonly status?: unknown;
	/** Seconds. */
	readonly retryAfter?: unknown;
	readonly message?: unknown;
}

/** What a failed request to Clerk's backend means. Nothing of it reads as "signed out". */
export function readBackendError(error: unknown): WidgetTokenError {
	if (error instanceof WidgetTokenError) return error;
	const { status, retryAfter, message } = (error ?? {}) as ClerkApiErrorShape;
	if (status === 404)
		return new WidgetTokenError("credential_invalid", { detail: "the user of the session no longer exists", cause: error });
	if (isKeyError(message)) return readKeyError(error);
	if (status === 401 || status === 403) {
		return new WidgetTokenError("provider_misconfigured", {
			detail:
				"Clerk's backend refuses the secret key; set CLERK_SECRET_KEY to the secret key of the instance that the publishable key belongs to",
			cause: error,
		});
	}
	return new WidgetTokenError("provider_unavailable", {
		detail: typeof status === "number" ? `Clerk's backend answered ${status}` : "Clerk's backend could not be reached",
		...(typeof retryAfter === "number" && retryAfter >= 0 && retryAfter <= 86_400 ? { retryAfterSeconds: retryAfter } : {}),
		cause: error,
	});
}

/** What it means that the SDK complains of a key. */
export function readKeyError(error: unknown): WidgetTokenError {
	return new WidgetTokenError("provider_misconfigured", {
		detail: "Clerk's SDK has no usable key; give it the secret key and the publishable key of one instance",
		cause: error,
	});
}

/** Whether the SDK complains of a key that is missing or malformed, which it does by plain errors. */
export function isKeyError(message: unknown): boolean {
	return typeof message === "string" && /\b(?:secret|publishable) ?key\b/i.test(message);
}
