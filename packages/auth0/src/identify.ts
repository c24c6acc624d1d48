import type { Identify } from "@widget-token/core";
import { readIdTokenClaims } from "./id-token.ts";
import { readSessionError } from "./session-errors.ts";
import { type Auth0SessionRules, applySessionRules, checkSessionRules } from "./session-rules.ts";
import { readIdentity } from "./user-identity.ts";

/** The part of a session of `@auth0/nextjs-auth0` that is read. */
export interface Auth0Session<User extends object> {
	readonly user: User;
	readonly tokenSet?: { readonly idToken?: string | undefined } | undefined;
	readonly internal?: { readonly createdAt?: number | undefined } | undefined;
}

/** The part of an `Auth0Client` (`@auth0/nextjs-auth0/server`) that is used. */
export interface Auth0SessionReader<User extends object> {
	getSession(request?: Request): Promise<Auth0Session<User> | null>;
}

/** Options of {@link createAuth0Identify}. */
export interface Auth0IdentifyOptions<User extends object> extends Auth0SessionRules {
	/** The app's `Auth0Client`. */
	readonly auth0: Auth0SessionReader<User>;
	/**
	 * Where the session cookie is read: `app` from Next's own request (`getSession()`, in Route Handlers and Server
	 * Components), `pages` from the request that is handed over (`getSession(request)`, in `pages/api` and `proxy.ts`).
	 * Default: `app`.
	 */
	readonly router?: "app" | "pages" | undefined;
	/** Milliseconds since the epoch. Default: `Date.now`. */
	readonly now?: (() => number) | undefined;
}

/**
 * Reads the verified user of an Auth0 session, without a request to Auth0.
 *
 * The SDK decrypts the session cookie and answers null when there is none, and also for one that is expired, damaged or
 * encrypted with another secret: all of them are "nobody is signed in" (`@auth0/nextjs-auth0` 4.30, `decrypt`). An
 * API access token in `Authorization` is not looked at: it is not the session of a user. `email` counts as verified
 * only with `email_verified: true`.
 *
 * @throws WidgetTokenError at construction: `options_invalid`. For each request: `credential_invalid`,
 * `credential_expired`, `user_impersonated`, `tenant_mismatch`, `provider_misconfigured`, `provider_unavailable`.
 * @example
 * ```ts
 * import { Auth0Client } from "@auth0/nextjs-auth0/server";
 * import { createAuth0Identify } from "@widget-token/auth0";
 *
 * const identify = createAuth0Identify({ auth0: new Auth0Client(), organizationId: "org_north" });
 * ```
 */
export function createAuth0Identify<User extends object>(options: Auth0IdentifyOptions<User>): Identify<User> {
	const { auth0, router = "app", now = Date.now, organizationId, issuer, maximumSessionAgeSeconds } = options;
	const rules: Auth0SessionRules = { organizationId, issuer, maximumSessionAgeSeconds };
	checkSessionRules(rules);

	return async (request) => {
		const session = await readSession(auth0, router === "app" ? undefined : request);
		if (session === null || session === undefined) return null;
		const identity = readIdentity(session.user);
		const evidence = { idTokenClaims: readIdTokenClaims(session.tokenSet?.idToken), signedInAt: session.internal?.createdAt };
		applySessionRules(identity.user, evidence, rules, now());
		return identity;
	};
}

async function readSession<User extends object>(
	auth0: Auth0SessionReader<User>,
	request: Request | undefined,
): Promise<Auth0Session<User> | null> {
	try {
		if (request === undefined) return await auth0.getSession();
		// A copy without the body: the SDK would take the stream of the original.
		return await auth0.getSession(new Request(request.url, { headers: request.headers }));
	} catch (error) {
		throw readSessionError(error);
	}
}
