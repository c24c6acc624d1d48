import type { JwtPayload, User } from "@supabase/supabase-js";
import { type Identity, WidgetTokenError } from "@widget-token/core";

/**
 * The identity of a user that Supabase Auth has just answered with.
 *
 * `email_confirmed_at` says that the address is verified. It is set without a mail where the project's "Confirm email" is
 * switched off. Nothing of `user_metadata` is believed, for the user writes it; a name and a picture are only shown.
 */
export function identityOfUser(user: User): Identity<User> {
	const email = user.email || undefined;
	return {
		id: user.id,
		provider: "supabase",
		email,
		emailVerified: email === undefined ? undefined : Boolean(user.email_confirmed_at),
		...displayFields(user.user_metadata),
		// GoTrue keeps the digits of E.164 without the plus sign.
		phoneNumber: user.phone && user.phone_confirmed_at ? `+${user.phone.replace(/^\+/, "")}` : undefined,
		user,
	};
}

/** The identity of verified claims. They do not say whether the address or the number is confirmed. */
export function identityOfClaims(claims: JwtPayload): Identity<JwtPayload> {
	const email = typeof claims["email"] === "string" ? claims["email"] || undefined : undefined;
	return { id: claims.sub, provider: "supabase", email, emailVerified: undefined, ...displayFields(claims["user_metadata"]), user: claims };
}

/** Refuses a user who may not get a token, however valid the session is. */
export function checkUser(user: User, assuranceLevel: unknown, allowPendingSecondFactor: boolean): void {
	const { is_anonymous, banned_until, deleted_at } = user;
	if (is_anonymous === true) throw new WidgetTokenError("user_anonymous");
	if (deleted_at || (banned_until && !(Date.parse(banned_until) <= Date.now())))
		throw new WidgetTokenError("user_disabled", { detail: "the user is banned or deleted" });
	const secondFactor = user.factors?.some(({ status }) => status === "verified") === true;
	if (secondFactor && assuranceLevel !== "aal2" && !allowPendingSecondFactor) {
		throw new WidgetTokenError("session_pending", {
			detail: "the second factor has not been given (aal2); see `allowPendingSecondFactor`",
		});
	}
}

function displayFields(metadata: unknown): Pick<Identity, "name" | "picture"> {
	const { full_name, name, avatar_url } = (metadata ?? {}) as Record<string, unknown>;
	return { name: text(full_name) ?? text(name), picture: webAddress(avatar_url) };
}

function text(value: unknown): string | undefined {
	return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

// Apps also keep storage paths and data: URLs there, which nobody else could show.
function webAddress(value: unknown): string | undefined {
	return typeof value === "string" && value.length <= 2048 && /^https?:\/\//i.test(value) && URL.canParse(value) ? value : undefined;
}
