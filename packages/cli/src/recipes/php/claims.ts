import { limitOf, readerOf, usualLimit } from "../exact-text.ts";
import { phpLiteral as literal } from "../literals.ts";
import { camelCase } from "../naming.ts";
import { claimsAroundNull, fixedNames, groupRefusal, nameRefusal, type PlannedClaim, type RecipePlan, usesEmail } from "../plan.ts";
import type { PlannedInput, PlannedSetting, PlannedValue } from "../planned-value.ts";
import type { Lines } from "../source.ts";
import { phpException, phpName } from "./names.ts";

export function jwtLines(plan: RecipePlan): Lines {
	const { listed, nulls, hasOptional } = claimsAroundNull(plan);
	return [
		"$now = time();",
		usesEmail(plan) && "$verifiedEmail = $emailVerified ? self::address($email) : null;",
		plan.claims.map((claim) => nameLines(claim, plan)),
		"$claims = [",
		listed.map((claim) => `    ${keyCode(claim)} => ${valueCode(claim)},`),
		plan.attributes ? `] + ($${phpName(plan.attributes)} ?? []);` : "];",
		hasOptional && "$claims = array_filter($claims, static fn ($value) => $value !== null);",
		nulls.map((claim) => `$claims[${keyCode(claim)}] = null;`),
		plan.oneOf.map((group) => [
			`if (!isset(${group.map((claim) => `$claims[${keyCode(claim)}]`).join(") && !isset(")})) {`,
			`    throw new ${phpException(plan)}(${literal(groupRefusal(plan, group))});`,
			"}",
		]),
		"",
		`return JWT::encode($claims, self::signingKey(), '${plan.algorithm}'${plan.keyId ? `, ${settingCode(plan.keyId)}` : ""});`,
	];
}

export function hmacLines({ message }: RecipePlan): Lines {
	if (message === undefined) return [];
	return [
		message.input.field === "email" && "$verifiedEmail = $emailVerified ? self::address($email) : null;",
		`$message = ${textCode(message, true)};`,
		"",
		"return hash_hmac('sha256', $message, self::signingKey());",
	];
}

function keyCode({ name, nameSetting }: PlannedClaim): string {
	return nameSetting ? `$${camelCase(nameSetting.words)}` : literal(name);
}

function nameLines(claim: PlannedClaim, plan: RecipePlan): Lines {
	if (claim.nameSetting === undefined) return [];
	const others = fixedNames(plan);
	const name = `$${camelCase(claim.nameSetting.words)}`;
	return [
		`${name} = ${settingCode(claim.nameSetting)};`,
		others.length > 0 && [
			`if (in_array(${name}, ${literal(others)}, true)) {`,
			`    throw new LogicException(${literal(nameRefusal(claim.nameSetting))});`,
			"}",
		],
	];
}

function valueCode({ value, required }: PlannedClaim): string {
	switch (value.from) {
		case "setting":
			return settingCode(value.setting);
		case "constant":
			return literal(value.value);
		case "issuedAt":
			return "$now";
		case "expirationTime":
			return "$now + self::LIFETIME_SECONDS";
		case "uuid":
			return "self::uuid()";
		case "text":
			return textCode(value, required);
		case "flag":
			return "$emailVerified";
		case "role": {
			const given = `$${phpName(value.input)}`;
			const code = value.helper ? `self::${camelCase(value.helper)}(${given})` : `self::identifier(${given} === '' ? null : ${given})`;
			return require(code, value, required);
		}
		case "custom": {
			const name = `$${phpName(value.input)}`;
			const given = require(name, value, required);
			const orNull = (code: string): string => (required ? code : `${name} === null ? null : ${code}`);
			if (value.input.type === "object") return orNull(`(object) ${given}`);
			if (value.input.type === "array") return orNull(`array_values(${given})`);
			if (value.input.type === "json-string")
				return orNull(`json_encode(${given}, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE)`);
			return given;
		}
	}
}

function textCode(value: Extract<PlannedValue, { from: "text" }>, required: boolean): string {
	const text = value.fallback ? `${readCode(value.input)} ?? ${readCode(value.fallback)}` : readCode(value.input);
	return require(value.lowercase ? `self::lowercase(${text})` : text, value, required);
}

function readCode(input: PlannedInput): string {
	const reader = readerOf(input);
	if (reader === "address") return "$verifiedEmail";
	return `self::${reader}($${phpName(input)}${reader === "text" || limitOf(input) === usualLimit ? "" : `, ${limitOf(input)}`})`;
}

function require(code: string, { needs }: { needs: string }, required: boolean): string {
	return required ? `self::required(${code}, ${literal(needs)})` : code;
}

function settingCode({ env, default: value }: PlannedSetting): string {
	return `self::variable('${env}'${value === undefined ? "" : `, ${literal(value)}`})`;
}
