import type { User } from "@clerk/backend";
import { type Identity, WidgetTokenError } from "@widget-token/core";
import { readBackendError } from "./backend-error.ts";
import type { ClerkSession } from "./session.ts";

/**
 * Asks Clerk's backend for the user of a session, once.
 *
 * The SDK returns whatever the backend answers, also an HTML page as a string, so the answer is checked to be that user.
 */
export async function fetchUser(session: ClerkSession, fetch: (userId: string) => Promise<User | null>): Promise<User> {
	let user: User | null;
	try {
		user = await fetch(session.userId);
	} catch (error) {
		throw readBackendError(error);
	}
	if (typeof user !== "object" || user === null || user.id !== session.userId) {
		throw new WidgetTokenError("provider_unavailable", { detail: "Clerk's backend answered with something that is not the user" });
	}
	if (user.banned !== false || user.locked !== false)
		throw new WidgetTokenError("user_disabled", { detail: user.banned ? "`banned`" : "`locked`" });
	return user;
}

/** Maps a user to an identity. `unsafeMetadata` is never read, for the user writes it; nor is any role but the organization's. */
export function readUser(user: User, { organization }: ClerkSession): Identity<User> {
	const email = user.primaryEmailAddress;
	const phone = user.primaryPhoneNumber;
	return {
		id: user.id,
		provider: "clerk",
		email: email?.emailAddress,
		emailVerified: email === null ? undefined : email.verification?.status === "verified",
		name: user.fullName ?? undefined,
		picture: user.imageUrl,
		phoneNumber: phone?.verification?.status === "verified" ? phone.phoneNumber : undefined,
		locale: user.locale ?? undefined,
		organization,
		user,
	};
}
