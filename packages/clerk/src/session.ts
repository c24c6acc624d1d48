import { WidgetTokenError } from "@widget-token/core";

/** What Clerk's SDK says of a request: whether it carried a session, why not, and the session. */
export interface ClerkAuthState {
	/** `signed-in`, `signed-out` or `handshake`. */
	readonly status: string | null | undefined;
	/** Why the request is not signed in, in the SDK's words; empty or null when it is. */
	readonly reason: string | null | undefined;
	readonly session: ClerkSessionObject | null;
}

/** The members of the SDK's auth object that are read. */
export interface ClerkSessionObject {
	readonly userId?: string | null | undefined;
	readonly sessionId?: string | null | undefined;
	readonly sessionStatus?: string | null | undefined;
	readonly sessionClaims?: Readonly<Record<string, unknown>> | null | undefined;
	readonly actor?: unknown;
	readonly orgId?: string | null | undefined;
	readonly orgSlug?: string | null | undefined;
	readonly orgRole?: string | null | undefined;
}

/** A complete session of a user. */
export interface ClerkSession {
	readonly userId: string;
	readonly claims: Readonly<Record<string, unknown>>;
	readonly organization: { readonly id: string; readonly slug: string | undefined; readonly role: string | undefined } | undefined;
}

/**
 * The session of a request; null when nobody is signed in.
 *
 * The SDK folds a refused token and an outage into "signed out"; the reason beside it tells them apart.
 */
export function readSession({ status, reason, session }: ClerkAuthState, allowImpersonation: boolean): ClerkSession | null {
	if (session?.sessionStatus === "pending")
		throw new WidgetTokenError("session_pending", { detail: "`sts` of the session token is pending" });
	if (status !== "signed-in") return refuseOrSignedOut(reason ?? "");
	// A verified token of another kind: the SDK calls the request signed in and leaves the user out.
	if (!isText(session?.userId)) throw clientRefused("it is no session token");
	// Tokens of JWT templates carry no session id, and they outlive the session (@clerk/backend, tokens/request.ts).
	if (!isText(session.sessionId)) throw clientRefused("the token has no `sid`");
	const sessionStatus = session.sessionStatus ?? "active";
	if (sessionStatus !== "active") throw new WidgetTokenError("session_pending", { detail: "`sts` of the session token is not active" });
	if (!allowImpersonation && session.actor !== undefined && session.actor !== null) {
		throw new WidgetTokenError("user_impersonated", { detail: "the session token carries `act`" });
	}
	return { userId: session.userId, claims: session.sessionClaims ?? {}, organization: readOrganization(session) };
}

function readOrganization({ orgId, orgSlug, orgRole }: ClerkSessionObject): ClerkSession["organization"] {
	// Core refuses an empty slug; here it says that there is none.
	return isText(orgId) ? { id: orgId, slug: orgSlug || undefined, role: orgRole || undefined } : undefined;
}

// No session token came with the request, or the browser's own record of the sign-in says that it is over.
const signedOut: ReadonlySet<string> = new Set([
	"session-token-and-uat-missing",
	"session-token-missing",
	"session-token-but-no-client-uat",
	"client-uat-but-no-session-token",
	"dev-browser-missing",
	"dev-browser-sync",
	"satellite-needs-syncing",
	"primary-responds-to-syncing",
]);

const expired: ReadonlySet<string> = new Set(["token-expired", "session-token-iat-before-client-uat", "active-organization-mismatch"]);

// `unexpected-error` is what a fetch of the signing keys ends in that throws: no network, an HTML page.
const unavailable: ReadonlySet<string> = new Set([
	"unexpected-error",
	"jwk-remote-failed-to-load",
	"jwk-remote-invalid",
	"jwk-remote-missing",
]);

const steps: Readonly<Record<string, string>> = {
	"secret-key-invalid": "set CLERK_SECRET_KEY to the secret key of this instance",
	"jwk-local-missing": "pass `jwtKey`, or set CLERK_SECRET_KEY",
	"jwk-failed-to-resolve": "pass `jwtKey`, or set CLERK_SECRET_KEY",
};

function refuseOrSignedOut(reason: string): null {
	if (signedOut.has(reason)) return null;
	const detail = `Clerk: ${/^[a-z-]{1,80}$/.test(reason) ? reason : "no reason given"}`;
	const step = steps[reason];
	if (step !== undefined) throw new WidgetTokenError("provider_misconfigured", { detail: `${detail}; ${step}` });
	if (unavailable.has(reason)) throw new WidgetTokenError("provider_unavailable", { detail });
	if (reason === "token-type-mismatch") throw clientRefused(detail);
	if (expired.has(reason) || reason.startsWith("session-token-expired")) throw new WidgetTokenError("credential_expired", { detail });
	throw new WidgetTokenError("credential_invalid", { detail });
}

function clientRefused(detail: string): WidgetTokenError {
	return new WidgetTokenError("client_refused", { detail: `${detail}; tokens of machines, OAuth clients and JWT templates are refused` });
}

function isText(value: unknown): value is string {
	return typeof value === "string" && value !== "";
}
