import { type Identity, WidgetTokenError } from "@widget-token/core";
import type { ClerkSession } from "./session.ts";

/**
 * Which custom claims of the session token hold what, by the names that the integrator gave them in the dashboard.
 *
 * Clerk's session token has none of them by default. Fill them from shortcodes that the user cannot write, never from
 * `user.unsafe_metadata` (https://clerk.com/docs/guides/sessions/customize-session-tokens).
 */
export interface SessionClaimNames {
	/** `{{user.primary_email_address}}` */
	readonly email?: string | undefined;
	/** `{{user.email_verified}}`: without it the address counts as not verified. */
	readonly emailVerified?: string | undefined;
	/** `{{user.full_name}}` */
	readonly name?: string | undefined;
	/** `{{user.image_url}}` */
	readonly picture?: string | undefined;
	readonly locale?: string | undefined;
}

/** The verified claims of Clerk's session token. */
export interface ClerkSessionClaims {
	readonly sub: string;
	readonly sid: string;
	readonly [name: string]: unknown;
}

const fields = ["email", "emailVerified", "name", "picture", "locale"] as const satisfies readonly (keyof SessionClaimNames)[];

/** Checks the names, once. Throws `options_invalid`. */
export function checkSessionClaimNames(names: SessionClaimNames): SessionClaimNames {
	if (typeof names !== "object" || names === null)
		throw new WidgetTokenError("options_invalid", { detail: "`sessionClaims` is not an object" });
	for (const [field, name] of Object.entries(names)) {
		if (!(fields as readonly string[]).includes(field))
			throw new WidgetTokenError("options_invalid", { detail: `\`sessionClaims\` knows ${fields.join(", ")}` });
		if (name !== undefined && (typeof name !== "string" || name === "")) {
			throw new WidgetTokenError("options_invalid", { detail: `\`sessionClaims.${field}\` is not the name of a claim` });
		}
	}
	return Object.freeze({ ...names });
}

/** Maps the claims of a session to an identity, without asking Clerk's backend. */
export function readSessionClaims({ userId, claims, organization }: ClerkSession, names: SessionClaimNames): Identity<ClerkSessionClaims> {
	const text = (field: keyof SessionClaimNames): string | undefined => {
		const value = names[field] === undefined ? undefined : claims[names[field]];
		// Core refuses an empty address; here it says that the user has none.
		if (value === undefined || value === null || typeof value === "string") return value || undefined;
		throw new WidgetTokenError("provider_misconfigured", {
			detail: `the session claim that \`sessionClaims.${field}\` names is not text; correct it at Clerk under Sessions, Customize session token`,
		});
	};
	return {
		id: userId,
		provider: "clerk",
		email: text("email"),
		emailVerified: names.emailVerified === undefined ? undefined : claims[names.emailVerified] === true,
		name: text("name"),
		picture: text("picture"),
		locale: text("locale"),
		organization,
		user: claims as ClerkSessionClaims,
	};
}
