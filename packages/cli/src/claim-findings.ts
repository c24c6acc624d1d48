import { createHmac, randomBytes } from "node:crypto";
import type { ClaimRule, JsonValue, JwtContract } from "@widget-token/core";
import { createVerify, type VerificationCode, type Verify, verificationCodes } from "@widget-token/core/verify";
import { describeRule } from "./contract-description.ts";
import type { JsonObject } from "./token-text.ts";

/** What a claim is worth. `extra` is one that the contract does not name. */
export type ClaimVerdict = "ok" | "absent" | "missing" | "wrong" | "extra";

/** One claim held against the contract. */
export interface ClaimFinding {
	readonly name: string;
	readonly verdict: ClaimVerdict;
	readonly required: boolean;
	/** What the contract asks for. */
	readonly expected: string;
	/** Undefined when the token does not have it. */
	readonly value?: JsonValue;
	/** Whether the value is a time in seconds since the epoch. */
	readonly isTime: boolean;
	readonly code?: VerificationCode;
	readonly title?: string;
	readonly mend?: string;
}

export interface FindingOptions {
	/** The contract's settings by name. */
	readonly settings: Readonly<Record<string, string>>;
	readonly knownRoles?: readonly string[] | undefined;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
}

/**
 * Holds each claim of a payload against the contract: those of the contract in its order, then those it does not know.
 *
 * The verifier stops at the first mistake. So that all are found, and none is judged by other rules than the verifier's
 * own, each claim is put into a token of its own, signed with a key made here, and verified against its one rule.
 */
export async function findClaims(contract: JwtContract, payload: JsonObject, options: FindingOptions): Promise<ClaimFinding[]> {
	const known = new Set<string>();
	const findings: ClaimFinding[] = [];
	for (const [key, rule] of Object.entries(contract.claims)) {
		const name = rule.nameSetting === undefined ? key : (options.settings[rule.nameSetting] ?? key);
		known.add(name);
		findings.push(await judgeClaim(key, name, rule, contract, payload, options));
	}
	const expected = contract.additionalClaims === true ? "taken as an attribute" : "not in the contract, ignored";
	for (const [name, value] of Object.entries(payload)) {
		if (!known.has(name)) findings.push({ name, verdict: "extra", required: false, expected, value, isTime: timeNames.has(name) });
	}
	return findings;
}

const timeNames = new Set(["nbf", "auth_time"]);

async function judgeClaim(
	key: string,
	name: string,
	rule: ClaimRule,
	contract: JwtContract,
	payload: JsonObject,
	options: FindingOptions,
): Promise<ClaimFinding> {
	const isTime = rule.from === "generated" && rule.generate !== "uuid";
	const value = Object.hasOwn(payload, name) ? payload[name] : undefined;
	const about = {
		name,
		required: rule.required === true,
		expected: describeRule(rule, contract),
		isTime,
		...(value === undefined ? {} : { value }),
	};
	const unset = findUnsetSetting(rule, options);
	if (unset !== undefined) {
		const expected = `${about.expected}, which is not set here`;
		return { ...about, expected, verdict: value === undefined ? (about.required ? "missing" : "absent") : "ok" };
	}
	const code = await refuseAlone(key, name, rule, contract, payload, options);
	if (code !== undefined) {
		const { title, remedy } = verificationCodes[code];
		return { ...about, verdict: code === "claim_missing" ? "missing" : "wrong", code, title, mend: remedy };
	}
	return { ...about, verdict: value === undefined || value === null || value === "" ? "absent" : "ok" };
}

// Without the setting nothing can be said of the value.
function findUnsetSetting(rule: ClaimRule, { settings }: FindingOptions): string | undefined {
	return rule.from === "setting" && settings[rule.setting] === undefined ? rule.setting : undefined;
}

async function refuseAlone(
	key: string,
	name: string,
	rule: ClaimRule,
	contract: JwtContract,
	payload: JsonObject,
	options: FindingOptions,
): Promise<VerificationCode | undefined> {
	const probed: Record<string, ClaimRule> = { [key]: rule };
	const claims: Record<string, JsonValue> = Object.hasOwn(payload, name) ? { [name]: payload[name] as JsonValue } : {};
	if (rule.from === "generated" && rule.generate === "expirationTime") {
		// The lifetime counts from the issue, which is judged for itself.
		const issued = Object.keys(contract.claims).find((each) => isGenerated(contract.claims[each], "issuedAt")) ?? "iat";
		const issuedAt = payload[issued];
		if (typeof issuedAt === "number" && issuedAt <= options.now() / 1000) claims.iat = issuedAt;
	} else {
		probed[unusedName] = { from: "generated", generate: "expirationTime", required: true };
		claims[unusedName] = Math.floor(options.now() / 1000) + 60;
	}
	const { verify, sign } = createProbe(contract, probed, options);
	const result = await verify(sign(claims));
	return result.verified || result.claim !== name ? undefined : result.code;
}

const unusedName = "widget-token:probe";

function isGenerated(rule: ClaimRule | undefined, kind: "issuedAt" | "expirationTime"): boolean {
	return rule?.from === "generated" && rule.generate === kind;
}

interface Probe {
	readonly verify: Verify;
	readonly sign: (claims: Readonly<Record<string, JsonValue>>) => string;
}

function createProbe(contract: JwtContract, claims: JwtContract["claims"], { settings, knownRoles, now }: FindingOptions): Probe {
	const key = randomBytes(32).toString("hex");
	const { id, name, documentation, scheme, lifetime } = contract;
	const used = new Set(Object.values(claims).flatMap((rule) => [rule.nameSetting, rule.from === "setting" ? rule.setting : undefined]));
	const usedSettings = Object.entries(contract.settings ?? {}).filter(([setting]) => used.has(setting));
	const hasRole = Object.values(claims).some(({ from }) => from === "role");
	const probed: JwtContract = {
		id,
		name,
		documentation,
		scheme,
		lifetime,
		claims,
		settings: Object.fromEntries(usedSettings),
		algorithm: "HS256",
		key: { env: "PROBE", encoding: "utf8" },
	};
	const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
	return {
		verify: createVerify(probed, {
			secret: key,
			settings: Object.fromEntries(usedSettings.map(([setting]) => [setting, settings[setting] ?? setting])),
			now,
			env: {},
			onEvent: () => undefined,
			...(hasRole && knownRoles !== undefined ? { knownRoles } : {}),
		}),
		sign: (payload) => {
			const input = `${encode({ alg: "HS256" })}.${encode(payload)}`;
			return `${input}.${createHmac("sha256", key).update(input).digest("base64url")}`;
		},
	};
}
