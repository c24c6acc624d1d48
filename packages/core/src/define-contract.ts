import { type Algorithm, algorithms, isSymmetric } from "./algorithms.ts";
import { checkDelivery } from "./check-delivery.ts";
import type { Contract, JwtContract } from "./contract.ts";
import { identityLimits } from "./identity.ts";
import { array, fail, type Members, members, oneOf, onlyKnown, settingName, text, wholeNumber } from "./member-checks.ts";
import { publicPrefix } from "./secret.ts";

/**
 * Checks a contract, freezes a copy of it and returns that copy.
 *
 * `data` may come from TypeScript or from JSON; a member that the format does not know is an error, so that a
 * misspelt rule is never ignored. The format: `@widget-token/widgets/contract.schema.json`.
 *
 * @throws WidgetTokenError `contract_invalid`, naming the member.
 * @example
 * ```ts
 * import { defineContract } from "@widget-token/core";
 *
 * export const acmeChat = defineContract({
 * 	id: "acme-chat",
 * 	name: "Acme Chat",
 * 	documentation: ["https://docs.example.com/identity"],
 * 	scheme: "jwt",
 * 	algorithm: "HS256",
 * 	key: { env: "ACME_CHAT_SECRET", encoding: "utf8" },
 * 	claims: {
 * 		sub: { from: "identity", field: "id", required: true },
 * 		exp: { from: "generated", generate: "expirationTime", required: true },
 * 	},
 * 	lifetime: { defaultSeconds: 600, maximumSeconds: 3600 },
 * });
 * ```
 */
export function defineContract(data: Contract): Contract;
export function defineContract(data: unknown): Contract;
export function defineContract(data: unknown): Contract {
	if (defined.has(data as Contract)) return data as Contract;
	const copy = cloneJson(data, "contract");
	checkContract(copy);
	defined.add(deepFreeze(copy));
	return copy;
}

const defined = new WeakSet<Contract>();

const identityFields = Object.keys(identityLimits);
const customTypes = ["string", "number", "boolean", "object", "array", "json-string"];
const algorithmNames = Object.keys(algorithms);
const identifier = /^[a-z][a-z0-9-]{0,63}$/;
const variable = /^[A-Z][A-Z0-9_]{0,127}$/;
const webAddress = /^https?:\/\/\S+$/;
const name = /^[\w:./-]{1,128}$/;

function checkContract(data: unknown): asserts data is Contract {
	const contract = members(data, "contract");
	const scheme = oneOf(contract.scheme, "scheme", ["jwt", "hmac"]);
	const common = ["$schema", "id", "name", "documentation", "scheme", "algorithm", "key", "settings", "delivery"];
	onlyKnown(
		contract,
		"",
		scheme === "jwt" ? [...common, "header", "claims", "oneOf", "additionalClaims", "lifetime"] : [...common, "message"],
	);
	if (contract.$schema !== undefined) text(contract.$schema, "$schema");
	text(contract.id, "id", identifier);
	text(contract.name, "name");
	for (const [index, page] of array(contract.documentation, "documentation").entries()) {
		if (!URL.canParse(text(page, `documentation.${index}`, webAddress))) fail(`documentation.${index}`, "is not a URL");
	}
	const algorithm = oneOf(contract.algorithm, "algorithm", scheme === "jwt" ? algorithmNames : ["HS256"]) as Algorithm;
	checkKey(members(contract.key, "key"), isSymmetric(algorithm));
	const settings = contract.settings === undefined ? {} : members(contract.settings, "settings");
	for (const [key, rule] of Object.entries(settings)) {
		if (!settingName.test(key)) fail(`settings.${key}`, `does not match ${settingName.source}`);
		checkSetting(members(rule, `settings.${key}`), `settings.${key}`);
	}
	if (contract.delivery !== undefined) checkDelivery(members(contract.delivery, "delivery"));
	if (scheme === "hmac") {
		const message = members(contract.message, "message");
		onlyKnown(message, "message", ["field", "transform"]);
		oneOf(message.field, "message.field", identityFields);
		if (message.transform !== undefined) oneOf(message.transform, "message.transform", ["lowercase"]);
		return;
	}
	checkJwt(contract, Object.keys(settings));
}

function checkKey(key: Members, isShared: boolean): void {
	onlyKnown(key, "key", ["env", "encoding", "minimumBytes"]);
	checkVariable(key.env, "key.env");
	if (publicPrefix.test(key.env as string)) fail("key.env", "has a prefix that publishes the variable to browsers");
	oneOf(key.encoding, "key.encoding", isShared ? ["utf8", "hex", "base64"] : ["pem", "base64-pem"]);
	if (key.minimumBytes !== undefined) wholeNumber(key.minimumBytes, "key.minimumBytes");
}

function checkSetting(rule: Members, path: string): void {
	onlyKnown(rule, path, ["env", "description", "default"]);
	checkVariable(rule.env, `${path}.env`);
	text(rule.description, `${path}.description`);
	if (rule.default !== undefined) text(rule.default, `${path}.default`);
}

