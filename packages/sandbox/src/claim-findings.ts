import type { ClaimRule, JsonValue, JwtContract } from "@widget-token/core";
import { describeRule } from "./claim-description.ts";
import type { JsonObject } from "./token-text.ts";

/** What a claim is worth. `unknown` is one that the contract does not name: the vendor ignores it. */
export type ClaimVerdict = "fulfilled" | "absent" | "missing" | "wrong" | "unknown";

/** One claim held against the contract. */
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

/** What claims are judged by, beside the contract. */
export interface FindingContext {
	readonly settings: Readonly<Record<string, string>>;
	/** Seconds since the epoch. */
	readonly now: number;
	/** The claim that the verification names, and what it says of it. */
	readonly refused?: { readonly claim: string; readonly title: string } | undefined;
}

/** Holds each claim of a payload against the contract: those of the contract in its order, then those it does not know. */
export function findClaims(contract: JwtContract, payload: JsonObject, context: FindingContext): ClaimFinding[] {
	const known = new Set<string>();
	const findings = Object.entries(contract.claims).map(([key, rule]) => {
		const name = rule.nameSetting === undefined ? key : (context.settings[rule.nameSetting] ?? key);
		known.add(name);
		return judgeClaim(name, rule, contract, payload, context);
	});
	const others = Object.entries(payload).filter(([name]) => !known.has(name));
	const expected = contract.additionalClaims === true ? "Taken as an attribute" : "Not in the contract; ignored";
	return [
		...findings,
		...others.map(([name, value]) => ({ name, verdict: "unknown" as const, expected, required: false, isTime: false, value })),
	];
}

function judgeClaim(name: string, rule: ClaimRule, contract: JwtContract, payload: JsonObject, context: FindingContext): ClaimFinding {
	const required = rule.required === true;
	const isTime = rule.from === "generated" && rule.generate !== "uuid";
	const about = { name, expected: describeRule(rule, contract, context.settings), required, isTime };
	const value = Object.hasOwn(payload, name) ? payload[name] : undefined;
	if (value === undefined || value === null || value === "") {
		const isNeeded = required || context.refused?.claim === name;
		return { ...about, verdict: isNeeded ? "missing" : "absent", ...(value === undefined ? {} : { value }) };
	}
	// The verification has the last word.
	const problem =
		findProblem(rule, value, contract, payload, context) ?? (context.refused?.claim === name ? context.refused.title : undefined);
	if (problem !== undefined) return { ...about, verdict: "wrong", value, note: problem };
	const note = adviseOn(rule, value, contract, payload);
	return { ...about, verdict: "fulfilled", value, ...(note === undefined ? {} : { note }) };
}

function findProblem(
	rule: ClaimRule,
	value: JsonValue,
	contract: JwtContract,
	payload: JsonObject,
	{ settings, now }: FindingContext,
): string | undefined {
	switch (rule.from) {
		case "identity":
			if (rule.field === "emailVerified") return typeof value === "boolean" ? undefined : "Is not true or false";
			if (typeof value !== "string") return "Is not a string";
			return rule.transform === "lowercase" && value !== value.toLowerCase() ? "Is not in lower case" : undefined;
		case "setting": {
			const expected = settings[rule.setting];
			return value === expected || (Array.isArray(value) && value.includes(expected as string)) ? undefined : "Has another value";
		}
		case "constant":
			return JSON.stringify(value) === JSON.stringify(rule.value) ? undefined : "Has another value";
		case "generated":
			if (rule.generate === "uuid") return typeof value === "string" ? undefined : "Is not a string";
			return findTimeProblem(rule.generate, value, contract, payload, now);
		case "role": {
			const isList = Array.isArray(value) && rule.type !== "string" && value.length > 0 && value.every((role) => typeof role === "string");
			if (typeof value !== "string" && !isList) return "Is not a role";
			return rule.oneOf !== undefined && ![value].flat().every((role) => rule.oneOf?.includes(role as string))
				? "Is not one of the roles"
				: undefined;
		}
		case "custom": {
			const type = rule.type === "json-string" ? "string" : rule.type;
			return (Array.isArray(value) ? "array" : typeof value) === type ? undefined : `Is not of the type ${type}`;
		}
	}
}

// Milliseconds since the epoch have been above this since 1973; seconds get there in 5138.
const latestSeconds = 1e11;

function findTimeProblem(
	kind: "issuedAt" | "expirationTime",
	value: JsonValue,
	contract: JwtContract,
	payload: JsonObject,
	now: number,
): string | undefined {
	if (typeof value !== "number" || !Number.isInteger(value)) return "Is not a whole number";
	if (value > latestSeconds) return "Is in milliseconds";
	if (kind === "issuedAt") return value > now + toleratedSeconds ? "Lies in the future" : undefined;
	if (value <= now - toleratedSeconds) return "Has passed";
	return lifetimeOf(contract, value, payload, now) > contract.lifetime.maximumSeconds ? "Is too far off" : undefined;
}

const toleratedSeconds = 5;

function lifetimeOf(contract: JwtContract, expiresAt: number, payload: JsonObject, now: number): number {
	const issued =
		Object.entries(contract.claims).find(([, rule]) => rule.from === "generated" && rule.generate === "issuedAt")?.[0] ?? "iat";
	const issuedAt = payload[issued];
	return expiresAt - (typeof issuedAt === "number" ? issuedAt : now);
}

function adviseOn(rule: ClaimRule, value: JsonValue, contract: JwtContract, payload: JsonObject): string | undefined {
	if (rule.from !== "generated" || rule.generate !== "expirationTime" || typeof value !== "number") return undefined;
	const advised = contract.lifetime.advisedMaximumSeconds;
	if (advised === undefined || lifetimeOf(contract, value, payload, value) <= advised) return undefined;
	return "Is later than the vendor advises";
}
