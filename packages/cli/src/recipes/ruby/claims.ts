import { limitOf, readerOf, usualLimit } from "../exact-text.ts";
import { rubyLiteral as literal } from "../literals.ts";
import { snakeCase } from "../naming.ts";
import { claimsAroundNull, fixedNames, groupRefusal, nameRefusal, type PlannedClaim, type RecipePlan, usesEmail } from "../plan.ts";
import type { PlannedInput, PlannedSetting, PlannedValue } from "../planned-value.ts";
import type { Lines } from "../source.ts";

export function nameOf(input: PlannedInput): string {
	return input.field === "id" ? "user_id" : snakeCase(input.words);
}

export function jwtLines(plan: RecipePlan): Lines {
	const { listed, nulls, hasOptional } = claimsAroundNull(plan);
	return [
		"now = Time.now.to_i",
		usesEmail(plan) && "verified_email = email_verified == true ? address(email) : nil",
		plan.claims.map((claim) => nameLines(claim, plan)),
		plan.attributes ? "claims = (attributes || {}).transform_keys(&:to_s).merge(" : "claims = {",
		listed.map((claim, index) => `  ${keyCode(claim)} => ${valueCode(claim)}${plan.attributes && index === listed.length - 1 ? "" : ","}`),
		`${plan.attributes ? ")" : "}"}${hasOptional ? ".compact" : ""}`,
		nulls.map((claim) => `claims[${keyCode(claim)}] = nil`),
		plan.oneOf.map((group) => {
			const names = group.map(keyCode);
			const test = names.length === 1 ? `claims.key?(${names[0]})` : `[${names.join(", ")}].any? { |name| claims.key?(name) }`;
			return `raise IdentityError, ${literal(groupRefusal(plan, group))} unless ${test}`;
		}),
		"",
		`JWT.encode(claims, signing_key, "${plan.algorithm}", { "typ" => "JWT"${plan.keyId ? `, "kid" => ${settingCode(plan.keyId)}` : ""} })`,
	];
}

export function hmacLines({ message }: RecipePlan): Lines {
	if (message === undefined) return [];
	return [
		message.input.field === "email" && "verified_email = email_verified == true ? address(email) : nil",
		`message = ${textCode(message, true)}`,
		'OpenSSL::HMAC.hexdigest("SHA256", signing_key, message)',
	];
}

function keyCode({ name, nameSetting }: PlannedClaim): string {
	return nameSetting ? snakeCase(nameSetting.words) : literal(name);
}

function nameLines(claim: PlannedClaim, plan: RecipePlan): Lines {
	if (claim.nameSetting === undefined) return [];
	const others = fixedNames(plan);
	const name = snakeCase(claim.nameSetting.words);
	return [
		`${name} = ${settingCode(claim.nameSetting)}`,
		others.length > 0 && [
			`if ${literal(others)}.include?(${name})`,
			`  raise ArgumentError, ${literal(nameRefusal(claim.nameSetting))}`,
			"end",
			"",
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
			return "now";
		case "expirationTime":
			return "now + LIFETIME_SECONDS";
		case "uuid":
			return "SecureRandom.uuid";
		case "text":
			return textCode(value, required);
		case "flag":
			return "email_verified == true";
		case "role": {
			const given = nameOf(value.input);
			return require(value.helper
				? `${snakeCase(value.helper)}(${given})`
				: `identifier(${given} == "" ? nil : ${given})`, value, required);
		}
		case "custom": {
			const given = require(nameOf(value.input), value, required);
			if (value.input.type !== "json-string") return given;
			return required ? `JSON.generate(${given})` : `${given}.nil? ? nil : JSON.generate(${given})`;
		}
	}
}

function textCode(value: Extract<PlannedValue, { from: "text" }>, required: boolean): string {
	const text = value.fallback ? `${readCode(value.input)} || ${readCode(value.fallback)}` : readCode(value.input);
	return require(value.lowercase ? `lowercase(${text})` : text, value, required);
}

function readCode(input: PlannedInput): string {
	const reader = readerOf(input);
	if (reader === "address") return "verified_email";
	return `${reader}(${nameOf(input)}${reader === "text" || limitOf(input) === usualLimit ? "" : `, ${limitOf(input)}`})`;
}

export function require(code: string, { needs }: { needs: string }, required: boolean): string {
	return required ? `required(${code}, ${literal(needs)})` : code;
}

function settingCode({ env, default: value }: PlannedSetting): string {
	return `variable("${env}"${value === undefined ? "" : `, ${literal(value)}`})`;
}
