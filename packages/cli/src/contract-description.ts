import { algorithms, type ClaimRule, type Contract, type IdentityClaimRule, type JwtContract } from "@widget-token/core";
import { printable } from "./terminal.ts";

/** What a contract asks of a claim, in words. */
export function describeRule(rule: ClaimRule, contract: JwtContract): string {
	switch (rule.from) {
		case "identity":
			return describeField(rule);
		case "setting":
			return `the setting ${rule.setting} (${contract.settings?.[rule.setting]?.env ?? ""})`;
		case "constant":
			return JSON.stringify(rule.value);
		case "generated":
			if (rule.generate === "uuid") return "an id of its own for each token";
			if (rule.generate === "issuedAt") return "time of issue, in whole seconds";
			return `expiry, in whole seconds, at most ${describeSeconds(contract.lifetime.maximumSeconds)} after issue`;
		case "role":
			if (rule.oneOf !== undefined) return `the user's role: ${rule.oneOf.map(printable).join(" or ")}`;
			return rule.type === "string" ? "the user's role" : "the user's roles: an array, or a text with commas";
		case "custom":
			return rule.type === "json-string" ? "free-form: a JSON document as a text" : `free-form: ${rule.type}`;
	}
}

const fields: Readonly<Record<IdentityClaimRule["field"], string>> = {
	id: "the user's id, as a text",
	email: "the user's email address",
	emailVerified: "whether the email address is verified",
	name: "the user's name",
	picture: "the address of the user's picture",
	phoneNumber: "the user's phone number",
	locale: "the user's language",
	"organization.id": "the organization's id",
	"organization.slug": "the organization's slug",
	"organization.name": "the organization's name",
	"organization.role": "the user's role in the organization",
};

function describeField({ field, transform, fallbackField }: IdentityClaimRule): string {
	const text = transform === "lowercase" ? `${fields[field]}, in lower case` : fields[field];
	return fallbackField === undefined ? text : `${text}, else ${fields[fallbackField]}`;
}

/** The text that an HMAC contract is the hash of, in words. */
export function describeMessage({
	field,
	transform,
}: {
	readonly field: IdentityClaimRule["field"];
	readonly transform?: "lowercase";
}): string {
	return transform === "lowercase" ? `${fields[field]}, in lower case` : fields[field];
}

const encodings = {
	utf8: "used as it is written (not decoded)",
	hex: "decoded from hexadecimal",
	base64: "decoded from base64",
	pem: "a private key as PEM",
	"base64-pem": "a private key as base64 of a PEM file",
} as const;

/** How a contract's key is written, and how strong it has to be. */
export function describeKey({ key, algorithm }: Contract): string {
	const { keyType, minimumKeyBits, importParameters } = algorithms[algorithm];
	if (keyType === "RSA") return `${encodings[key.encoding]}, RSA of ${minimumKeyBits} bits or more; the vendor holds the public half`;
	if (keyType === "EC") return `${encodings[key.encoding]}, curve ${importParameters.namedCurve}; the vendor holds the public half`;
	return `a shared secret of ${key.minimumBytes ?? minimumKeyBits / 8} bytes or more, ${encodings[key.encoding]}`;
}

/** A time span in words, such as `24 h` or `1 min 30 s`. */
export function describeSeconds(seconds: number): string {
	const parts: (readonly [number, string])[] = [
		[Math.floor(seconds / 3600), "h"],
		[Math.floor((seconds % 3600) / 60), "min"],
		[seconds % 60, "s"],
	];
	const shown = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
	return shown.join(" ") || "0 s";
}
