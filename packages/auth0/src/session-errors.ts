import { WidgetTokenError } from "@widget-token/core";
import { isNextControlFlow } from "@widget-token/core/next";

/**
 * Tells a failure of `auth0.getSession()` apart: a refused cookie, a mistake in the set-up, another tenant, an outage.
 *
 * What is none of these is returned as it is; it answers 500 and never a token.
 */
export function readSessionError(error: unknown): unknown {
	if (error instanceof WidgetTokenError || isNextControlFlow(error)) return error;
	for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth += 1) {
		const known = classify(current, error);
		if (known !== undefined) return known;
	}
	return error;
}

function classify(error: Error, cause: unknown): WidgetTokenError | undefined {
	const code = "code" in error && typeof error.code === "string" ? error.code : "";
	if (code === "ERR_JWT_EXPIRED") return new WidgetTokenError("credential_expired", { cause });
	// jose names a cookie that it cannot decrypt by code, and one that asks for another kind of key by a plain TypeError.
	if (/^ERR_J(?:OSE|W[EST])_/.test(code) || (error instanceof TypeError && /^Key for the \S+ algorithm must be/.test(error.message))) {
		return new WidgetTokenError("credential_invalid", { detail: "the session cookie cannot be decrypted", cause });
	}
	if (code === "session_domain_mismatch" || code === "issuer_validation_error")
		return new WidgetTokenError("tenant_mismatch", { detail: "the session was made for another Auth0 domain", cause });
	if (code === "invalid_configuration" || code === "domain_validation_error" || code === "enterprise_connect_not_supported") {
		return misconfigured(
			"Auth0Client refuses its configuration",
			"Check AUTH0_DOMAIN and the options of Auth0Client; the cause of this error, on the server, names the option.",
			cause,
		);
	}
	// The SDK only warns of a missing secret when it is created, and fails at the first cookie.
	if (error instanceof TypeError && error.message.includes('"ikm"'))
		return misconfigured("Auth0Client has no secret", "Set AUTH0_SECRET, or pass `secret` to Auth0Client.", cause);
	if (/outside a request scope/.test(error.message)) {
		return misconfigured(
			"auth0.getSession() was called outside a request of the App Router",
			"Use `withAuth0WidgetTokenApiRoute` from @widget-token/auth0/pages for pages/api.",
			cause,
		);
	}
	if (isOutage(error, code)) return new WidgetTokenError("provider_unavailable", { detail: "the session could not be read", cause });
	return undefined;
}

function misconfigured(detail: string, remedy: string, cause: unknown): WidgetTokenError {
	return new WidgetTokenError("provider_misconfigured", { detail, remedy, cause });
}

// The session itself is in the cookie; only a session store or a domain resolver of the app asks the network.
function isOutage(error: Error, code: string): boolean {
	if (code === "discovery_error" || error.name === "AbortError" || error.name === "TimeoutError") return true;
	if (error instanceof TypeError && error.message === "fetch failed") return true;
	return /^(?:ECONN|ENOTFOUND|ENETUNREACH|EHOSTUNREACH|EAI_AGAIN|EPIPE|ETIMEDOUT|UND_ERR_)/.test(code);
}
