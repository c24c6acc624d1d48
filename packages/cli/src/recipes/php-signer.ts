import { phpLiteral as literal } from "./literals.ts";
import { camelCase, pascalCase, wordsOf } from "./naming.ts";
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

/** Where configuration is: environment variables, or also the constants of WordPress's `wp-config.php`. */
export type PhpConfiguration = "environment" | "constants";

/** The name of the class. */
export function phpClass({ id }: RecipePlan): string {
	return `${pascalCase(wordsOf(id))}Token`;
}

/** The name of a parameter, without its `$`. */
export function phpName(input: PlannedInput): string {
	return input.field === "id" ? "userId" : camelCase(input.words);
}

/** A class with a static signing method, for firebase/php-jwt. A user who cannot get a token is a `DomainException`. */
export function phpSigner(plan: RecipePlan, configuration: PhpConfiguration): string {
	const isJwt = plan.scheme === "jwt";
	return joinLines(
		"<?php",
		"",
		"declare(strict_types=1);",
		"",
		isJwt && ["use Firebase\\JWT\\JWT;", ""],
		"/**",
		comment(" * ", `${isJwt ? "The token" : "The hash"} that tells ${plan.name} who the signed-in user is.`),
		plan.documentation.length > 0 && [" *", plan.documentation.map((page) => ` * @see ${page}`)],
		" */",
		`final class ${phpClass(plan)}`,
		"{",
		indent(
			"    ",
			isJwt && [`public const LIFETIME_SECONDS = ${plan.lifetimeSeconds};`, ""],
			docLines(plan),
			"public static function sign(",
			plan.inputs.map((input, index) => `    ${parameterCode(input)}${index === plan.inputs.length - 1 ? "" : ","}`),
			"): string {",
			indent("    ", isJwt ? jwtLines(plan) : hmacLines(plan)),
			"}",
			keyLines(plan),
			variableLines(configuration),
			helperLines(plan),
		),
		"}",
	);
}

const types: Readonly<Record<PlannedInput["type"], readonly [type: string, orNothing: string]>> = {
	id: ["string|int", "string|int|null"],
	text: ["string", "?string"],
	flag: ["bool", "bool"],
	role: ["string", "?string"],
	roles: ["string|array", "string|array|null"],
	string: ["string", "?string"],
	number: ["int|float", "int|float|null"],
	boolean: ["bool", "?bool"],
	object: ["array", "?array"],
	array: ["array", "?array"],
	"json-string": ["mixed", "mixed"],
	attributes: ["array", "?array"],
};

function parameterCode(input: PlannedInput): string {
	const [type, orNothing] = types[input.type];
	// What the user lacks is refused in words, not by a TypeError.
	if (input.required) return `${input.type === "flag" || input.type === "id" ? type : orNothing} $${phpName(input)}`;
	return `${orNothing} $${phpName(input)} = ${input.type === "flag" ? "false" : "null"}`;
}

function docLines(plan: RecipePlan): Lines {
	return [
		"/**",
		` * ${plan.scheme === "jwt" ? "Signs a token" : "Computes the hash"} for the user of the verified session; never fill it from what the browser sent.`,
		" *",
		plan.inputs.map((input) =>
			comment(" * ", `@param ${types[input.type][1]} $${phpName(input)} ${input.description}`, 110).map((line, index) =>
				index === 0 ? line : line.replace(" * ", " *   "),
			),
		),
		" *",
		" * @throws DomainException when the user lacks what the vendor requires; its message holds no personal data",
		" */",
	];
}

function jwtLines(plan: RecipePlan): Lines {
	const nulls = plan.claims.filter(({ value }) => value.from === "constant" && value.value === null);
	const listed = plan.claims.filter((claim) => !nulls.includes(claim));
	const hasOptional = listed.some(({ always }) => !always) || plan.attributes !== undefined;
	return [
		"$now = time();",
		usesEmail(plan) && "$verifiedEmail = $emailVerified ? self::text($email) : null;",
		plan.claims.map((claim) => nameLines(claim, plan)),
		"$claims = [",
		listed.map((claim) => `    ${keyCode(claim)} => ${valueCode(claim)},`),
		plan.attributes ? `] + ($${phpName(plan.attributes)} ?? []);` : "];",
		hasOptional && "$claims = array_filter($claims, static fn ($value) => $value !== null);",
		nulls.map((claim) => `$claims[${keyCode(claim)}] = null;`),
		plan.oneOf.map((group) => [
			`if (!isset(${group.map((claim) => `$claims[${keyCode(claim)}]`).join(") && !isset(")})) {`,
			`    throw new DomainException(${literal(groupRefusal(plan, group))});`,
			"}",
		]),
		"",
		`return JWT::encode($claims, self::signingKey(), '${plan.algorithm}'${plan.keyId ? `, ${settingCode(plan.keyId)}` : ""});`,
	];
}

