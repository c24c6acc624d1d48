import { WidgetTokenError } from "../base/index.ts";
import type { ClaimRule, Contract, HmacContract, JwtContract, Settings } from "../contract/index.ts";
import { checkVerifiedEmail, type EmailPolicy, hasEmail, type Identity, readSendableText } from "../identity/index.ts";
import { type ClaimInputs, type ConfiguredClaims, compileClaim, encodeMember, memberPrefix, transformText } from "./claim-members.ts";
import { type CustomValues, checkCustomClaim, encodeJson } from "./custom-claims.ts";

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
	const claims = Object.entries(contract.claims).map(([key, rule]) => compileClaim(key, rule, contract, policy));
	const groups = (contract.oneOf ?? []).map((group) => claims.filter(({ key }) => group.includes(key)));

	return (identity, inputs) => {
		checkVerifiedEmail(identity, policy);
		let json = "";
		for (const claim of claims) {
			const member = encodeMember(claim, identity, inputs);
			if (member !== undefined) json += claim.isNamedBySetting ? inputs.text[claim.key] + member : member;
			else if (claim.isRequired) throw missing(claim.key, claim.rule, identity, contract);
		}
		if (inputs.custom !== undefined) json += encodeAdditionalClaims(inputs.custom, inputs.names, contract);
		for (const group of groups) {
			if (group.some((claim) => encodeMember(claim, identity, inputs) !== undefined)) continue;
			throw new WidgetTokenError("claim_missing", { detail: `${contract.id} requires one of ${group.map(({ key }) => key).join(", ")}` });
		}
		return startsAlways ? `${json}}` : `{${json.slice(1)}}`;
	};
}

function encodeAdditionalClaims(custom: CustomValues, names: readonly string[], contract: JwtContract): string {
	let json = "";
	for (const name in custom) {
		checkCustomClaim(name, contract, names);
		const value = custom[name];
		if (value !== undefined && !Object.hasOwn(contract.claims, name)) json += `,${JSON.stringify(name)}:${encodeJson(value, name)}`;
	}
	return json;
}

/** Fills a contract's settings into its claims; refuses a name that two claims would share. */
export function configureClaims(contract: JwtContract, settings: Settings): ConfiguredClaims {
	const text: Record<string, string> = {};
	const taken = new Set<string>();
	for (const [key, rule] of Object.entries(contract.claims)) {
		const name = rule.nameSetting === undefined ? key : (settings[rule.nameSetting] as string);
		if (taken.has(name)) throw new WidgetTokenError("claim_reserved", { detail: `${name} of ${contract.id} is configured twice` });
		taken.add(name);
		const prefix = memberPrefix(key, name, contract);
		// `join` makes one flat text, where `+` would keep its two halves apart in memory.
		if (rule.from === "setting") text[key] = [prefix, JSON.stringify(settings[rule.setting])].join("");
		else if (rule.nameSetting !== undefined) text[key] = prefix;
	}
	return { text, names: [...taken].filter((name) => !Object.hasOwn(contract.claims, name)) };
}

/** The text that an HMAC contract signs. */
export function compileMessage(contract: HmacContract, policy: EmailPolicy): (identity: Identity) => string {
	const { field, transform } = contract.message;
	return (identity) => {
		checkVerifiedEmail(identity, policy);
		const text = readSendableText(identity, field, policy);
		if (text === undefined) throw missing(field, { from: "identity", field }, identity, contract);
		return transformText(text, field, transform);
	};
}

function missing(name: string, rule: ClaimRule, identity: Identity, contract: Contract): WidgetTokenError {
	const detail = `${contract.id} requires ${name}`;
	if (rule.from === "role") return new WidgetTokenError("role_missing", { detail });
	const isUnverified = rule.from === "identity" && rule.field === "email" && hasEmail(identity) && identity.emailVerified !== true;
	return new WidgetTokenError(isUnverified ? "email_unverified" : "claim_missing", { detail });
}
