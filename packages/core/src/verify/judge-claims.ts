import { createClock, withoutPrototype } from "../base/index.ts";
import { type ClaimRule, type JsonValue, type JwtContract, requireSealed, type Settings } from "../contract/index.ts";
import { compileClaimsChecks, createClaimNames, isAbsent } from "./claims.ts";
import type { VerificationCode } from "./codes.ts";
import type { VerifyOptions } from "./options.ts";
import type { Claims, Refusal } from "./result.ts";
import { createKnownRoles } from "./roles.ts";
import { defaultClockToleranceSeconds } from "./times.ts";

/**
 * What a claim is worth.
 *
 * - `ok`: it is what the contract asks for. `absent`: it is not there, and need not be.
 * - `missing`, `wrong`: the token is refused for it.
 * - `extra`: the contract does not name it. `unjudged`: it should be a setting whose value is not known.
 */
export type ClaimVerdict = "ok" | "absent" | "missing" | "wrong" | "extra" | "unjudged";

/** One claim held against a contract. */
export interface JudgedClaim {
	/** Its name in the token. */
	readonly name: string;
	readonly verdict: ClaimVerdict;
	/** What the contract says of it; undefined where it says nothing. */
	readonly rule?: ClaimRule;
	/** Undefined when the token does not have it. */
	readonly value?: JsonValue;
	/** Why the token is refused for it. */
	readonly code?: VerificationCode;
}

/** What claims are judged by, beside the contract. */
export interface JudgeClaimsOptions extends Pick<VerifyOptions, "clockToleranceSeconds" | "now"> {
	/** The contract's settings by name. A claim whose setting is not given is not judged. */
	readonly settings?: Settings | undefined;
	/** As for {@link VerifyOptions}, of one tenant. */
	readonly knownRoles?: readonly string[] | undefined;
}

/**
 * Names all that is wrong with a token's claims, where `createVerify` stops at the first: those of the contract in its order,
 * then those it does not name. By the same checks, for tools that explain a token; it proves nothing, for it sees no signature.
 *
 * Import from `@widget-token/core/verify`.
 *
 * @throws WidgetTokenError `contract_invalid`; `options_invalid` for a clock that gives no time.
 * @example
 * ```ts
 * import type { JwtContract } from "@widget-token/core";
 * import { judgeClaims } from "@widget-token/core/verify";
 *
 * declare const acmeChat: JwtContract;
 *
 * for (const { name, verdict, code } of judgeClaims(acmeChat, { sub: "", exp: 1 })) console.log(name, verdict, code);
 * ```
 */
export function judgeClaims(contract: JwtContract, payload: Claims, options: JudgeClaimsOptions = {}): readonly JudgedClaim[] {
	const { settings = {}, knownRoles, clockToleranceSeconds = defaultClockToleranceSeconds, now } = options;
	const checked = requireSealed(contract) as JwtContract;
	const claims = withoutPrototype(payload);
	const values = withoutPrototype(settings);
	const roles = knownRoles && createKnownRoles(knownRoles);
	const seconds = createClock(now)() / 1000;
	const refusals = compileClaimsChecks(checked, values, clockToleranceSeconds).map((check) => check(claims, seconds, roles));
	const codes = firstCodes(refusals);
	const nameOf = createClaimNames(checked, values);
	const rules = new Map(Object.entries(checked.claims).map(([claim, rule]) => [nameOf(claim), rule]));
	const names = new Set([...rules.keys(), ...Object.keys(claims)]);
	return [...names].map((name) => {
		const rule = rules.get(name);
		const value = claims[name];
		const isUnjudged = rule?.from === "setting" && values[rule.setting] === undefined && !isAbsent(value);
		const code = isUnjudged ? undefined : codes.get(name);
		return {
			name,
			verdict: isUnjudged ? "unjudged" : toVerdict(code, rule, value),
			...(rule === undefined ? {} : { rule }),
			...(value === undefined ? {} : { value }),
			...(code === undefined ? {} : { code }),
		};
	});
}

function firstCodes(refusals: readonly (Refusal | undefined)[]): ReadonlyMap<string, VerificationCode> {
	const codes = new Map<string, VerificationCode>();
	for (const refusal of refusals) {
		if (refusal?.claim !== undefined && !codes.has(refusal.claim)) codes.set(refusal.claim, refusal.code);
	}
	return codes;
}

function toVerdict(code: VerificationCode | undefined, rule: ClaimRule | undefined, value: JsonValue | undefined): ClaimVerdict {
	if (code !== undefined) return code === "claim_missing" ? "missing" : "wrong";
	if (rule === undefined) return "extra";
	return isAbsent(value) ? "absent" : "ok";
}
