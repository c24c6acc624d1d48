import type { ClaimRule, Contract, CustomClaimRule, HmacContract, IdentityClaimRule, JwtContract, RoleClaimRule } from "./contract.ts";
import { WidgetTokenError } from "./errors.ts";
import { type Identity, type IdentityField, normalizeText, readIdentityText } from "./identity.ts";
import type { Environment } from "./secret.ts";

/** What a contract's claims are built from, beside the identity. */
export interface ClaimInputs {
	readonly issuedAt: number;
	readonly expirationTime: number;
	readonly uuid: () => string;
	readonly role: unknown;
	readonly custom: Readonly<Record<string, unknown>>;
}

/** Which e-mail addresses may go out. */
export interface EmailPolicy {
	readonly allowUnverifiedEmail?: boolean | undefined;
	readonly requireVerifiedEmail?: boolean | undefined;
}

/** Builds the JSON text of a token's payload. */
export type ClaimsEncoder = (identity: Identity, inputs: ClaimInputs) => string;

/**
 * Compiles a contract's claims into one function from identity to JSON text.
 *
 * The text is assembled claim by claim rather than by `JSON.stringify` of an object: most claims are plain ASCII,
 * which the check of the text has then already shown to need no escape.
 */
export function compileClaims(contract: JwtContract, settings: Settings, policy: EmailPolicy): ClaimsEncoder {
	const claims = Object.entries(contract.claims).map(([key, rule]) => {
		const name = rule.nameSetting === undefined ? key : (settings[rule.nameSetting] as string);
		const read = claimReader(key, rule, contract, settings, policy);
		return { key, name, prefix: `${JSON.stringify(name)}:`, read, required: rule.required === true, rule };
	});
	const owned = new Set<string>();
	for (const { name } of claims) {
		if (owned.has(name)) throw new WidgetTokenError("claim_reserved", { detail: `${name} of ${contract.id} is configured twice` });
		owned.add(name);
	}

	return (identity, inputs) => {
		checkEmailRequirement(identity, policy);
		let json = "";
		const absent: string[] = [];
		for (const { key, name, prefix, read, required, rule } of claims) {
			const value = read(identity, inputs);
			if (value !== undefined) json += json === "" ? prefix + value : `,${prefix}${value}`;
			else if (required) throw missing(name, rule, identity, contract);
			else absent.push(key);
		}
		for (const name in inputs.custom) {
			checkCustomClaim(name, contract, owned);
			if (Object.hasOwn(contract.claims, name)) continue;
			if (inputs.custom[name] !== undefined) json += `,${JSON.stringify(name)}:${encodeJson(inputs.custom[name], name)}`;
		}
		for (const group of contract.oneOf ?? []) {
			if (group.every((key) => absent.includes(key))) throw new WidgetTokenError("claim_missing", { detail: `${contract.id} requires one of ${group.join(", ")}` });
		}
		return `{${json}}`;
	};
}

/** The text that an HMAC contract signs. */
export function compileMessage(contract: HmacContract, policy: EmailPolicy): (identity: Identity) => string {
	const { field, transform } = contract.message;
	return (identity) => {
		checkEmailRequirement(identity, policy);
		const text = readField(identity, field, policy);
		if (text === undefined) throw missing(field, { from: "identity", field }, identity, contract);
		return transform === "lowercase" ? text.toLowerCase() : text;
	};
}

/** The values of a contract's settings by name. */
export type Settings = Readonly<Record<string, string>>;

/** The contract's settings with their values: option, else environment variable, else default. */
export function readSettings(contract: Contract, settings: Settings = {}, env: Environment = {}): Settings {
	const values: Record<string, string> = {};
	for (const [name, rule] of Object.entries(contract.settings ?? {})) {
		const value = settings[name] ?? env[rule.env] ?? rule.default;
		if (typeof value !== "string" || value.trim() === "") {
			throw new WidgetTokenError("setting_missing", { detail: `${name} of ${contract.id} (${rule.env})`, remedy: `Set ${rule.env}, or pass it as \`settings.${name}\`.` });
		}
		values[name] = value.trim();
	}
	return values;
}

type ClaimReader = (identity: Identity, inputs: ClaimInputs) => string | undefined;

