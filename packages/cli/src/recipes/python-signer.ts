import { pythonLiteral as literal } from "./literals.ts";
import { snakeCase, wordsOf } from "./naming.ts";
import {
	groupRefusal,
	type PlannedClaim,
	type PlannedInput,
	type PlannedSetting,
	type PlannedValue,
	type RecipePlan,
	usesEmail,
	usesRequired,
	usesText,
} from "./plan.ts";
import { comment, indent, joinLines, type Lines } from "./source.ts";

/** The name of the module and of the signing function in it. */
export function pythonNames(plan: RecipePlan): { readonly module: string; readonly function: string } {
	const base = snakeCase(wordsOf(plan.id));
	return { module: `${base}_token`, function: `sign_${base}_token` };
}

/** The name of a parameter; `id` is a built-in function of Python's. */
export function pythonName(input: PlannedInput): string {
	return input.field === "id" ? "user_id" : snakeCase(input.words);
}

/** A module with the signing function and its `IdentityError`, for PyJWT. */
export function pythonSigner(plan: RecipePlan): string {
	const isJwt = plan.scheme === "jwt";
	return joinLines(
		docLines(plan),
		"",
		importLines(plan),
		isJwt && ["", `LIFETIME_SECONDS = ${plan.lifetimeSeconds}`],
		"",
		"",
		"class IdentityError(ValueError):",
		'    """This user cannot get a token. The message holds no personal data."""',
		"",
		"",
		`def ${pythonNames(plan).function}(`,
		"    *,",
		plan.inputs.map((input) => `    ${parameterCode(input)},`),
		") -> str:",
		indent("    ", functionDocLines(plan), isJwt ? jwtLines(plan) : hmacLines(plan)),
		keyLines(plan),
		helperLines(plan),
	);
}

function docLines(plan: RecipePlan): Lines {
	const what = plan.scheme === "jwt" ? "The token" : "The hash";
	return [
		comment("", `"""${what} that tells ${plan.name} who the signed-in user is.`, 88),
		plan.documentation.length > 0 && ["", plan.documentation],
		'"""',
	];
}

function importLines(plan: RecipePlan): Lines {
	const { claims, key, scheme, inputs } = plan;
	const values = claims.map(({ value }) => value.from);
	const hasJson = inputs.some(({ type }) => type === "json-string");
	const collections = [
		inputs.some(({ type }) => type === "object" || type === "attributes") && "Mapping",
		inputs.some(({ type }) => type === "roles" || type === "array") && "Sequence",
	];
	const hasAny = usesRequired(plan) || inputs.some(({ type }) => ["object", "array", "attributes", "json-string"].includes(type));
	return [
		key.encoding.startsWith("base64") && "import base64",
		scheme === "hmac" && ["import hashlib", "import hmac"],
		hasJson && "import json",
		"import os",
		scheme === "jwt" && "import time",
		values.includes("uuid") && "import uuid",
		collections.some(Boolean) && `from collections.abc import ${collections.filter(Boolean).join(", ")}`,
		"from functools import cache",
		hasAny && "from typing import Any",
		scheme === "jwt" && ["", "import jwt"],
	];
}

const types: Readonly<Record<PlannedInput["type"], string>> = {
	id: "str | int",
	text: "str",
	flag: "bool",
	role: "str",
	roles: "str | Sequence[str]",
	string: "str",
	number: "int | float",
	boolean: "bool",
	object: "Mapping[str, Any]",
	array: "Sequence[Any]",
	"json-string": "Any",
	attributes: "Mapping[str, Any]",
};

function parameterCode(input: PlannedInput): string {
	const name = `${pythonName(input)}: ${types[input.type]}`;
	if (input.required) return name;
	if (input.type === "flag") return `${name} = False`;
	return `${name}${input.type === "json-string" ? "" : " | None"} = None`;
}

function functionDocLines(plan: RecipePlan): Lines {
	return [
		`"""${plan.scheme === "jwt" ? "Sign a token" : "Compute the hash"} for the user of the verified session.`,
		"",
		"Never fill the arguments from what the browser sent.",
		"",
		plan.inputs.map((input) =>
			comment("", `${pythonName(input)}: ${input.description.charAt(0).toLowerCase()}${input.description.slice(1)}`, 84).map(
				(line, index) => (index === 0 ? line : `    ${line}`),
			),
		),
		"",
		"Raises IdentityError when the user lacks what the vendor requires.",
		'"""',
	];
}