function hmacLines({ message }: RecipePlan): Lines {
	if (message === undefined) return [];
	return [
		message.input.field === "email" && "$verifiedEmail = $emailVerified ? self::text($email) : null;",
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
	const others = plan.claims.filter((other) => other !== claim && other.nameSetting === undefined).map(({ name }) => name);
	const name = `$${camelCase(claim.nameSetting.words)}`;
	return [
		`${name} = ${settingCode(claim.nameSetting)};`,
		others.length > 0 && [
			`if (in_array(${name}, ${literal(others)}, true)) {`,
			`    throw new LogicException(${literal(`${claim.nameSetting.env} names a claim that the token has already`)});`,
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
		case "role":
			return require(`self::${camelCase(value.helper ?? ["text"])}($${phpName(value.input)})`, value, required);
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
	const read = (input: PlannedInput): string => (input.field === "email" ? "$verifiedEmail" : `self::text($${phpName(input)})`);
	const text = value.fallback ? `${read(value.input)} ?? ${read(value.fallback)}` : read(value.input);
	if (required) return value.lowercase ? `strtolower(${require(text, value, true)})` : require(text, value, true);
	return value.lowercase ? `self::text(strtolower(${text} ?? ''))` : text;
}

function require(code: string, { needs }: { needs: string }, required: boolean): string {
	return required ? `self::required(${code}, ${literal(needs)})` : code;
}

function settingCode({ env, default: value }: PlannedSetting): string {
	return `self::variable('${env}'${value === undefined ? "" : `, ${literal(value)}`})`;
}

function keyLines({ key }: RecipePlan): Lines {
	const secret = `self::variable('${key.env}')`;
	const decoded = {
		utf8: secret,
		hex: `hex2bin(${secret})`,
		base64: `base64_decode(${secret}, true)`,
		pem: `str_replace('\\n', "\\n", ${secret})`,
		"base64-pem": `base64_decode(${secret}, true)`,
	}[key.encoding];
	const isDecoded = key.encoding !== "utf8" && key.encoding !== "pem";
	return [
		"",
		"private static function signingKey(): string",
		"{",
		indent(
			"    ",
			key.encoding === "pem" && "// Hosts that keep a variable on one line write the line breaks as \\n.",
			key.encoding === "pem"
				? `return ${decoded};`
				: [
						`$key = ${decoded};`,
						isDecoded && [
							"if ($key === false) {",
							`    throw new LogicException('${key.env} is not ${key.encoding === "hex" ? "hexadecimal" : "base64"}');`,
							"}",
						],
						!key.isAsymmetric && [
							`if (strlen($key) < ${key.minimumBytes}) {`,
							`    throw new LogicException('${key.env} is shorter than ${key.minimumBytes} bytes');`,
							"}",
						],
						"",
						"return $key;",
					],
		),
		"}",
	];
}

function variableLines(configuration: PhpConfiguration): Lines {
	const read = "(string) ($_ENV[$name] ?? getenv($name))";
	return [
		"",
		"private static function variable(string $name, ?string $default = null): string",
		"{",
		indent(
			"    ",
			configuration === "constants" && "// A constant of wp-config.php goes first.",
			`$value = trim(${configuration === "constants" ? `defined($name) ? (string) constant($name) : ${read}` : read});`,
			"if ($value === '' && $default === null) {",
			'    throw new LogicException("$name is not set");',
			"}",
			"",
			"return $value === '' ? $default : $value;",
		),
		"}",
	];
}

function helperLines(plan: RecipePlan): Lines {
	return [
		usesText(plan) && [
			"",
			"/** The value as trimmed text, null when there is none. */",
			"private static function text(string|int|null $value): ?string",
			"{",
			"    $text = trim((string) $value);",
			"",
			"    return $text === '' ? null : $text;",
			"}",
		],
		plan.claims.map((claim) => roleHelperLines(claim, plan)),
		usesRequired(plan) && [
			"",
			"private static function required(mixed $value, string $what): mixed",
			"{",
			"    if ($value === null) {",
			`        throw new DomainException(${literal(`${plan.name} needs `)} . $what);`,
			"    }",
			"",
			"    return $value;",
			"}",
		],
		plan.claims.some(({ value }) => value.from === "uuid") && [
			"",
			"/** A random UUID (RFC 9562, version 4). */",
			"private static function uuid(): string",
			"{",
			"    $bytes = random_bytes(16);",
			"    $bytes[6] = chr(ord($bytes[6]) & 0x0f | 0x40);",
			"    $bytes[8] = chr(ord($bytes[8]) & 0x3f | 0x80);",
			"",
			"    return vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split(bin2hex($bytes), 4));",
			"}",
		],
	];
}

function roleHelperLines({ value }: PlannedClaim, { name }: RecipePlan): Lines {
	if (value.from !== "role" || value.helper === undefined) return [];
	const given = `$${phpName(value.input)}`;
	const isSingle = value.input.type === "role";
	const refusal = value.oneOf && [
		`    throw new DomainException(${literal(`${name} knows no other role than ${value.oneOf.join(", ")}`)});`,
		"}",
	];
	const allowed = literal(value.oneOf ?? []);
	return [
		"",
		isSingle
			? `private static function ${camelCase(value.helper)}(?string ${given}): ?string`
			: `private static function ${camelCase(value.helper)}(string|array|null ${given}): string|array|null`,
		"{",
		indent(
			"    ",
			isSingle
				? [
						`$name = self::text(${given});`,
						refusal && [`if ($name !== null && !in_array($name, ${allowed}, true)) {`, refusal],
						"",
						"return $name;",
					]
				: [
						`$names = is_array(${given})`,
						`    ? array_values(array_filter(array_map(self::text(...), ${given}), static fn ($name) => $name !== null))`,
						`    : self::text(${given});`,
						"if ($names === null || $names === []) {",
						"    return null;",
						"}",
						refusal && [`if (array_diff((array) $names, ${allowed}) !== []) {`, refusal],
						"",
						"return $names;",
					],
		),
		"}",
	];
}
