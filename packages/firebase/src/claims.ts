import { type Identity, WidgetTokenError } from "@widget-token/core";
import { invalid } from "./credential.ts";

/** The claims of a verified Firebase ID token or session cookie; custom claims stand beside them, at the top level. */
export interface FirebaseClaims {
	/** The user's id, the same as `sub`. */
	readonly uid: string;
	readonly sub: string;
	readonly aud: string;
	readonly iss: string;
	/** Seconds since the epoch, as `exp` and `auth_time`. */
	readonly iat: number;
	readonly exp: number;
	readonly auth_time: number;
	readonly email?: string;
	readonly email_verified?: boolean;
	readonly phone_number?: string;
	readonly name?: string;
	readonly picture?: string;
	readonly firebase: {
		readonly sign_in_provider: string;
		readonly tenant?: string;
		readonly identities?: Readonly<Record<string, unknown>>;
		readonly [name: string]: unknown;
	};
	readonly [claim: string]: unknown;
}

/**
 * Seconds that a token may be ahead of this server's clock: the most that Google's own Python SDK lets a caller allow
 * (`clock_skew_seconds`, 0 to 60). firebase-admin for Node allows any number, and a token "from the future" outlives
 * the hour that it is good for.
 */
const clockToleranceSeconds = 60;
/** The longest id of a user, as firebase-admin checks it. */
const maximumSubjectLength = 128;

/**
 * The identity in verified claims.
 *
 * Refuses what a valid signature does not rule out: `credential_invalid` for a token from the future or without its
 * standard claims, `user_anonymous`, and `tenant_mismatch` for a user of any tenant but the configured one.
 */
export function identityFromClaims<User extends FirebaseClaims>(claims: User, tenantId: string | undefined): Identity<User> {
	const { sub, iat, exp, auth_time: authTime, firebase } = claims;
	if (typeof sub !== "string" || sub === "" || sub.length > maximumSubjectLength) throw invalid("the token names no user");
	const latest = Date.now() / 1000 + clockToleranceSeconds;
	if (![iat, exp, authTime].every(Number.isFinite) || iat > latest || authTime > latest)
		throw invalid("the token's times are missing or lie in the future");
	const provider: unknown = firebase?.sign_in_provider;
	if (typeof provider !== "string" || provider === "") throw invalid("the token does not say how the user signed in");
	checkTenant(firebase.tenant, tenantId);
	if (provider === "anonymous") throw new WidgetTokenError("user_anonymous");
	return {
		id: sub,
		provider: "firebase",
		email: text(claims.email),
		emailVerified: typeof claims.email_verified === "boolean" ? claims.email_verified : undefined,
		name: text(claims.name),
		picture: text(claims.picture),
		phoneNumber: text(claims.phone_number),
		organization: tenantId === undefined ? undefined : { id: tenantId },
		user: claims,
	};
}

/** Refuses a user of any tenant but the configured one; none is configured: a user of any tenant. */
export function checkTenant(tenant: unknown, tenantId: string | undefined): void {
	if (tenant === tenantId) return;
	const detail =
		tenantId === undefined
			? "the user belongs to a tenant, and no tenantId is configured"
			: "the user does not belong to the tenant of tenantId";
	throw new WidgetTokenError("tenant_mismatch", { detail });
}

/** Checks the `tenantId` option. */
export function checkTenantId(tenantId: string | undefined): void {
	if (tenantId !== undefined && (typeof tenantId !== "string" || tenantId.trim() === "")) {
		throw new WidgetTokenError("options_invalid", { detail: "tenantId is empty" });
	}
}

function text(value: unknown): string | undefined {
	return typeof value === "string" && value !== "" ? value : undefined;
}
