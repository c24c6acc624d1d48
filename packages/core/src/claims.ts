import type { ClaimRule, Contract, HmacContract, IdentityClaimRule, JwtContract, RoleClaimRule } from "./contract.ts";
import { type CustomValues, checkCustomClaim, encodeCustomClaim, encodeJson } from "./custom-claims.ts";
import { WidgetTokenError } from "./errors.ts";
import { createPlainTextReader, createTextReader, type Identity, type IdentityField, normalizeText, type TextReader } from "./identity.ts";
import type { Settings } from "./settings.ts";

/** What a contract's claims are built from, beside the identity. */
export interface ClaimInputs {
	readonly issuedAt: number;
	readonly expirationTime: number;
	readonly uuid: () => string;
	readonly role: unknown;
	readonly custom: CustomValues;
	readonly configured: ConfiguredClaims;
}

/** What a contract's settings give its claims. */
export interface ConfiguredClaims {
	/** By claim: the member of the payload that holds a setting, or the beginning of one whose name is a setting. */
	readonly text: Readonly<Record<string, string>>;
	/** The names of the contract's claims, those that a setting gives among them. */
	readonly names: ReadonlySet<string>;
}

/** Which e-mail addresses may go out. */
export interface EmailPolicy {
	readonly allowUnverifiedEmail?: boolean | undefined;
	readonly requireVerifiedEmail?: boolean | undefined;
}

/** Builds the JSON text of a token's payload. */
export type ClaimsEncoder = (identity: Identity, inputs: ClaimInputs) => string;

/**
 * Compiles a contract's claims into one function from identity to the payload's JSON text.
 *
 * The text is joined claim by claim instead of by `JSON.stringify` of an object: what never changes is encoded once,
 * and text that needs no normalisation needs no escape either. The settings come with each call, so that all tenants
 * of a contract share one compiled form.
 */
export function compileClaims(contract: JwtContract, policy: EmailPolicy): ClaimsEncoder {
	const startsAlways = Object.values(contract.claims)[0]?.required === true;
	const claims = Object.entries(contract.claims).map(([key, rule]) => {
		const prefix = rule.nameSetting === undefined ? memberPrefix(key, key, contract) : "";
		return { key, rule, encode: claimEncoder(key, prefix, rule, contract, policy) };
	});
	const groups = (contract.oneOf ?? []).map((group) => claims.filter(({ key }) => group.includes(key)));

	return (identity, inputs) => {
		if (policy.requireVerifiedEmail === true) checkVerifiedEmail(identity);
		const { text, names } = inputs.configured;
		let json = "";
		for (const { key, rule, encode } of claims) {
			const member = encode(identity, inputs);
			if (member !== undefined) json += rule.nameSetting === undefined || rule.from === "setting" ? member : text[key] + member;
			else if (rule.required === true) throw missing(key, rule, identity, contract);
		}
		for (const name in inputs.custom) {
			checkCustomClaim(name, contract, names);
			const value = inputs.custom[name];
			if (value !== undefined && !Object.hasOwn(contract.claims, name)) json += `,${JSON.stringify(name)}:${encodeJson(value, name)}`;
		}
		for (const group of groups) {
			if (group.some(({ encode }) => encode(identity, inputs) !== undefined)) continue;
			throw new WidgetTokenError("claim_missing", { detail: `${contract.id} requires one of ${group.map(({ key }) => key).join(", ")}` });
		}
		return startsAlways ? `${json}}` : `{${json.slice(1)}}`;
	};
}

/** Fills a contract's settings into its claims; refuses a name that two claims would share. */
export function configureClaims(contract: JwtContract, settings: Settings): ConfiguredClaims {
	const text: Record<string, string> = {};
	const names = new Set<string>();
	for (const [key, rule] of Object.entries(contract.claims)) {
		const name = rule.nameSetting === undefined ? key : (settings[rule.nameSetting] as string);
		if (names.has(name)) throw new WidgetTokenError("claim_reserved", { detail: `${name} of ${contract.id} is configured twice` });
		names.add(name);
		const prefix = memberPrefix(key, name, contract);
		if (rule.from === "setting") text[key] = prefix + JSON.stringify(settings[rule.setting]);
		else if (rule.nameSetting !== undefined) text[key] = prefix;
	}
	return { text, names };
}

// The first claim brings the brace, when it is always there.
function memberPrefix(key: string, name: string, { claims }: JwtContract): string {
	const isStart = key === Object.keys(claims)[0] && claims[key]?.required === true;
	return `${isStart ? "{" : ","}${JSON.stringify(name)}:`;
}

/** The text that an HMAC contract signs. */
export function compileMessage(contract: HmacContract, policy: EmailPolicy): (identity: Identity) => string {
	const { field, transform } = contract.message;
	const read = sendable(field, policy, createTextReader(field));
	return (identity) => {
		if (policy.requireVerifiedEmail === true) checkVerifiedEmail(identity);
		const text = read(identity);
		if (text === undefined) throw missing(field, { from: "identity", field }, identity, contract);
		return transform === "lowercase" ? text.toLowerCase() : text;
	};
}

/** One member of the payload's JSON text, with what separates it from the one before; undefined when there is nothing to send. */
type ClaimEncoder = (identity: Identity, inputs: ClaimInputs) => string | undefined;

