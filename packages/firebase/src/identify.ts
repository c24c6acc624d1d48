import { type Identify, WidgetTokenError } from "@widget-token/core";
import type { App } from "firebase-admin/app";
import { type BaseAuth, type DecodedIdToken, getAuth } from "firebase-admin/auth";
import { checkTenant, checkTenantId, identityFromClaims } from "./claims.ts";
import { checkCookieName, checkTokenFormat, readCredential } from "./credential.ts";
import { fromSdkError, isUserNotFound } from "./sdk-error.ts";

/** How Firebase's users are read from a request. */
export interface FirebaseIdentifyOptions {
	/** The Firebase app. Default: the one that `initializeApp()` made without a name, looked up at the first request. */
	readonly app?: App | undefined;
	/**
	 * The name of the cookie that holds a session cookie of `createSessionCookie()`. Default: none is read.
	 *
	 * Firebase Hosting passes only a cookie named `__session` on (https://firebase.google.com/docs/hosting/manage-cache).
	 */
	readonly sessionCookie?: string | undefined;
	/**
	 * Asks Firebase at each request whether the session was revoked or the user disabled or deleted. Default: false, as
	 * in firebase-admin: such a user keeps getting tokens until the ID token expires, at most an hour later.
	 *
	 * It costs a request, and a service account (https://firebase.google.com/docs/auth/admin/manage-sessions).
	 */
	readonly checkRevoked?: boolean | undefined;
	/** The Identity Platform tenant whose users are served. Default: none, and users of any tenant are refused. */
	readonly tenantId?: string | undefined;
}

/**
 * Reads the signed-in user of Firebase Authentication, from a bearer ID token or from a session cookie.
 *
 * The identity's `user` is firebase-admin's `DecodedIdToken`, with the custom claims at its top level. `emailVerified`
 * is Firebase's `email_verified`, false for a new password account. There are no `roles`: map them from custom claims.
 *
 * Throws `credential_invalid`, `credential_expired` (also when revoked), `user_anonymous`, `user_disabled`,
 * `tenant_mismatch`, `provider_unavailable`, `provider_misconfigured`, and `emulator_in_production` when
 * `FIREBASE_AUTH_EMULATOR_HOST` is set with `NODE_ENV=production`, for the SDK then takes unsigned tokens.
 *
 * Source: https://firebase.google.com/docs/auth/admin/verify-id-tokens and firebase-admin 14.5.
 *
 * @example
 * ```ts
 * import { createTokenHandler } from "@widget-token/core";
 * import { createFirebaseIdentify } from "@widget-token/firebase";
 * import { bestChatBot } from "@widget-token/widgets";
 *
 * export const handler = createTokenHandler({
 * 	identify: createFirebaseIdentify({ checkRevoked: true }),
 * 	widget: bestChatBot,
 * });
 * ```
 */
export function createFirebaseIdentify(options: FirebaseIdentifyOptions = {}): Identify<DecodedIdToken> {
	const { app, sessionCookie, checkRevoked = false, tenantId } = options;
	checkCookieName(sessionCookie);
	checkTenantId(tenantId);
	if (typeof checkRevoked !== "boolean") throw new WidgetTokenError("options_invalid", { detail: "checkRevoked is not a boolean" });

	return async (request) => {
		const emulated = isEmulated();
		const credential = readCredential(request, sessionCookie);
		if (credential === null) return null;
		const tenant = checkTokenFormat(credential, emulated);
		const { type, token } = credential;
		let claims: DecodedIdToken;
		try {
			const auth = authOf(app, tenantId);
			claims = await (type === "ID token" ? auth.verifyIdToken(token, checkRevoked) : auth.verifySessionCookie(token, checkRevoked));
		} catch (error) {
			// By now the signature is verified: the look-up of checkRevoked, in another tenant, found nobody.
			if (isUserNotFound(error)) checkTenant(tenant, tenantId);
			throw fromSdkError(error, type);
		}
		return identityFromClaims(claims, tenantId);
	};
}

function authOf(app: App | undefined, tenantId: string | undefined): BaseAuth {
	const auth = app === undefined ? getAuth() : getAuth(app);
	return tenantId === undefined ? auth : auth.tenantManager().authForTenant(tenantId);
}

/** Read at each request, as firebase-admin reads it when the app is first used. */
function isEmulated(): boolean {
	if (!process.env.FIREBASE_AUTH_EMULATOR_HOST) return false;
	if (process.env.NODE_ENV === "production") {
		throw new WidgetTokenError("emulator_in_production", { detail: "FIREBASE_AUTH_EMULATOR_HOST is set and NODE_ENV is production" });
	}
	return true;
}
