/** Why a token is refused, in the four words of Hilal's endpoint ("JWT user identification", Step 4). */
export type RefusalReason = "invalid_signature" | "expired" | "not_configured" | "malformed";

/** Why exactly a token is refused. */
export type VerificationCode =
	| "token_missing"
	| "too_large"
	| "segments_invalid"
	| "base64url_invalid"
	| "header_invalid"
	| "payload_invalid"
	| "member_duplicated"
	| "critical_header"
	| "embedded_key"
	| "payload_encoded"
	| "type_not_allowed"
	| "algorithm_not_allowed"
	| "unknown_kid"
	| "key_revoked"
	| "signature_invalid"
	| "key_decoded"
	| "key_not_decoded"
	| "key_missing"
	| "expired"
	| "exp_in_milliseconds"
	| "not_yet_valid"
	| "lifetime_too_long"
	| "replayed"
	| "claim_missing"
	| "claim_invalid"
	| "claim_mismatch"
	| "issuer_mismatch"
	| "audience_mismatch"
	| "role_unknown"
	| "email_not_lowercase"
	| "identifier_missing";

/** One row of the table of refusals. */
export interface RefusalDescription {
	readonly reason: RefusalReason;
	readonly title: string;
	readonly remedy: string;
}

const table: Record<VerificationCode, readonly [reason: RefusalReason, title: string, remedy: string]> = {
	token_missing: ["malformed", "There is no token", "Send the token that your backend has minted, as a string."],
	too_large: [
		"malformed",
		"The token is longer than 8 KiB, or its header than 1 KiB",
		"Send fewer or shorter claims, and only `alg`, `typ` and `kid` in the header.",
	],
	segments_invalid: [
		"malformed",
		"The token has not exactly three segments",
		"Send the whole token: header, payload and signature with a dot between them.",
	],
	base64url_invalid: [
		"malformed",
		"A segment is not canonical base64url",
		"Encode without padding, white space and line breaks (RFC 7515 §2).",
	],
	header_invalid: [
		"malformed",
		"The header is not a JSON object in UTF-8, or its `kid` is not text",
		"Sign with a JWT library instead of assembling the token by hand.",
	],
	payload_invalid: ["malformed", "The payload is not a JSON object in UTF-8, or nested too deeply", "Sign a plain object of claims."],
	member_duplicated: ["malformed", "A JSON object names a member twice", "Name each claim once (RFC 7519 §4)."],
	critical_header: ["malformed", "The header carries `crit` or `b64`", "Remove it: no extension of RFC 7515 §4.1.11 is in use."],
	embedded_key: [
		"malformed",
		"The header carries a key, or the address of one",
		"Remove `jwk`, `jku`, `x5u` and `x5c`: the key comes from the configuration only.",
	],
	payload_encoded: [
		"malformed",
		"The header says that the payload is encrypted, compressed or another token",
		"Remove `enc`, `zip` and `cty`: sign the claims themselves, as plain JSON.",
	],
	type_not_allowed: [
		"malformed",
		"The header's `typ` is not JWT",
		"Send `typ: JWT`, or none; an access token or an ID token is no widget token.",
	],
	algorithm_not_allowed: [
		"invalid_signature",
		"The token is signed with another algorithm than the contract's",
		"Sign with the one algorithm that the vendor's page names.",
	],
	unknown_kid: [
		"invalid_signature",
		"The token names no key, or one that is not known",
		"Send the `kid` of a key that is registered with the vendor.",
	],
	key_revoked: ["invalid_signature", "The key is revoked", "Sign with the current key."],
	signature_invalid: [
		"invalid_signature",
		"The signature does not verify",
		"Sign with the secret of this very widget; copy it again if in doubt.",
	],
	key_decoded: [
		"invalid_signature",
		"The token is signed with the decoded secret, and the vendor uses its text",
		"Sign with the secret as it is written; do not decode its hex or base64.",
	],
	key_not_decoded: [
		"invalid_signature",
		"The token is signed with the text of the secret, and the vendor decodes it",
		"Decode the secret to bytes first, as the vendor's page says.",
	],
	key_missing: ["not_configured", "No key is configured", "Issue a secret for this widget, or register its public key."],
	expired: ["expired", "The token has expired", "Fetch a fresh token; check the clock of the server that mints it."],
	exp_in_milliseconds: ["malformed", "`exp` is in milliseconds", "Divide by 1000: NumericDate counts seconds (RFC 7519 §2)."],
	not_yet_valid: ["malformed", "The token is not valid yet", "Check the clock of the server that mints it (`iat`, `nbf`)."],
	lifetime_too_long: [
		"malformed",
		"The token lives longer than the contract allows",
		"Set an `exp` within the maximum of the vendor's page.",
	],
	replayed: ["expired", "The token has been used already", "Mint a fresh token, with a new `jti`, for each use."],
	claim_missing: ["malformed", "A required claim is missing", "Send the claim."],
	claim_invalid: [
		"malformed",
		"A claim has the wrong type or form",
		"Send the claim as the vendor's page describes it; identifiers are strings, times whole seconds.",
	],
	claim_mismatch: [
		"malformed",
		"A claim has another value than the one configured",
		"Send the value that the vendor gave you for this widget.",
	],
	issuer_mismatch: ["malformed", "The token is from another issuer", "Send the issuer that the vendor gave you."],
	audience_mismatch: ["malformed", "The token is for another audience", "Send the audience that the vendor's page names."],
	role_unknown: ["malformed", "The role is not known", "Send a role that exists at the vendor, spelt the same."],
	email_not_lowercase: ["malformed", "The e-mail address is not in lower case", "Lower-case the address before signing."],
	identifier_missing: ["malformed", "The text that was signed is missing", "Send the identifier beside its hash."],
};

/**
 * Every refusal code with the vendor's reason, its title and its remedy for whoever signs the tokens.
 *
 * @example
 * ```ts
 * import { verificationCodes } from "@widget-token/core/verify";
 *
 * console.log(verificationCodes.exp_in_milliseconds.remedy);
 * ```
 */
export const verificationCodes: Readonly<Record<VerificationCode, RefusalDescription>> = Object.freeze(
	Object.fromEntries(Object.entries(table).map(([code, [reason, title, remedy]]) => [code, Object.freeze({ reason, title, remedy })])),
) as Record<VerificationCode, RefusalDescription>;