function claimReader(name: string, rule: ClaimRule, contract: JwtContract, settings: Settings, policy: EmailPolicy): ClaimReader {
	switch (rule.from) {
		case "identity":
			return identityReader(rule, policy);
		case "setting": {
			const value = JSON.stringify(settings[rule.setting]);
			return () => value;
		}
		case "constant": {
			const value = JSON.stringify(rule.value);
			return () => value;
		}
		case "generated":
			if (rule.generate === "issuedAt") return (_, { issuedAt }) => String(issuedAt);
			if (rule.generate === "expirationTime") return (_, { expirationTime }) => String(expirationTime);
			return (_, { uuid }) => JSON.stringify(uuid());
		case "role":
			return (_, { role }) => encodeRole(role, rule, contract);
		case "custom":
			return (_, { custom }) => encodeCustom(custom[name], name, rule);
	}
}

function identityReader({ field, transform, fallbackField }: IdentityClaimRule, policy: EmailPolicy): ClaimReader {
	if (field === "emailVerified") {
		return ({ emailVerified }) => (typeof emailVerified === "boolean" ? String(emailVerified) : undefined);
	}
	return (identity) => {
		const text = readField(identity, field, policy) ?? (fallbackField === undefined ? undefined : readField(identity, fallbackField, policy));
		if (text === undefined) return undefined;
		return quote(transform === "lowercase" ? text.toLowerCase() : text);
	};
}

// An address that nobody has verified proves nothing: whoever registers it first would be served as its owner.
function readField(identity: Identity, field: IdentityField, { allowUnverifiedEmail }: EmailPolicy): string | undefined {
	if (field === "email" && identity.emailVerified !== true && allowUnverifiedEmail !== true) return undefined;
	return readIdentityText(identity, field);
}

function checkEmailRequirement(identity: Identity, { requireVerifiedEmail }: EmailPolicy): void {
	if (requireVerifiedEmail !== true || identity.emailVerified === true) return;
	throw new WidgetTokenError(identity.email === undefined ? "claim_missing" : "email_unverified", { detail: "`requireVerifiedEmail` is set" });
}

function missing(name: string, rule: ClaimRule, identity: Identity, contract: Contract): WidgetTokenError {
	const detail = `${contract.id} requires ${name}`;
	if (rule.from === "role") return new WidgetTokenError("role_missing", { detail });
	const isUnverified = rule.from === "identity" && rule.field === "email" && identity.email !== undefined && identity.emailVerified !== true;
	return new WidgetTokenError(isUnverified ? "email_unverified" : "claim_missing", { detail });
}

/** Refuses a claim of the integrator's that the contract owns or the vendor does not take. */
export function checkCustomClaim(name: string, contract: JwtContract, owned?: ReadonlySet<string>): void {
	if (Object.hasOwn(contract.claims, name) ? contract.claims[name]?.from === "custom" : contract.additionalClaims === true && owned?.has(name) !== true) return;
	throw new WidgetTokenError("claim_reserved", { detail: `${name} cannot be set for ${contract.id}` });
}

const roleLimit = 255;

function encodeRole(role: unknown, { type, oneOf }: RoleClaimRule, contract: JwtContract): string | undefined {
	if (role === undefined || role === null || role === "" || (Array.isArray(role) && role.length === 0)) return undefined;
	if (Array.isArray(role) && type === "string") throw new WidgetTokenError("claim_invalid", { detail: `${contract.id} takes one role, and \`role\` returned an array` });
	const names = (Array.isArray(role) ? role : [role]).map((name) => normalizeText(name, "role", roleLimit));
	for (const name of names) {
		if (name === "") throw new WidgetTokenError("claim_invalid", { detail: `\`role\` returned an empty name for ${contract.id}` });
		if (oneOf?.includes(name) === false) throw new WidgetTokenError("claim_invalid", { detail: `\`role\` returned another value for ${contract.id} than ${oneOf.join(", ")}` });
	}
	return JSON.stringify(Array.isArray(role) ? names : names[0]);
}

function encodeCustom(value: unknown, name: string, { type }: CustomClaimRule): string | undefined {
	if (value === undefined || value === null) return undefined;
	const json = encodeJson(value, name);
	if (type === "json-string") return JSON.stringify(json);
	const actual = Array.isArray(value) ? "array" : typeof value;
	if (actual !== type) throw new WidgetTokenError("claim_invalid", { detail: `${name} is not of the type ${type}` });
	return json;
}

function encodeJson(value: unknown, name: string): string {
	let json: string | undefined;
	try {
		json = JSON.stringify(value);
	} catch (cause) {
		throw new WidgetTokenError("claim_invalid", { detail: `${name} is not JSON`, cause });
	}
	if (json === undefined) throw new WidgetTokenError("claim_invalid", { detail: `${name} is not JSON` });
	return json;
}

const needsNoEscape = /^[ !#-[\]-~]*$/;

function quote(text: string): string {
	return needsNoEscape.test(text) ? `"${text}"` : JSON.stringify(text);
}
