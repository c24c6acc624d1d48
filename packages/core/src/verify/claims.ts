import { isSameJson } from "../base/index.ts";
import type { ClaimRule, ConstantClaimRule, CustomClaimRule, JsonValue, JwtContract, RoleClaimRule, Settings } from "../contract/index.ts";
import { isSignedAsIs, toLowercase } from "../identity/index.ts";
import type { VerificationCode } from "./codes.ts";
import type { Claims, Refusal } from "./result.ts";
import { type KnownRoles, readRoles, selectKnownRoles } from "./roles.ts";
import { isJson } from "./strict-json.ts";
import { compileTimeChecks } from "./times.ts";

/** Judges something of a payload at a moment in seconds since the epoch; undefined where all is well. */
export type ClaimsCheck = (claims: Claims, now: number, knownRoles: KnownRoles | undefined) => Refusal | undefined;

/** The name that a claim of the contract has in the token. */
export function createClaimNames(contract: JwtContract, settings: Settings): (claim: string) => string {
	return (claim) => {
		const nameSetting = contract.claims[claim]?.nameSetting;
		return nameSetting === undefined ? claim : (settings[nameSetting] ?? claim);
	};
}

type ValueCheck = (value: JsonValue, knownRoles: KnownRoles | undefined) => VerificationCode | undefined;

/** Compiles a contract's claims into their checks, of which the first that refuses counts. Claims that the contract does not name are ignored (RFC 7519 §4). */
export function compileClaimsChecks(contract: JwtContract, settings: Settings, toleranceSeconds: number): readonly ClaimsCheck[] {
	const nameOf = createClaimNames(contract, settings);
	const valueChecks = Object.entries(contract.claims)
		.filter(([, rule]) => !isTime(rule))
		.map(([claim, rule]) => compileClaimCheck(nameOf(claim), rule.required === true, compileValueCheck(claim, rule, settings)));
	const groupChecks = (contract.oneOf ?? []).map((group) => compileGroupCheck(group.map(nameOf)));
	return [...compileTimeChecks(contract, nameOf, toleranceSeconds), ...valueChecks, ...groupChecks];
}

function compileClaimCheck(name: string, required: boolean, check: ValueCheck): ClaimsCheck {
	return (claims, _now, knownRoles) => {
		const value = claims[name];
		if (isAbsent(value)) return required ? { code: "claim_missing", claim: name } : undefined;
		const code = check(value, knownRoles);
		return code === undefined ? undefined : { code, claim: name };
	};
}

function compileGroupCheck(group: readonly string[]): ClaimsCheck {
	return (claims) => (group.every((name) => isAbsent(claims[name])) ? { code: "claim_missing", claim: group[0] as string } : undefined);
}

/** Whether a claim says nothing: some signers send null or an empty text for what they do not know. */
export function isAbsent(value: JsonValue | undefined): value is undefined | null | "" {
	return value === undefined || value === null || value === "";
}

function isTime(rule: ClaimRule): boolean {
	return rule.from === "generated" && rule.generate !== "uuid";
}

function compileValueCheck(claim: string, rule: ClaimRule, settings: Settings): ValueCheck {
	switch (rule.from) {
		case "identity": {
			const { field, transform } = rule;
			if (field === "emailVerified") return (value) => (typeof value === "boolean" ? undefined : "claim_invalid");
			const notLowercase = field === "email" ? "email_not_lowercase" : "claim_invalid";
			return (value) => {
				if (!isText(value) || !isSignedAsIs(value, field)) return "claim_invalid";
				return transform === "lowercase" && value !== toLowercase(value) ? notLowercase : undefined;
			};
		}
		case "setting":
			return compileSettingCheck(claim, settings[rule.setting]);
		case "constant":
			return (value) => (isSameJson(value, (rule as ConstantClaimRule).value) ? undefined : "claim_mismatch");
		case "generated":
			return (value) => (isText(value) && value.length <= maximumIdLength ? undefined : "claim_invalid");
		case "role":
			return compileRoleCheck(rule);
		case "custom":
			return compileCustomCheck(rule);
	}
}

const maximumIdLength = 255;

function compileSettingCheck(claim: string, expected: string | undefined): ValueCheck {
	const mismatch = claim === "iss" ? "issuer_mismatch" : claim === "aud" ? "audience_mismatch" : "claim_mismatch";
	return (value) => {
		if (value === expected) return undefined;
		// Several audiences, of which this is one (RFC 7519 §4.1.3).
		if (claim === "aud" && Array.isArray(value) && value.every(isText)) return value.includes(expected as string) ? undefined : mismatch;
		return typeof value === "string" ? mismatch : "claim_invalid";
	};
}

function compileRoleCheck(rule: RoleClaimRule): ValueCheck {
	return (value, knownRoles) => {
		const roles = readRoles(value, rule);
		if (roles === undefined || roles.length === 0) return "claim_invalid";
		if (rule.oneOf !== undefined && !roles.every((role) => rule.oneOf?.includes(role))) return "role_unknown";
		return selectKnownRoles(roles, knownRoles).length === 0 ? "role_unknown" : undefined;
	};
}

function compileCustomCheck({ type }: CustomClaimRule): ValueCheck {
	if (type === "json-string") return (value) => (typeof value === "string" && isJson(value) ? undefined : "claim_invalid");
	return (value) => ((Array.isArray(value) ? "array" : typeof value) === type ? undefined : "claim_invalid");
}

// Two ids that differ only in a broken surrogate are one id once they are written as UTF-8.
function isText(value: JsonValue | undefined): value is string {
	return typeof value === "string" && value.isWellFormed();
}
