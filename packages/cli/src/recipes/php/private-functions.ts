import { phpLiteral as literal } from "../literals.ts";
import { camelCase } from "../naming.ts";
import { type PlannedClaim, type RecipePlan, usesRequired, usesText } from "../plan.ts";
import { indent, type Lines } from "../source.ts";
import { phpException, phpName } from "./names.ts";

/** Where configuration is: environment variables, or also the constants of WordPress's `wp-config.php`. */
export type PhpConfiguration = "environment" | "constants";

export function keyLines({ key }: RecipePlan): Lines {
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

export function variableLines(configuration: PhpConfiguration): Lines {
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

export function helperLines(plan: RecipePlan): Lines {
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
			`        throw new ${phpException(plan)}(${literal(`${plan.name} needs `)} . $what);`,
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

function roleHelperLines({ value }: PlannedClaim, plan: RecipePlan): Lines {
	if (value.from !== "role" || value.helper === undefined) return [];
	const given = `$${phpName(value.input)}`;
	const isSingle = value.input.type === "role";
	const refusal = value.oneOf && [
		`    throw new ${phpException(plan)}(${literal(`${plan.name} knows no other role than ${value.oneOf.join(", ")}`)});`,
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
