import type { User } from "@clerk/backend";
import { type Identify, WidgetTokenError } from "@widget-token/core";
import type { ClerkIdentifyOptions } from "./identify-options.ts";
import { type ClerkAuthState, readSession } from "./session.ts";
import { type ClerkSessionClaims, checkSessionClaimNames, readSessionClaims, type SessionClaimNames } from "./session-claims.ts";
import { fetchUser, readUser } from "./user.ts";

/** How an SDK entry verifies a request and asks for a user. */
export interface ClerkSessionSource {
	authenticate(request: Request): Promise<ClerkAuthState>;
	getUser(userId: string): Promise<User | null>;
}

/** The steps that every entry shares: verify the session, refuse what is no user's own, read the user. */
export function createSessionIdentify(
	source: ClerkSessionSource,
	options: ClerkIdentifyOptions<SessionClaimNames | undefined>,
): Identify<User> | Identify<ClerkSessionClaims> {
	const allowImpersonation = options.allowImpersonation ?? false;
	if (typeof allowImpersonation !== "boolean")
		throw new WidgetTokenError("options_invalid", { detail: "`allowImpersonation` is not a boolean" });
	if (options.sessionClaims !== undefined) {
		const names = checkSessionClaimNames(options.sessionClaims);
		return async (request: Request) => {
			const session = readSession(await source.authenticate(request), allowImpersonation);
			return session && readSessionClaims(session, names);
		};
	}
	return async (request, { signal }) => {
		const session = readSession(await source.authenticate(request), allowImpersonation);
		if (session === null) return null;
		// The SDK takes no signal: all that can be kept from happening is a request that nobody waits for.
		signal.throwIfAborted();
		return readUser(await fetchUser(session, (userId) => source.getUser(userId)), session);
	};
}
