import { WidgetTokenError } from "./errors.ts";

/**
 * Who the visitor is, as the auth provider has verified it. The names are OpenID Connect's, in camel case.
 *
 * Every field is untrusted text until a contract's claims are built from it.
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
	readonly email?: string | undefined;
	/** Whether the provider has verified `email`; undefined where it cannot say, which counts as not verified. */
	readonly emailVerified?: boolean | undefined;
	readonly name?: string | undefined;
	readonly picture?: string | undefined;
	readonly phoneNumber?: string | undefined;
	/** A BCP 47 language tag. */
	readonly locale?: string | undefined;
	/** Only from fields that the user cannot write. */
	readonly roles?: readonly string[] | undefined;
	readonly organization?:
		| { readonly id: string; readonly slug?: string | undefined; readonly name?: string | undefined; readonly role?: string | undefined }
		| undefined;
	/** The provider's raw, verified user: handed to the `role` and `claims` options, and sent nowhere by itself. */
	readonly user?: User;
}

/** What the token handler tells a provider. */
export interface IdentifyContext {
	/** Aborted when the time for the provider is over (`timeoutSeconds` of the token handler). */
	readonly signal: AbortSignal;
}

/**
 * A provider: reads the verified user of a request.
 *
 * It returns the identity, or null when nobody is signed in; it throws a `WidgetTokenError` when a credential was
 * presented and refused (401, 403), and when the provider could not be asked (503).
 */
export type Identify<User = unknown> = (request: Request, context: IdentifyContext) => Promise<Identity<User> | null>;

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
 * identifier is another identifier. 254 for an e-mail address is the limit of RFC 5321 (§4.5.3.1.3, less its brackets).
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

// Printable ASCII without a space at either end is trimmed, NFC and free of controls; without `"` and `\\` it is JSON as it stands.
const plainText = /^[!#-[\]-~](?:[ !#-[\]-~]*[!#-[\]-~])?$/;
const plainAddress = /^[!#-?A-[\]-~]+@[!#-?A-[\]-~]+$/;
// Controls, line and paragraph separators, and the marks that reorder the text around them (Unicode TR #9).
const forbiddenCharacters = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

const address = /^[^\s@]+@[^\s@]+$/;

/** The text of a field in the common case, where nothing is to be done to it, not even an escape in JSON; undefined otherwise. */
export function readPlainText(identity: Identity, field: IdentityField | "emailVerified", limit: number): string | undefined {
	const value = readField(identity, field);
	const pattern = field === "email" ? plainAddress : plainText;
	return typeof value === "string" && value.length <= limit && pattern.test(value) ? value : undefined;
}

/**
 * The text of a field, trimmed and in Unicode NFC; undefined when there is none.
 *
 * It throws `identity_invalid` for a control character, a lone surrogate, an over-long identifier, a malformed address.
 */
export function readText(identity: Identity, field: IdentityField): string | undefined {
	const value = readField(identity, field);
	if (value === undefined || value === null) return undefined;
	const text = normalizeText(value, field, identityLimits[field], field === "name" || field === "organization.name");
	if (text === "") {
		if (field === "id") throw invalid(field, "is empty");
		return undefined;
	}
	if (field === "email" && !address.test(text)) throw invalid(field, "is not an e-mail address");
	return text;
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

/** Trims, composes (NFC) and checks one text that comes from a provider or from the integrator's mapping. */
export function normalizeText(value: unknown, label: string, limit: number, cut = false): string {
	// A JavaScript caller's numeric id: a JSON number would lose its digits past 2^53 at the vendor.
	const raw = typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value)) ? String(value) : value;
	if (typeof raw !== "string") throw invalid(label, "is not text");
	let text = raw;
	if (!plainText.test(text)) {
		text = text.trim().normalize("NFC");
		if (forbiddenCharacters.test(text) || !text.isWellFormed()) throw invalid(label, "holds a control character or broken Unicode");
	}
	if (text.length <= limit) return text;
	if (!cut) throw invalid(label, `is longer than ${limit} characters`);
	return `${text
		.slice(0, limit - 1)
		.toWellFormed()
		.replace(/\ufffd$/u, "")
		.trimEnd()}…`;
}

/** The same for free-form text: it may be empty, and may hold tabs and line breaks. Its length is bounded by the token's. */
export function normalizeFreeText(text: string, label: string): string {
	if (plainText.test(text)) return text;
	const normalized = text.trim().normalize("NFC");
	if (forbiddenCharacters.test(normalized.replace(/[\t\n\r]/g, "")) || !normalized.isWellFormed())
		throw invalid(label, "holds a control character or broken Unicode");
	return normalized;
}

/** Refuses what is no identity at all: a provider that answers with nonsense must not be taken for a sign-in. */
export function checkIdentity(identity: Identity): void {
	const id: unknown = typeof identity === "object" && identity !== null ? identity.id : undefined;
	if (typeof id === "string" ? id.charCodeAt(0) > 0x20 || id.trim() !== "" : typeof id === "number" || typeof id === "bigint") return;
	throw new WidgetTokenError("identity_invalid", { detail: "`identify` returned something without an `id`" });
}

function invalid(field: string, problem: string): WidgetTokenError {
	return new WidgetTokenError("identity_invalid", { detail: `${field} ${problem}` });
}
