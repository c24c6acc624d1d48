import { type Identify, WidgetTokenError } from "@widget-token/core";
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey, jwtVerify } from "jose";
import { checkTenantId, type FirebaseClaims, identityFromClaims } from "./claims.ts";
import { type Credential, checkCookieName, checkTokenFormat, invalid, readCredential } from "./credential.ts";
import { parseRetryAfter } from "./retry-after.ts";

/** How Firebase's users are read from a request where firebase-admin cannot run. */
export interface FirebaseIdentifyOptions {
	/** The id of the Firebase project, the `projectId` of the web app's configuration. */
	readonly projectId: string;
	/** The name of the cookie that holds a session cookie of `createSessionCookie()`. Default: none is read. */
	readonly sessionCookie?: string | undefined;
	/** The Identity Platform tenant whose users are served. Default: none, and users of any tenant are refused. */
	readonly tenantId?: string | undefined;
	/** Fetches Google's keys. Default: the runtime's `fetch`. */
	readonly fetch?: typeof globalThis.fetch | undefined;
}

/**
 * Reads the signed-in user of Firebase Authentication in an edge runtime, with the checks that firebase-admin makes.
 *
 * It fetches Google's public keys and keeps them for an hour; it makes no other request. So revoked sessions and
 * disabled users are not seen until the ID token expires, at most an hour later, and the tokens of the Auth emulator,
 * which are not signed, are always refused.
 *
 * Throws `credential_invalid`, `credential_expired`, `user_anonymous`, `tenant_mismatch` and `provider_unavailable`.
 *
 * Source: https://firebase.google.com/docs/auth/admin/verify-id-tokens#verify_id_tokens_using_a_third-party_jwt_library
 *
 * @example
 * ```ts
 * import { createTokenHandler } from "@widget-token/core";
 * import { createFirebaseIdentify } from "@widget-token/firebase/edge";
 * import { bestChatBot } from "@widget-token/widgets";
 *
 * const handler = createTokenHandler({
 * 	identify: createFirebaseIdentify({ projectId: "my-project" }),
 * 	widget: bestChatBot,
 * });
 *
 * export const fetch = (request: Request): Promise<Response> => handler(request);
 * ```
 */
export function createFirebaseIdentify(options: FirebaseIdentifyOptions): Identify<FirebaseClaims> {
	const { projectId, sessionCookie, tenantId, fetch } = options;
	if (typeof projectId !== "string" || !/^[^\s/]+$/.test(projectId)) {
		throw new WidgetTokenError("options_invalid", { detail: "projectId is not the id of a Firebase project" });
	}
	checkCookieName(sessionCookie);
	checkTenantId(tenantId);
	const verifiers = {
		"ID token": createVerifier(issuers["ID token"], projectId, fetch),
		"session cookie": createVerifier(issuers["session cookie"], projectId, fetch),
	};
	return async (request) => {
		const credential = readCredential(request, sessionCookie);
		if (credential === null) return null;
		checkTokenFormat(credential);
		return identityFromClaims(await verifiers[credential.type](credential), tenantId);
	};
}

interface Issuer {
	readonly issuer: string;
	readonly jwks: string;
}

const issuers: Readonly<Record<Credential["type"], Issuer>> = {
	"ID token": {
		issuer: "https://securetoken.google.com/",
		jwks: "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com",
	},
	// https://cloud.google.com/identity-platform/docs/reference/rest/v1/TopLevel/getSessionCookiePublicKeys
	"session cookie": {
		issuer: "https://session.firebase.google.com/",
		jwks: "https://identitytoolkit.googleapis.com/v1/sessionCookiePublicKeys",
	},
};
/** Google lets its keys be kept for some five hours; a token that names an unknown one makes jose ask again before. */
const cacheMilliseconds = 3_600_000;

function createVerifier({ issuer, jwks }: Issuer, projectId: string, fetch: typeof globalThis.fetch | undefined) {
	const getKey = createGetKey(jwks, fetch);
	return async ({ type, token }: Credential): Promise<FirebaseClaims> => {
		try {
			const { payload } = await jwtVerify(token, getKey, {
				algorithms: ["RS256"],
				issuer: `${issuer}${projectId}`,
			});
			// Not by jose's `audience`, which takes a list that holds it: Firebase never issues one.
			if (payload.aud !== projectId) throw invalid(`the ${type} is for another project`);
			return { ...payload, uid: payload.sub } as FirebaseClaims;
		} catch (error) {
			if (error instanceof errors.JWTExpired) throw new WidgetTokenError("credential_expired", { detail: `the ${type} has expired` });
			// jose's errors hold the claims.
			if (error instanceof errors.JOSEError) throw invalid(`the ${type} is forged, damaged or from another project (${error.code})`);
			throw error;
		}
	};
}

/** Google's keys; a failure to get them is told apart from a token that names none of them. */
function createGetKey(jwks: string, fetch: typeof globalThis.fetch | undefined): JWTVerifyGetKey {
	const fetchKeys = async (url: string, init: RequestInit): Promise<Response> => {
		const response = await (fetch ?? globalThis.fetch)(url, init);
		if (response.ok) return response;
		throw unavailable(parseRetryAfter(response.headers.get("retry-after")));
	};
	const getKey = createRemoteJWKSet(new URL(jwks), { cacheMaxAge: cacheMilliseconds, [customFetch]: fetchKeys });
	return async (header, token) => {
		if (typeof header?.kid !== "string" || header.kid === "") throw invalid("the token names no key");
		try {
			return await getKey(header, token);
		} catch (error) {
			if (error instanceof WidgetTokenError || error instanceof errors.JWKSNoMatchingKey) throw error;
			throw unavailable({ cause: error });
		}
	};
}

function unavailable(options: { retryAfterSeconds?: number; cause?: unknown }): WidgetTokenError {
	return new WidgetTokenError("provider_unavailable", { detail: "Google's public keys could not be fetched", ...options });
}
