import type { JsonValue, JwtContract } from "@widget-token/core";
import { type ClaimVerdict, type JudgedClaim, judgeClaims, verificationCodes } from "@widget-token/core/verify";
import { describeRule } from "./claim-description.ts";
import type { JsonObject } from "./token-text.ts";

/** One claim held against the contract, in words. */
export interface ClaimFinding {
	readonly name: string;
	readonly verdict: ClaimVerdict;
	/** What the contract asks for. */
	readonly expected: string;
	readonly required: boolean;
	/** Undefined when the token does not have it. */
	readonly value?: JsonValue;
	/** Whether the contract wants a time there: seconds since the epoch. */
	readonly isTime: boolean;
	/** What is wrong with it, or worth knowing. */
	readonly note?: string;
}

/** What claims are judged by, next to the contract. */
export interface FindingContext {
	readonly settings: Readonly<Record<string, string>>;
	readonly knownRoles?: readonly string[] | undefined;
	/** Milliseconds since the epoch. */
	readonly now: number;
	/** Seconds from issue to expiry. */
	readonly lifetimeSeconds?: number | undefined;
}

/** Tells of each claim of a payload what the contract asks for, and what is wrong. */
export function findClaims(contract: JwtContract, payload: JsonObject, context: FindingContext): readonly ClaimFinding[] {
	const { settings, knownRoles, now, lifetimeSeconds } = context;
	return judgeClaims(contract, payload, { settings, knownRoles, now: () => now }).map((judged) => {
		const { name, rule, value, verdict } = judged;
		const note = noteOn(judged, contract, lifetimeSeconds);
		return {
			name,
			verdict,
			expected: describeExpected(judged, contract, settings),
			required: rule?.required === true,
			isTime: rule?.from === "generated" && rule.generate !== "uuid",
			...(value === undefined ? {} : { value }),
			...(note === undefined ? {} : { note }),
		};
	});
}

function describeExpected({ rule, code }: JudgedClaim, contract: JwtContract, settings: FindingContext["settings"]): string {
	if (rule !== undefined) return describeRule(rule, contract, settings);
	if (code !== undefined) return "A token that is valid now";
	return contract.additionalClaims === true ? "Taken as an attribute" : "Not in the contract; ignored";
}

function noteOn({ rule, code, verdict }: JudgedClaim, { lifetime }: JwtContract, lifetimeSeconds = 0): string | undefined {
	if (verdict === "wrong" && code !== undefined) return verificationCodes[code].title;
	const isExpiry = rule?.from === "generated" && rule.generate === "expirationTime";
	return isExpiry && lifetimeSeconds > (lifetime.advisedMaximumSeconds ?? Number.POSITIVE_INFINITY)
		? "Is later than the vendor advises"
		: undefined;
}
