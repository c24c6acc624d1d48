import { callNow, WidgetTokenError } from "../base/index.ts";
import type { ClaimRule, CustomClaimRule, IdentityClaimRule, JwtContract, RoleClaimRule } from "../contract/index.ts";
import {
	type EmailPolicy,
	findTextProblem,
	type Identity,
	type IdentityField,
	identityLimits,
	invalidText,
	readExactText,
	readPlainText,
	readSendableText,
	toLowercase,
} from "../identity/index.ts";
import { type CustomValues, encodeCustomClaim } from "./custom-claims.ts";

/** What a contract's settings give its claims. */
export interface ConfiguredClaims {
	/** By claim: the member of the payload that holds a setting, or the beginning of one whose name is a setting. */
	readonly text: Readonly<Record<string, string>>;
	/** The names of claims that settings give. */
	readonly names: readonly string[];
}

/** What a contract's claims are built from, beside the identity. */
export interface ClaimInputs extends ConfiguredClaims {
	readonly issuedAt: number;
	readonly expirationTime: number;
	readonly jti: () => string;
	/** The id and the address where they were read before and found plain, for they are not to be read twice. */
	readonly plainId: string | undefined;
	readonly plainEmail: string | undefined;
	readonly role: unknown;
	/** The values of the `claims` option; undefined where there is none. */
	readonly custom: CustomValues | undefined;
}

/** A claim with what is the same for all of its tokens. One shape for every kind of rule: with a closure for each, the payload's text took a third longer. */
export interface CompiledClaim {
	readonly key: string;
	readonly rule: ClaimRule;
	readonly from: ClaimRule["from"] | "issuedAt" | "expirationTime" | "uuid";
	readonly isRequired: boolean;
	/** A setting gives the claim its name, so its member comes without one. */
	readonly isNamedBySetting: boolean;
	/** What stands before its value: the separator and its name. */
	readonly prefix: string;
	/** The same with the quote that text starts with. */
	readonly textPrefix: string;
	/** The longest text, in UTF-16 code units. */
	readonly textLimit: number;
	/** Whether its text may go out only with a verified address. */
	readonly needsVerifiedEmail: boolean;
	readonly contract: JwtContract;
	readonly policy: EmailPolicy;
	/** The value of the token before, with its member: many users have the same role, and many tokens are made within a second. */
	lastValue: unknown;
	lastMember: string;
}

export function compileClaim(key: string, rule: ClaimRule, contract: JwtContract, policy: EmailPolicy): CompiledClaim {
	const prefix = rule.nameSetting === undefined ? memberPrefix(key, key, contract) : "";
	const field = rule.from === "identity" && rule.field !== "emailVerified" ? rule.field : undefined;
	return {
		key,
		rule,
		from: rule.from === "generated" ? rule.generate : rule.from,
		isRequired: rule.required === true,
		isNamedBySetting: rule.nameSetting !== undefined && rule.from !== "setting",
		prefix,
		textPrefix: `${prefix}"`,
		textLimit: field === undefined ? 0 : identityLimits[field],
		needsVerifiedEmail: field === "email" && policy.allowUnverifiedEmail !== true,
		contract,
		policy,
		lastValue: undefined,
		lastMember: rule.from === "constant" ? prefix + JSON.stringify(rule.value) : "",
	};
}

/** What stands before a claim's value. The first claim brings the brace, when it is always there. */
export function memberPrefix(key: string, name: string, { claims }: JwtContract): string {
	const isStart = key === Object.keys(claims)[0] && claims[key]?.required === true;
	return `${isStart ? "{" : ","}${JSON.stringify(name)}:`;
}

/** One member of the payload's JSON text, with what separates it from the one before; undefined when there is nothing to send. */
export function encodeMember(claim: CompiledClaim, identity: Identity, inputs: ClaimInputs): string | undefined {
	switch (claim.from) {
		case "identity":
			return encodePlainText(claim, identity, inputs) ?? encodeIdentity(claim, claim.rule as IdentityClaimRule, identity);
		case "setting":
			return inputs.text[claim.key];
		case "constant":
			return claim.lastMember;
		case "issuedAt":
			return encodeTime(claim, inputs.issuedAt);
		case "expirationTime":
			return encodeTime(claim, inputs.expirationTime);
		case "role":
			return encodeRole(claim, inputs.role);
		case "custom":
			return withPrefix(claim, encodeCustomClaim(inputs.custom?.[claim.key], claim.key, claim.rule as CustomClaimRule));
		default:
			return claim.prefix + encodeTokenId(callNow("jti", inputs.jti));
	}
}

