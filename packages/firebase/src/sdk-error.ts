import { WidgetTokenError } from "@widget-token/core";
import type { Credential } from "./credential.ts";
import { parseRetryAfter } from "./retry-after.ts";

/**
 * What an error of firebase-admin means.
 *
 * None is kept as the `cause`: the messages quote the token's claims, and the errors of the network hold the request
 * with the server's own access token.
 */
export function fromSdkError(error: unknown, type: Credential["type"]): WidgetTokenError {
	if (error instanceof WidgetTokenError) return error;
	const { code, message, httpResponse } = error as SdkError;
	// Not Firebase's own error, but that of google-auth-library, which looks for the project where the app names none.
	if (message?.startsWith("Unable to detect a Project Id")) return withoutProject();
	if (typeof code !== "string" || !/^(?:auth|app)\//.test(code)) {
		return new WidgetTokenError("internal_error", { detail: `firebase-admin threw ${error instanceof Error ? error.name : typeof error}` });
	}
	const detail = `firebase-admin: ${code}`;
	switch (code) {
		case "auth/id-token-expired":
		case "auth/session-cookie-expired":
		case "auth/id-token-revoked":
		case "auth/session-cookie-revoked":
			return new WidgetTokenError("credential_expired", { detail });
		case "auth/user-disabled":
			return new WidgetTokenError("user_disabled", { detail });
		// checkRevoked of a user who has been deleted since.
		case "auth/user-not-found":
		case "auth/invalid-id-token":
			return new WidgetTokenError("credential_invalid", { detail });
		case "auth/mismatching-tenant-id":
			return new WidgetTokenError("tenant_mismatch", { detail });
		case "auth/argument-error":
			if (blamesToken(message))
				return new WidgetTokenError("credential_invalid", { detail: `the ${type} is forged, damaged or from another project` });
			return new WidgetTokenError("provider_unavailable", { detail: "Google's certificates could not be fetched" });
		case "app/no-app":
			return misconfigured("no Firebase app is initialized; call initializeApp() first, or pass `app`");
		case "auth/invalid-credential":
			return withoutProject();
		case "auth/insufficient-permission":
		case "auth/configuration-not-found":
		case "auth/project-not-found":
		case "auth/invalid-tenant-id":
		case "auth/tenant-not-found":
			return misconfigured(`checkRevoked is refused (${code})`);
		case "app/invalid-credential":
			if (lacksCredentials(message)) return misconfigured("checkRevoked needs a service account; pass `credential` to initializeApp()");
			return new WidgetTokenError("provider_unavailable", { detail: "the access token for checkRevoked could not be fetched" });
		default:
			return new WidgetTokenError("provider_unavailable", { detail, ...parseRetryAfter(httpResponse?.headers?.["retry-after"]) });
	}
}

/** Whether firebase-admin knows no such user, in the project or in the tenant that it asked. */
export function isUserNotFound(error: unknown): boolean {
	return error instanceof Error && (error as SdkError).code === "auth/user-not-found";
}

interface SdkError {
	readonly code?: unknown;
	readonly message?: string;
	/** Since firebase-admin 14. */
	readonly httpResponse?: { readonly headers?: Readonly<Record<string, unknown>> };
}

/**
 * firebase-admin reports a bad token and a failed fetch of the certificates alike, as `auth/argument-error`.
 *
 * What it says of a token begins with one of these; anything else is what the network said.
 */
const aboutToken =
	/^(?:Firebase (?:ID token|session cookie) has |Decoding Firebase |verify(?:IdToken|SessionCookie)\(\) expects |First argument to verify)/;

function blamesToken(message: string | undefined): boolean {
	return message !== undefined && aboutToken.test(message);
}

function lacksCredentials(message: string | undefined): boolean {
	return message !== undefined && /Could not load the default credentials|invalid_grant/.test(message);
}

function withoutProject(): WidgetTokenError {
	return misconfigured("the Firebase app has no project id; pass `projectId` to initializeApp(), or set GOOGLE_CLOUD_PROJECT");
}

function misconfigured(detail: string): WidgetTokenError {
	return new WidgetTokenError("provider_misconfigured", { detail });
}
