import type { RecipePlan } from "../plan.ts";
import type { PlannedInput } from "../planned-value.ts";
import { comment, indent, joinLines, type Lines } from "../source.ts";
import { hmacLines, jwtLines } from "./claims.ts";
import { phpClass, phpException, phpName } from "./names.ts";
import { helperLines, keyLines, type PhpConfiguration, variableLines } from "./private-functions.ts";

/** A class with a static signing method and its exception, for firebase/php-jwt. */
export function phpSigner(plan: RecipePlan, configuration: PhpConfiguration): string {
	const isJwt = plan.scheme === "jwt";
	return joinLines(
		"<?php",
		"",
		"declare(strict_types=1);",
		"",
		isJwt && ["use Firebase\\JWT\\JWT;", ""],
		"/** This user cannot get a token. The message holds no personal data. */",
		`final class ${phpException(plan)} extends RuntimeException`,
		"{",
		"}",
		"",
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
		` * @throws ${phpException(plan)} when the user lacks what the vendor requires`,
		" */",
	];
}
