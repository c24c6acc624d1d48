import type { JwtContract } from "@widget-token/core";
import {
	type JudgeClaimsOptions,
	type JudgedClaim,
	judgeClaims,
	type VerificationCode,
	verificationCodes,
} from "@widget-token/core/verify";
import { describeRule, describeSeconds } from "./contract-description.ts";
import type { JsonObject } from "./token-text.ts";

/** One claim held against the contract, in words. */
export interface ClaimFinding extends Omit<JudgedClaim, "rule"> {
	readonly required: boolean;
	/** What the contract asks for. */
	readonly expected: string;
	/** Whether the value is a time in seconds since the epoch. */
	readonly isTime: boolean;
	readonly title?: string;
	readonly remedy?: string;
}

/** Tells of each claim of a payload what the contract asks for, and what is wrong. */
export function findClaims(contract: JwtContract, payload: JsonObject, options: JudgeClaimsOptions): readonly ClaimFinding[] {
	return judgeClaims(contract, payload, options).map((judged) => {
		const { rule, ...claim } = judged;
		return {
			...claim,
			required: rule?.required === true,
			expected: describeExpected(judged, contract, options),
			isTime: rule === undefined ? timeNames.has(claim.name) : rule.from === "generated" && rule.generate !== "uuid",
			...(claim.code === undefined ? {} : describeRefusal(claim.code)),
		};
	});
}

function describeRefusal(code: VerificationCode): { readonly title: string; readonly remedy: string } {
	const { title, remedy } = verificationCodes[code];
	return { title, remedy };
}

const timeNames = new Set(["nbf", "auth_time"]);

function describeExpected({ name, rule, code }: JudgedClaim, contract: JwtContract, { settings = {} }: JudgeClaimsOptions): string {
	if (rule !== undefined) {
		const isUnset = rule.from === "setting" && settings[rule.setting] === undefined;
		const others = code === "claim_missing" && rule.required !== true ? findAlternatives(name, contract) : [];
		return describeRule(rule, contract) + (isUnset ? ", which is not set here" : "") + others.map((other) => `, or ${other}`).join("");
	}
	if (code !== undefined) return `a token that is valid now, for at most ${describeSeconds(contract.lifetime.maximumSeconds)}`;
	return contract.additionalClaims === true ? "taken as an attribute" : "not in the contract, ignored";
}

// The claims of which one is enough.
function findAlternatives(name: string, { oneOf = [] }: JwtContract): readonly string[] {
	return oneOf.find((group) => group[0] === name)?.slice(1) ?? [];
}
