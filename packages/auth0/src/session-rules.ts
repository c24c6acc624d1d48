import { WidgetTokenError } from "@widget-token/core";

/** Which sessions of the tenant get a token, beside those that are always refused. */
export interface Auth0SessionRules {
	/** The only organization whose members get a token (`org_id`, such as `org_…`). Default: sessions of every organization, and of none. */
	readonly organizationId?: string | undefined;
	/** The only issuer whose sessions get a token, such as `https://tenant.eu.auth0.com/`; read from the session's ID token. Default: the SDK's own. */
	readonly issuer?: string | undefined;
	/**
	 * The greatest age of a session in whole seconds, counted from the sign-in. Default: as long as the SDK keeps it.
	 *
	 * A session is a snapshot of the sign-in: a block, a lost organization or an e-mail address that was changed since
	 * then is not seen. This bounds how old the snapshot may be (`credential_expired`).
	 */
	readonly maximumSessionAgeSeconds?: number | undefined;
}

/** What an SDK has verified about a session. */
export interface SessionEvidence {
	/** The claims of the ID token; undefined when the session keeps none. */
	readonly idTokenClaims: Readonly<Record<string, unknown>> | undefined;
	/** Seconds since the epoch. */
	readonly signedInAt: unknown;
}

/** Checks the rules themselves, once. Throws `options_invalid`. */
export function checkSessionRules({ organizationId, issuer, maximumSessionAgeSeconds }: Auth0SessionRules): void {
	// An empty variable of the environment must not read as "any organization".
	if (organizationId !== undefined && (typeof organizationId !== "string" || organizationId.trim() === "")) {
		throw new WidgetTokenError("options_invalid", { detail: "`organizationId` is empty" });
	}
	if (issuer !== undefined && !URL.canParse(issuer))
		throw new WidgetTokenError("options_invalid", { detail: "`issuer` is not a URL, such as https://tenant.eu.auth0.com/" });
	if (maximumSessionAgeSeconds !== undefined && !(Number.isSafeInteger(maximumSessionAgeSeconds) && maximumSessionAgeSeconds > 0)) {
		throw new WidgetTokenError("options_invalid", { detail: "`maximumSessionAgeSeconds` is not a positive whole number" });
	}
}

/** Refuses a session that somebody else acts in, or that the rules exclude. */
export function applySessionRules(
	user: object,
	{ idTokenClaims, signedInAt }: SessionEvidence,
	rules: Auth0SessionRules,
	now: number,
): void {
	const { act, org_id } = user as Readonly<Record<string, unknown>>;
	// `beforeSessionSaved` may have dropped `act` from the user; the ID token keeps it (RFC 8693 §4.1).
	if (isPresent(act) || isPresent(idTokenClaims?.["act"]))
		throw new WidgetTokenError("user_impersonated", { detail: "the session carries `act`" });
	if (rules.organizationId !== undefined && org_id !== rules.organizationId) {
		throw new WidgetTokenError("tenant_mismatch", { detail: "`org_id` of the session is not `organizationId`" });
	}
	if (rules.issuer !== undefined && withSlash(idTokenClaims?.["iss"]) !== withSlash(rules.issuer)) {
		throw new WidgetTokenError("tenant_mismatch", { detail: "`iss` of the session's ID token is not `issuer`" });
	}
	if (rules.maximumSessionAgeSeconds === undefined) return;
	const age = typeof signedInAt === "number" ? now / 1000 - signedInAt : Number.NaN;
	if (!(age <= rules.maximumSessionAgeSeconds))
		throw new WidgetTokenError("credential_expired", { detail: "the session is older than `maximumSessionAgeSeconds`" });
}

function isPresent(value: unknown): boolean {
	return value !== undefined && value !== null;
}

// Auth0 writes its issuer with a slash at the end, people without.
function withSlash(issuer: unknown): string | undefined {
	if (typeof issuer !== "string") return undefined;
	return issuer.endsWith("/") ? issuer : `${issuer}/`;
}
