import type { GeneratedClaimRule, JwtContract } from "../contract/index.ts";
import type { Claims, Refusal } from "./result.ts";

/** Judges a time at a moment in seconds since the epoch. */
type TimeCheck = (claims: Claims, now: number) => Refusal | undefined;

/** Seconds by which a signer's clock may be off where nobody says otherwise. */
export const defaultClockToleranceSeconds = 5;

// The year 5138 in seconds and 1973 in milliseconds: no time of one kind can be taken for the other.
const latestSeconds = 1e11;
const latestMilliseconds = 1e14;

/**
 * Compiles a contract's rules of time, in the order in which a token is judged: `exp`, `nbf`, `iat`, and the lifetime between.
 *
 * A token without an `exp` that the contract does not require lives for ever, which is above any maximum. `nbf` counts
 * wherever it is (RFC 7519 §4.1.5). Times are whole seconds.
 */
export function compileTimeChecks(
	contract: JwtContract,
	nameOf: (claim: string) => string,
	toleranceSeconds: number,
): readonly TimeCheck[] {
	const expiration = findGenerated(contract, "expirationTime");
	const issue = findGenerated(contract, "issuedAt");
	const expName = expiration === undefined ? "exp" : nameOf(expiration);
	const iatName = issue === undefined ? "iat" : nameOf(issue);
	const requiresExpiration = expiration !== undefined && contract.claims[expiration]?.required === true;
	const requiresIssue = issue !== undefined && contract.claims[issue]?.required === true;
	const { maximumSeconds } = contract.lifetime;

	const checkExpiration: TimeCheck = (claims, now) => {
		const exp = claims[expName] ?? undefined;
		if (exp === undefined) return { code: requiresExpiration ? "claim_missing" : "lifetime_too_long", claim: expName };
		if (!isWholeNumber(exp)) return { code: "claim_invalid", claim: expName };
		if (exp > latestSeconds) return { code: exp < latestMilliseconds ? "exp_in_milliseconds" : "claim_invalid", claim: expName };
		return now >= exp + toleranceSeconds ? { code: "expired", claim: expName } : undefined;
	};
	const createBeginningCheck =
		(name: string, required: boolean): TimeCheck =>
		(claims, now) => {
			const time = claims[name] ?? undefined;
			if (time === undefined) return required ? { code: "claim_missing", claim: name } : undefined;
			if (!isNumericDate(time)) return { code: "claim_invalid", claim: name };
			return now < time - toleranceSeconds ? { code: "not_yet_valid", claim: name } : undefined;
		};
	const checkLifetime: TimeCheck = (claims, now) => {
		const exp = claims[expName];
		const iat = claims[iatName];
		if (!isNumericDate(exp)) return undefined;
		const isTooLong =
			isNumericDate(iat) && iat <= now + toleranceSeconds ? exp - iat > maximumSeconds : exp - now > maximumSeconds + toleranceSeconds;
		return isTooLong ? { code: "lifetime_too_long", claim: expName } : undefined;
	};
	return [checkExpiration, createBeginningCheck("nbf", false), createBeginningCheck(iatName, requiresIssue), checkLifetime];
}

/** The contract's claim that is generated as the given kind. */
export function findGenerated({ claims }: JwtContract, kind: GeneratedClaimRule["generate"]): string | undefined {
	return Object.keys(claims).find((name) => {
		const rule = claims[name];
		return rule?.from === "generated" && rule.generate === kind;
	});
}

function isNumericDate(value: unknown): value is number {
	return isWholeNumber(value) && value <= latestSeconds;
}

function isWholeNumber(value: unknown): value is number {
	return typeof value === "number" && Number.isInteger(value) && value >= 0;
}