function withPrefix({ prefix }: CompiledClaim, json: string | undefined): string | undefined {
	return json === undefined ? undefined : prefix + json;
}

function encodePlainText(
	{ rule, textPrefix, textLimit, needsVerifiedEmail }: CompiledClaim,
	identity: Identity,
	{ plainId, plainEmail }: ClaimInputs,
): string | undefined {
	if (needsVerifiedEmail && identity.emailVerified !== true) return undefined;
	const { field, transform } = rule as IdentityClaimRule;
	const known = field === "id" ? plainId : field === "email" ? plainEmail : undefined;
	const text = known ?? readPlainText(identity, field, textLimit);
	return text === undefined ? undefined : `${textPrefix + (transform === "lowercase" ? text.toLowerCase() : text)}"`;
}

function encodeIdentity(
	{ prefix, policy }: CompiledClaim,
	{ field, transform, fallbackField }: IdentityClaimRule,
	identity: Identity,
): string | undefined {
	if (field === "emailVerified") return typeof identity.emailVerified === "boolean" ? prefix + identity.emailVerified : undefined;
	const text = readSendableText(identity, field, policy) ?? (fallbackField && readSendableText(identity, fallbackField, policy));
	if (text === undefined) return undefined;
	return prefix + JSON.stringify(transformText(text, field, transform));
}

/** The text as the contract asks for it; throws `identity_invalid` where its lower case would be another's. */
export function transformText(text: string, field: IdentityField, transform: "lowercase" | undefined): string {
	const transformed = transform === "lowercase" ? toLowercase(text) : text;
	if (transformed === undefined) throw invalidText(field, "holds a letter that has no lower case of its own");
	return transformed;
}

const tokenIdLimit = 255;

function encodeTokenId(id: unknown): string {
	if (typeof id === "string" && findTextProblem(id, tokenIdLimit) === undefined) return JSON.stringify(id);
	throw new WidgetTokenError("options_invalid", { detail: `\`jti\` did not return text of 1 to ${tokenIdLimit} characters` });
}

function encodeTime(claim: CompiledClaim, time: number): string {
	if (time !== claim.lastValue) {
		claim.lastValue = time;
		claim.lastMember = claim.prefix + time;
	}
	return claim.lastMember;
}

function encodeRole(claim: CompiledClaim, role: unknown): string | undefined {
	if (role !== undefined && role === claim.lastValue) return claim.lastMember;
	const member = withPrefix(claim, encodeRoleValue(role, claim.rule as RoleClaimRule, claim.contract));
	if (member !== undefined && typeof role === "string") {
		claim.lastValue = role;
		claim.lastMember = member;
	}
	return member;
}

const roleLimit = 255;
// Where the vendor takes several roles, one string may list them.
const roleListLimit = 2048;

function encodeRoleValue(role: unknown, { type, oneOf }: RoleClaimRule, contract: JwtContract): string | undefined {
	if (role === undefined || role === null || role === "" || (Array.isArray(role) && role.length === 0)) return undefined;
	if (Array.isArray(role) && type === "string")
		throw new WidgetTokenError("claim_invalid", { detail: `${contract.id} takes one role, and \`role\` returned an array` });
	const readName = (value: unknown): string => {
		const name = readExactText(value, "role", type === "string" || Array.isArray(role) ? roleLimit : roleListLimit);
		if (oneOf?.includes(name) !== false) return name;
		throw new WidgetTokenError("claim_invalid", { detail: `\`role\` returned another value for ${contract.id} than ${oneOf.join(", ")}` });
	};
	return JSON.stringify(Array.isArray(role) ? role.map(readName) : readName(role));
}