function jwtLines(plan: RecipePlan): Lines {
	const nulls = plan.claims.filter(({ value }) => value.from === "constant" && value.value === null);
	const listed = plan.claims.filter((claim) => !nulls.includes(claim));
	const hasOptional = listed.some(({ always }) => !always) || plan.attributes !== undefined;
	const headers = plan.keyId ? `, headers={"kid": ${settingCode(plan.keyId)}}` : "";
	return [
		"now = int(time.time())",
		usesEmail(plan) && "verified_email = _text(email) if email_verified is True else None",
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

function hmacLines({ message }: RecipePlan): Lines {
	if (message === undefined) return [];
	return [
		message.input.field === "email" && "verified_email = _text(email) if email_verified is True else None",
		`message = ${textCode(message, true)}`,
		"return hmac.new(_signing_key(), message.encode(), hashlib.sha256).hexdigest()",
	];
}

function keyCode({ name, nameSetting }: PlannedClaim): string {
	return nameSetting ? snakeCase(nameSetting.words) : literal(name);
}

function nameLines(claim: PlannedClaim, plan: RecipePlan): Lines {
	if (claim.nameSetting === undefined) return [];
	const others = plan.claims.filter((other) => other !== claim && other.nameSetting === undefined).map(({ name }) => name);
	const name = snakeCase(claim.nameSetting.words);
	return [
		`${name} = ${settingCode(claim.nameSetting)}`,
		others.length > 0 && [
			`if ${name} in ${literal(others)}:`,
			`    raise RuntimeError(${literal(`${claim.nameSetting.env} names a claim that the token has already`)})`,
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
			return "str(uuid.uuid4())";
		case "text":
			return textCode(value, required);
		case "flag":
			return "email_verified is True";
		case "role":
			return require(`_${snakeCase(value.helper ?? ["text"])}(${pythonName(value.input)})`, value, required);
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
	const read = (input: PlannedInput): string => (input.field === "email" ? "verified_email" : `_text(${pythonName(input)})`);
	const text = value.fallback ? `${read(value.input)} or ${read(value.fallback)}` : read(value.input);
	if (required) return `${require(text, value, true)}${value.lowercase ? ".lower()" : ""}`;
	return value.lowercase ? `(${text} or "").lower() or None` : text;
}

function require(code: string, { needs }: { needs: string }, required: boolean): string {
	return required ? `_required(${code}, ${literal(needs)})` : code;
}

function settingCode({ env, default: value }: PlannedSetting): string {
	return `_variable("${env}"${value === undefined ? "" : `, ${literal(value)}`})`;
}

function keyLines({ key }: RecipePlan): Lines {
	const secret = `_variable("${key.env}")`;
	const decoded = {
		utf8: `${secret}.encode()`,
		hex: `bytes.fromhex(${secret})`,
		base64: `base64.b64decode(${secret}, validate=True)`,
		pem: `${secret}.replace("\\\\n", "\\n")`,
		"base64-pem": `base64.b64decode(${secret}, validate=True).decode()`,
	}[key.encoding];
	return [
		"",
		"",
		"@cache",
		`def _signing_key() -> ${key.isAsymmetric ? "str" : "bytes"}:`,
		indent(
			"    ",
			key.isAsymmetric
				? [key.encoding === "pem" && "# Hosts that keep a variable on one line write the line breaks as \\n.", `return ${decoded}`]
				: [
						`key = ${decoded}`,
						`if len(key) < ${key.minimumBytes}:`,
						`    raise RuntimeError("${key.env} is shorter than ${key.minimumBytes} bytes")`,
						"return key",
					],
		),
		"",
		"",
		"def _variable(name: str, default: str | None = None) -> str:",
		'    value = os.environ.get(name, "").strip() or default',
		"    if value is None:",
		'        raise RuntimeError(f"{name} is not set")',
		"    return value",
	];
}

function helperLines(plan: RecipePlan): Lines {
	return [
		usesText(plan) && [
			"",
			"",
			"def _text(value: object) -> str | None:",
			'    """The value as trimmed text, None when there is none."""',
			'    return (str(value).strip() if value is not None else "") or None',
		],
		plan.claims.map((claim) => roleHelperLines(claim, plan)),
		usesRequired(plan) && [
			"",
			"",
			"def _required(value: Any, what: str) -> Any:",
			"    if value is None:",
			`        raise IdentityError(${literal(`${plan.name} needs `)} + what)`,
			"    return value",
		],
	];
}

function roleHelperLines({ value }: PlannedClaim, { name }: RecipePlan): Lines {
	if (value.from !== "role" || value.helper === undefined) return [];
	const given = pythonName(value.input);
	const refusal = value.oneOf && `    raise IdentityError(${literal(`${name} knows no other role than ${value.oneOf.join(", ")}`)})`;
	const allowed = value.oneOf && literal(value.oneOf);
	if (value.input.type === "role") {
		return [
			"",
			"",
			`def _${snakeCase(value.helper)}(${given}: str | None) -> str | None:`,
			indent("    ", `name = _text(${given})`, refusal && [`if name is not None and name not in ${allowed}:`, refusal], "return name"),
		];
	}
	return [
		"",
		"",
		`def _${snakeCase(value.helper)}(${given}: str | Sequence[str] | None) -> str | list[str] | None:`,
		indent(
			"    ",
			`if ${given} is None or isinstance(${given}, str):`,
			refusal
				? [`    name = _text(${given})`, `    if name is not None and name not in ${allowed}:`, `    ${refusal}`, "    return name"]
				: `    return _text(${given})`,
			`names = [name for name in map(_text, ${given}) if name is not None]`,
			refusal && [`if not set(names) <= set(${allowed}):`, refusal],
			"return names or None",
		),
	];
}
