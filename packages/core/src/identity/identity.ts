import { WidgetTokenError } from "../base/index.ts";
import { findAddressProblem, findTextProblem, isPlainText, readExactText, readShownText } from "./text.ts";

/**
 * Who the visitor is, as the auth provider has verified it. The names are OpenID Connect's, in camel case.
 *
 * Every field is untrusted text until a contract's claims are built from it. `id`, `email`, `phoneNumber` and the organization's
 * `id`, `slug` and `role` stand for somebody or something: each is signed exactly as it is, or refused (`identity_invalid`).
 * Names, `picture` and `locale` are shown: they are trimmed and composed (NFC). Null and undefined both mean none.
 *
 * @example
 * ```ts
 * import type { Identity } from "@widget-token/core";
 *
 * const identity: Identity = { id: "u_1", provider: "my-app", email: "ada@example.com", emailVerified: true };
 * ```
 */
export interface Identity<User = unknown> {
	/** The provider's immutable identifier of the user (`sub`). */
	readonly id: string;
	/** The name of the auth provider, such as `clerk`. */
	readonly provider: string;
	readonly email?: string | null | undefined;
	/** Whether the provider has verified `email`; null or undefined where it cannot say, which counts as not verified. */
	readonly emailVerified?: boolean | null | undefined;
	readonly name?: string | null | undefined;
	readonly picture?: string | null | undefined;
	readonly phoneNumber?: string | null | undefined;
	/** A BCP 47 language tag. */
	readonly locale?: string | null | undefined;
	/** Only from fields that the user cannot write. */
	readonly roles?: readonly string[] | null | undefined;
	readonly organization?: IdentityOrganization | null | undefined;
	/**
	 * The provider's raw user: handed to the `role` and `claims` options, and sent nowhere by itself.
	 *
	 * That the user is signed in is verified; what single fields say may not be, such as an address. That is yours to judge.
	 */
	readonly user?: User;
}

/** The organization in which the user is signed in. */
export interface IdentityOrganization {
	readonly id: string;
	readonly slug?: string | null | undefined;
	readonly name?: string | null | undefined;
	readonly role?: string | null | undefined;
}

/** What the token handler tells a provider. */
export interface IdentifyContext {
	/** Aborted when the time for the provider is over (`timeoutSeconds` of the token handler). */
	readonly signal: AbortSignal;
}

/**
 * A provider: reads the verified user of a request.
 *
 * It returns the identity, or null or undefined when nobody is signed in, at once or later; it throws a `WidgetTokenError`
 * when a credential was presented and refused (401, 403), and when the provider could not be asked (503).
 */
export type Identify<User = unknown> = (request: Request, context: IdentifyContext) => Identified<User> | Promise<Identified<User>>;

type Identified<User> = Identity<User> | null | undefined;

/** The text fields of an identity that a claim can be made from. */
export type IdentityField =
	| "id"
	| "email"
	| "name"
	| "picture"
	| "phoneNumber"
	| "locale"
	| "organization.id"
	| "organization.slug"
	| "organization.name"
	| "organization.role";

/**
 * The longest text of each field, in UTF-16 code units.
 *
 * A longer `name` is cut, for it is only shown; any other field that is longer refuses the token, for half an
 * identifier is another identifier. 254 for an email address is the limit of RFC 5321 (§4.5.3.1.3, less its brackets).
 */
export const identityLimits: Readonly<Record<IdentityField, number>> = Object.freeze({
	id: 255,
	email: 254,
	name: 200,
	picture: 2048,
	phoneNumber: 32,
	locale: 35,
	"organization.id": 255,
	"organization.slug": 255,
	"organization.name": 200,
	"organization.role": 255,
});

const cutFields: ReadonlySet<IdentityField> = new Set(["name", "organization.name"]);
const shownFields: ReadonlySet<IdentityField> = new Set([...cutFields, "picture", "locale"]);

/** Reads the text of a field in the common case, where nothing is to be done to it, not even an escape in JSON; undefined otherwise. */
export function readPlainText(identity: Identity, field: IdentityField | "emailVerified", limit: number): string | undefined {
	const value = readField(identity, field);
	return typeof value === "string" && value.length <= limit && isPlainText(value, field === "email") ? value : undefined;
}

/**
 * Reads the text of a field; undefined when there is none.
 *
 * A text that is only shown (names, `picture`, `locale`) is trimmed and composed (NFC). Any other is returned as it is, or
 * throws `identity_invalid`: empty, too long, with white space at either end, a control character or a lone surrogate; an
 * address also with any white space or invisible character.
 */
export function readText(identity: Identity, field: IdentityField): string | undefined {
	const value = readField(identity, field);
	if (value === undefined || value === null) return undefined;
	const limit = identityLimits[field];
	if (shownFields.has(field)) return readShownText(value, field, limit, cutFields.has(field)) || undefined;
	return readExactText(value, field, limit, problemFinder(field));
}

/** Whether a text is one that `readText` gives for the field, unless the field is only shown. */
export function isSignedAsIs(text: string, field: IdentityField): boolean {
	return shownFields.has(field) || problemFinder(field)(text, identityLimits[field]) === undefined;
}

function problemFinder(field: IdentityField): typeof findTextProblem {
	return field === "email" ? findAddressProblem : findTextProblem;
}

function readField(identity: Identity, field: IdentityField | "emailVerified"): unknown {
	switch (field) {
		case "id":
			return identity.id;
		case "email":
			return identity.email;
		case "emailVerified":
			return identity.emailVerified;
		case "name":
			return identity.name;
		case "picture":
			return identity.picture;
		case "phoneNumber":
			return identity.phoneNumber;
		case "locale":
			return identity.locale;
		case "organization.id":
			return identity.organization?.id;
		case "organization.slug":
			return identity.organization?.slug;
		case "organization.name":
			return identity.organization?.name;
		case "organization.role":
			return identity.organization?.role;
	}
}

/**
 * Checks that a value is an identity, and returns its id where that is plain text.
 *
 * Nonsense and a missing id are mistakes in `identify` (`provider_misconfigured`); an unusable id is `identity_invalid`.
 */
export function checkIdentity(identity: Identity): string | undefined {
	if (typeof identity !== "object" || identity === null || Array.isArray(identity))
		throw misconfigured("something that is not an identity");
	const id = readPlainText(identity, "id", identityLimits.id);
	if (id === undefined && readText(identity, "id") === undefined) throw misconfigured("an identity without an `id`");
	return id;
}

function misconfigured(returned: string): WidgetTokenError {
	return new WidgetTokenError("provider_misconfigured", {
		detail: `\`identify\` returned ${returned}`,
		remedy:
			"Return the user's immutable id at the provider as `id`, next to `provider`, or null for nobody. With Auth.js, copy `token.sub` into the session in the `session` callback.",
	});
}
