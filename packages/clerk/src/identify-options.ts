import type { SessionClaimNames } from "./session-claims.ts";

/** What decides which sessions get a token, and where the user is read from. */
export interface ClerkIdentifyOptions<Names extends SessionClaimNames | undefined = undefined> {
	/** Gives tokens also to somebody who acts as the user, a support agent or an AI agent (`act`). Default: false. */
	readonly allowImpersonation?: boolean | undefined;
	/**
	 * Reads the user from these custom claims of the session token, without a request to Clerk's backend. Default: the
	 * backend is asked. `role` and `claims` then get the token's claims in place of Clerk's user.
	 *
	 * A ban, a lock, a deletion and a changed address are not seen until the token is renewed, which Clerk does every minute.
	 */
	readonly sessionClaims?: Names | undefined;
}