function claimEncoder(key: string, prefix: string, rule: ClaimRule, contract: JwtContract, policy: EmailPolicy): ClaimEncoder {
	const withPrefix = (json: string | undefined): string | undefined => (json === undefined ? undefined : prefix + json);
	switch (rule.from) {
		case "identity":
			return identityEncoder(prefix, rule, policy);
		case "setting":
			return (_, { configured }) => configured.text[key];
		case "constant": {
			const member = prefix + JSON.stringify(rule.value);
			return () => member;
		}
		case "generated":
			if (rule.generate === "issuedAt") return timeEncoder(prefix, ({ issuedAt }) => issuedAt);
			if (rule.generate === "expirationTime") return timeEncoder(prefix, ({ expirationTime }) => expirationTime);
			return (_, { uuid }) => prefix + JSON.stringify(`${uuid()}`);
		case "role":
			return roleEncoder(prefix, rule, contract);
		case "custom":
			return (_, { custom }) => withPrefix(encodeCustomClaim(custom[key], key, rule));
	}
}

// Many tokens are made within one second.
function timeEncoder(prefix: string, read: (inputs: ClaimInputs) => number): ClaimEncoder {
	let last = { time: Number.NaN, member: "" };
	return (_, inputs) => {
		const time = read(inputs);
		if (time !== last.time) last = { time, member: prefix + time };
		return last.member;
	};
}

function identityEncoder(prefix: string, { field, transform, fallbackField }: IdentityClaimRule, policy: EmailPolicy): ClaimEncoder {
	if (field === "emailVerified") return ({ emailVerified }) => (typeof emailVerified === "boolean" ? prefix + emailVerified : undefined);
	const opening = `${prefix}"`;
	const readPlain = sendable(field, policy, createPlainTextReader(field));
	const read = sendable(field, policy, createTextReader(field));
	const readFallback = fallbackField && sendable(fallbackField, policy, createTextReader(fallbackField));
	return (identity) => {
		const plain = readPlain(identity);
		if (plain !== undefined) return `${opening + (transform === "lowercase" ? plain.toLowerCase() : plain)}"`;
		const text = read(identity) ?? readFallback?.(identity);
		if (text === undefined) return undefined;
		return prefix + JSON.stringify(transform === "lowercase" ? text.toLowerCase() : text);
	};
}

// An address that nobody has verified proves nothing: whoever registers it first would be served as its owner.
function sendable(field: IdentityField, { allowUnverifiedEmail }: EmailPolicy, read: TextReader): TextReader {
	if (field !== "email" || allowUnverifiedEmail === true) return read;
	return (identity) => (identity.emailVerified === true ? read(identity) : undefined);
}

function checkVerifiedEmail(identity: Identity): void {
	if (!hasEmail(identity))
		throw new WidgetTokenError("claim_missing", { detail: "`requireVerifiedEmail` is set, and the user has no e-mail address" });
	if (identity.emailVerified !== true) throw new WidgetTokenError("email_unverified", { detail: "`requireVerifiedEmail` is set" });
}

function hasEmail({ email }: Identity): boolean {
	return typeof email === "string" && email.trim() !== "";
}

function missing(name: string, rule: ClaimRule, identity: Identity, contract: Contract): WidgetTokenError {
	const detail = `${contract.id} requires ${name}`;
	if (rule.from === "role") return new WidgetTokenError("role_missing", { detail });
	const isUnverified = rule.from === "identity" && rule.field === "email" && hasEmail(identity) && identity.emailVerified !== true;
	return new WidgetTokenError(isUnverified ? "email_unverified" : "claim_missing", { detail });
}

const roleLimit = 255;
// Where the vendor takes several roles, one string may list them.
const roleListLimit = 2048;

// Most users have the same few roles, often the same one in a row.
function roleEncoder(prefix: string, rule: RoleClaimRule, contract: JwtContract): ClaimEncoder {
	let last: { role: string; member: string } | undefined;
	return (_, { role }) => {
		if (last !== undefined && role === last.role) return last.member;
		const json = encodeRole(role, rule, contract);
		if (json === undefined) return undefined;
		const member = prefix + json;
		if (typeof role === "string") last = { role, member };
		return member;
	};
}

function encodeRole(role: unknown, { type, oneOf }: RoleClaimRule, contract: JwtContract): string | undefined {
	if (role === undefined || role === null || role === "" || (Array.isArray(role) && role.length === 0)) return undefined;
	if (Array.isArray(role) && type === "string")
		throw new WidgetTokenError("claim_invalid", { detail: `${contract.id} takes one role, and \`role\` returned an array` });
	const readName = (value: unknown): string => {
		const name = normalizeText(value, "role", type === "string" || Array.isArray(role) ? roleLimit : roleListLimit);
		if (name === "") throw new WidgetTokenError("claim_invalid", { detail: `\`role\` returned an empty name for ${contract.id}` });
		if (oneOf?.includes(name) !== false) return name;
		throw new WidgetTokenError("claim_invalid", { detail: `\`role\` returned another value for ${contract.id} than ${oneOf.join(", ")}` });
	};
	return JSON.stringify(Array.isArray(role) ? role.map(readName) : readName(role));
}