function checkJwt(contract: Members, settings: readonly string[]): void {
	if (contract.header !== undefined) {
		const header = members(contract.header, "header");
		onlyKnown(header, "header", ["typ", "kid"]);
		if (header.typ !== undefined) oneOf(header.typ, "header.typ", ["JWT"]);
		if (header.kid !== undefined) oneOf(header.kid, "header.kid", settings);
	}
	const claims = members(contract.claims, "claims");
	if (Object.keys(claims).length === 0) fail("claims", "is empty");
	for (const [claim, rule] of Object.entries(claims)) {
		if (!name.test(claim) || claim === "__proto__") fail(`claims.${claim}`, "is not a claim's name");
		checkClaim(members(rule, `claims.${claim}`), `claims.${claim}`, settings);
	}
	const times = Object.values(claims as JwtContract["claims"]).filter(
		(rule) => rule.from === "generated" && rule.generate === "expirationTime",
	);
	if (times.length !== 1) fail("claims", "needs exactly one claim that is generated as expirationTime");
	for (const [index, group] of (contract.oneOf === undefined ? [] : array(contract.oneOf, "oneOf")).entries()) {
		if (array(group, `oneOf.${index}`).length === 0) fail(`oneOf.${index}`, "is empty");
		for (const claim of group as unknown[]) oneOf(claim, `oneOf.${index}`, Object.keys(claims));
	}
	if (contract.additionalClaims !== undefined && typeof contract.additionalClaims !== "boolean")
		fail("additionalClaims", "is not true or false");
	const lifetime = members(contract.lifetime, "lifetime");
	onlyKnown(lifetime, "lifetime", ["defaultSeconds", "advisedMaximumSeconds", "maximumSeconds"]);
	const maximum = wholeNumber(lifetime.maximumSeconds, "lifetime.maximumSeconds");
	if (wholeNumber(lifetime.defaultSeconds, "lifetime.defaultSeconds") > maximum) fail("lifetime.defaultSeconds", "is above maximumSeconds");
	if (
		lifetime.advisedMaximumSeconds !== undefined &&
		wholeNumber(lifetime.advisedMaximumSeconds, "lifetime.advisedMaximumSeconds") > maximum
	) {
		fail("lifetime.advisedMaximumSeconds", "is above maximumSeconds");
	}
}

const claimMembers: Record<string, readonly string[]> = {
	identity: ["field", "transform", "fallbackField"],
	setting: ["setting"],
	constant: ["value"],
	generated: ["generate"],
	role: ["type", "oneOf"],
	custom: ["type"],
};

function checkClaim(rule: Members, path: string, settings: readonly string[]): void {
	const from = oneOf(rule.from, `${path}.from`, Object.keys(claimMembers));
	onlyKnown(rule, path, ["from", "required", "nameSetting", ...(claimMembers[from] ?? [])]);
	if (rule.required !== undefined && typeof rule.required !== "boolean") fail(`${path}.required`, "is not true or false");
	if (rule.nameSetting !== undefined) oneOf(rule.nameSetting, `${path}.nameSetting`, settings);
	if (from === "identity") {
		oneOf(rule.field, `${path}.field`, [...identityFields, "emailVerified"]);
		if (rule.transform !== undefined) oneOf(rule.transform, `${path}.transform`, ["lowercase"]);
		if (rule.fallbackField !== undefined) oneOf(rule.fallbackField, `${path}.fallbackField`, identityFields);
	}
	if (from === "setting") oneOf(rule.setting, `${path}.setting`, settings);
	if (from === "constant" && rule.value === undefined) fail(`${path}.value`, "is missing");
	if (from === "generated") oneOf(rule.generate, `${path}.generate`, ["issuedAt", "expirationTime", "uuid"]);
	if (from === "role") {
		oneOf(rule.type, `${path}.type`, ["string", "string-or-array"]);
		if (rule.oneOf !== undefined && array(rule.oneOf, `${path}.oneOf`).length === 0) fail(`${path}.oneOf`, "is empty");
		for (const role of (rule.oneOf ?? []) as unknown[]) text(role, `${path}.oneOf`);
	}
	if (from === "custom") oneOf(rule.type, `${path}.type`, customTypes);
}

function checkVariable(value: unknown, path: string): void {
	text(value, path, variable);
}

function cloneJson(value: unknown, path: string): unknown {
	try {
		// JSON would drop a function and turn NaN into null: a rule must not get lost on the way.
		const text = JSON.stringify(value, (_, member: unknown) => {
			if (typeof member === "function" || typeof member === "symbol" || (typeof member === "number" && !Number.isFinite(member)))
				throw new TypeError();
			return member;
		});
		return JSON.parse(text) as unknown;
	} catch {
		return fail(path, "is not plain data that JSON can carry");
	}
}

function deepFreeze<T>(value: T): T {
	if (typeof value === "object" && value !== null) for (const member of Object.values(Object.freeze(value))) deepFreeze(member);
	return value;
}
