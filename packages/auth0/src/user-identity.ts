import { type Identity, WidgetTokenError } from "@widget-token/core";

/**
 * Maps the verified user of a session to an identity.
 *
 * `user_metadata` is never read, for the user writes it; nor is any role, for Auth0 has no claim of its own for it.
 */
export function readIdentity<User extends object>(user: User | null | undefined): Identity<User> & { readonly user: User } {
	const claims: Readonly<Record<string, unknown>> = { ...user };
	const id = claims["sub"];
	// Other cookies of the SDK are encrypted with the same key: a login's state that is sent as the session has no `sub`.
	if (user === null || user === undefined || typeof id !== "string" || id === "")
		throw new WidgetTokenError("credential_invalid", { detail: "the session has no `sub`" });
	const email = text(claims["email"]);
	const emailVerified = typeof claims["email_verified"] === "boolean" ? claims["email_verified"] : undefined;
	const organizationId = text(claims["org_id"]);
	const organizationName = text(claims["org_name"]);
	return {
		id,
		provider: "auth0",
		email,
		emailVerified,
		name: readName(claims["name"], email, emailVerified),
		picture: text(claims["picture"]),
		phoneNumber: claims["phone_number_verified"] === true ? text(claims["phone_number"]) : undefined,
		locale: text(claims["locale"]),
		organization: organizationId === undefined ? undefined : { id: organizationId, slug: organizationName, name: organizationName },
		user,
	};
}

// Auth0 fills the name of a user without one with the e-mail address, which would pass an unverified address on.
function readName(value: unknown, email: string | undefined, emailVerified: boolean | undefined): string | undefined {
	const name = text(value);
	const isAddress = name !== undefined && name.trim().toLowerCase() === email?.trim().toLowerCase();
	return isAddress && emailVerified !== true ? undefined : name;
}

function text(value: unknown): string | undefined {
	return typeof value === "string" && value !== "" ? value : undefined;
}
