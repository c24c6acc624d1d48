import { identityLimits } from "@widget-token/core";
import { bracedHex, classOf, hidden, limitOf, refusals, separatorsAndMarks, usesLowercase, usesReader, usualLimit } from "../exact-text.ts";
import { phpLiteral as literal } from "../literals.ts";
import { camelCase } from "../naming.ts";
import { type PlannedClaim, type RecipePlan, usesRequired } from "../plan.ts";
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
		textLines(plan),
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

function textLines(plan: RecipePlan): Lines {
	const refuse = (reader: keyof typeof refusals): string => `    throw new ${phpException(plan)}(${literal(refusals[reader])});`;
	return [
		usesReader(plan, "text") && [
			"",
			"/** What is only shown, as trimmed text; null when there is none. */",
			"private static function text(string|int|null $value): ?string",
			"{",
			"    $text = trim((string) $value);",
			"",
			"    return $text === '' ? null : $text;",
			"}",
		],
		usesReader(plan, "identifier") && [
			"",
			"/** What stands for somebody, as it is: trimmed or composed, two users could become one. */",
			`private static function identifier(string|int|null $value, int $limit = ${usualLimit}): ?string`,
			"{",
			indent(
				"    ",
				"if ($value === null) {",
				"    return null;",
				"}",
				"$text = (string) $value;",
				"// In UTF-16 code units; none of what is not UTF-8.",
				"$length = (int) preg_match_all('/./su', $text) + (int) preg_match_all('/[\\x{10000}-\\x{10ffff}]/u', $text);",
				`$unusable = '/\\A[\\p{Z}\\x{feff}]|[\\p{Z}\\x{feff}]\\z|[\\p{Cc}${classOf(separatorsAndMarks, bracedHex)}]/u';`,
				"if ($length < 1 || $length > $limit || preg_match($unusable, $text) !== 0) {",
				refuse("identifier"),
				"}",
				"",
				"return $text;",
			),
			"}",
		],
		usesReader(plan, "address") && [
			"",
			"/** An email address as it is; nothing in it may be invisible. */",
			"private static function address(?string $value): ?string",
			"{",
			indent(
				"    ",
				`$text = self::identifier($value, ${identityLimits.email});`,
				`$invisible = '/[\\p{Z}\\p{Cf}${classOf(hidden, bracedHex)}]/u';`,
				"if ($text !== null && (!preg_match('/\\A[^@]+@[^@]+\\z/', $text) || preg_match($invisible, $text) !== 0)) {",
				refuse("address"),
				"}",
				"",
				"return $text;",
			),
			"}",
		],
		usesLowercase(plan) && [
			"",
			"/** The text in lower case. PHP itself lowers ASCII only: a capital beyond it is refused. */",
			"private static function lowercase(?string $text): ?string",
			"{",
			indent(
				"    ",
				"$capital = '/(?=[^\\x00-\\x7f])[\\p{Lu}\\p{Lt}\\x{2160}-\\x{216f}\\x{24b6}-\\x{24cf}]/u';",
				"if ($text !== null && preg_match($capital, $text) !== 0) {",
				refuse("lowercase"),
				"}",
				"",
				"return $text === null ? null : strtr($text, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz');",
			),
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
						`$name = self::identifier(${given} === '' ? null : ${given});`,
						refusal && [`if ($name !== null && !in_array($name, ${allowed}, true)) {`, refusal],
						"",
						"return $name;",
					]
				: [
						`if (${given} === null || ${given} === '' || ${given} === []) {`,
						"    return null;",
						"}",
						`$names = is_array(${given})`,
						`    ? array_map(static fn ($name) => self::identifier($name), array_values(${given}))`,
						`    : self::identifier(${given}, ${limitOf(value.input)});`,
						refusal && [`if (array_diff((array) $names, ${allowed}) !== []) {`, refusal],
						"",
						"return $names;",
					],
		),
		"}",
	];
}
