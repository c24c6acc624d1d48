import type { GeneratedClaimRule, JwtContract } from "./contract.ts";
import type { Claims, Refusal } from "./verify-result.ts";

/** Judges `exp`, `iat` and `nbf` at a moment in seconds since the epoch. */
export type TimeCheck = (claims: Claims, now: number) => Refusal | undefined;

// The year 5138 in seconds and 1973 in milliseconds: no time of one kind can be taken for the other.
const latestSeconds = 1e11;
const latestMilliseconds = 1e14;

/**
 * Compiles a contract's rules of time.
 *
 * A token without an `exp` that the contract does not require lives for ever, which is above any maximum. `nbf` counts
 * wherever it is (RFC 7519 §4.1.5). Times are whole seconds.
 */
export function compileTimeCheck(contract: JwtContract, nameOf: (claim: string) => string, toleranceSeconds: number): TimeCheck {
	const expiration = findGenerated(contract, "expirationTime");
	const issue = findGenerated(contract, "issuedAt");
	const expName = expiration === undefined ? "exp" : nameOf(expiration);
	const iatName = issue === undefined ? "iat" : nameOf(issue);
	const requiresExpiration = expiration !== undefined && contract.claims[expiration]?.required === true;
	const requiresIssue = issue !== undefined && contract.claims[issue]?.required === true;
	const { maximumSeconds } = contract.lifetime;

	return (claims, now) => {
		const exp = claims[expName] ?? undefined;
		const iat = claims[iatName] ?? undefined;
		const nbf = claims.nbf ?? undefined;
		if (exp === undefined) return { code: requiresExpiration ? "claim_missing" : "lifetime_too_long", claim: expName };
		if (!isWholeNumber(exp)) return { code: "claim_invalid", claim: expName };
		if (exp > latestSeconds) return { code: exp < latestMilliseconds ? "exp_in_milliseconds" : "claim_invalid", claim: expName };
		if (now >= exp + toleranceSeconds) return { code: "expired", claim: expName };
		if (nbf !== undefined) {
			if (!isNumericDate(nbf)) return { code: "claim_invalid", claim: "nbf" };
			if (now < nbf - toleranceSeconds) return { code: "not_yet_valid", claim: "nbf" };
		}
		if (iat === undefined) {
			if (requiresIssue) return { code: "claim_missing", claim: iatName };
			return exp - now > maximumSeconds + toleranceSeconds ? { code: "lifetime_too_long", claim: expName } : undefined;
		}
		if (!isNumericDate(iat)) return { code: "claim_invalid", claim: iatName };
		if (now < iat - toleranceSeconds) return { code: "not_yet_valid", claim: iatName };
		return exp - iat > maximumSeconds ? { code: "lifetime_too_long", claim: expName } : undefined;
	};
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
