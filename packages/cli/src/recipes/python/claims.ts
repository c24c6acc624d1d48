import { limitOf, readerOf, usualLimit } from "../exact-text.ts";
import { pythonLiteral as literal } from "../literals.ts";
import { snakeCase } from "../naming.ts";
import { claimsAroundNull, fixedNames, groupRefusal, nameRefusal, type PlannedClaim, type RecipePlan, usesEmail } from "../plan.ts";
import type { PlannedInput, PlannedSetting, PlannedValue } from "../planned-value.ts";
import type { Lines } from "../source.ts";

/** The name of a parameter; `id` is a built-in function of Python's. */
export function pythonName(input: PlannedInput): string {
	return input.field === "id" ? "user_id" : snakeCase(input.words);
}

export function jwtLines(plan: RecipePlan): Lines {
	const { listed, nulls, hasOptional } = claimsAroundNull(plan);
	const headers = plan.keyId ? `, headers={"kid": ${settingCode(plan.keyId)}}` : "";
	return [
		"now = int(time.time())",
		usesEmail(plan) && "verified_email = _address(email) if email_verified is True else None",
		plan.claims.map((claim) => nameLines(claim, plan)),
		"claims = {",
		plan.attributes && "    **(attributes or {}),",
		listed.map((claim) => `    ${keyCode(claim)}: ${valueCode(claim)},`),
		"}",
		hasOptional && "claims = {name: value for name, value in claims.items() if value is not None}",
		nulls.map((claim) => `claims[${keyCode(claim)}] = None`),
		plan.oneOf.map((group) => {
			const names = group.map((claim) => keyCode(claim));
			const test = names.length === 1 ? `${names[0]} not in claims` : `claims.keys().isdisjoint([${names.join(", ")}])`;
			return [`if ${test}:`, `    raise IdentityError(${literal(groupRefusal(plan, group))})`];
		}),
		`return jwt.encode(claims, _signing_key(), algorithm="${plan.algorithm}"${headers})`,
	];
}

export function hmacLines({ message }: RecipePlan): Lines {
	if (message === undefined) return [];
	return [
		message.input.field === "email" && "verified_email = _address(email) if email_verified is True else None",
		`message = ${textCode(message, true)}`,
		"return hmac.new(_signing_key(), message.encode(), hashlib.sha256).hexdigest()",
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
		others.length > 0 && [`if ${name} in ${literal(others)}:`, `    raise RuntimeError(${literal(nameRefusal(claim.nameSetting))})`],
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
			return "str(uuid.uuid4())";
		case "text":
			return textCode(value, required);
		case "flag":
			return "email_verified is True";
		case "role": {
			const given = pythonName(value.input);
			return require(value.helper ? `_${snakeCase(value.helper)}(${given})` : `_identifier(${given} or None)`, value, required);
		}
		case "custom": {
			const name = pythonName(value.input);
			const given = require(name, value, required);
			if (value.input.type !== "json-string") return given;
			const json = `json.dumps(${given}, separators=(",", ":"), ensure_ascii=False, allow_nan=False)`;
			return required ? json : `None if ${name} is None else ${json}`;
		}
	}
}

function textCode(value: Extract<PlannedValue, { from: "text" }>, required: boolean): string {
	const text = value.fallback ? `${readCode(value.input)} or ${readCode(value.fallback)}` : readCode(value.input);
	return require(value.lowercase ? `_lowercase(${text})` : text, value, required);
}

function readCode(input: PlannedInput): string {
	const reader = readerOf(input);
	if (reader === "address") return "verified_email";
	return `_${reader}(${pythonName(input)}${reader === "text" || limitOf(input) === usualLimit ? "" : `, ${limitOf(input)}`})`;
}

function require(code: string, { needs }: { needs: string }, required: boolean): string {
	return required ? `_required(${code}, ${literal(needs)})` : code;
}

function settingCode({ env, default: value }: PlannedSetting): string {
	return `_variable("${env}"${value === undefined ? "" : `, ${literal(value)}`})`;
}
