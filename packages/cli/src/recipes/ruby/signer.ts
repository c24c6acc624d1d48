import { pascalCase, wordsOf } from "../naming.ts";
import type { RecipePlan } from "../plan.ts";
import type { PlannedInput } from "../planned-value.ts";
import { comment, indent, joinLines, type Lines } from "../source.ts";
import { hmacLines, jwtLines, nameOf } from "./claims.ts";
import { helperLines, keyLines } from "./private-functions.ts";

/** The name of the module. */
export function rubyModule(plan: RecipePlan): string {
	return `${pascalCase(wordsOf(plan.id))}Token`;
}

export function rubySigner(plan: RecipePlan): string {
	const isJwt = plan.scheme === "jwt";
	const values = plan.claims.map(({ value }) => value.from);
	return joinLines(
		"# frozen_string_literal: true",
		"",
		plan.key.encoding.startsWith("base64") && 'require "base64"',
		plan.inputs.some(({ type }) => type === "json-string") && 'require "json"',
		isJwt ? 'require "jwt"' : 'require "openssl"',
		values.includes("uuid") && 'require "securerandom"',
		"",
		comment("# ", `${isJwt ? "The token" : "The hash"} that tells ${plan.name} who the signed-in user is.`),
		plan.documentation.length > 0 && ["#", plan.documentation.map((page) => `# ${page}`)],
		`module ${rubyModule(plan)}`,
		indent(
			"  ",
			"# This user cannot get a token. The message holds no personal data.",
			"class IdentityError < StandardError; end",
			"",
			isJwt && [`LIFETIME_SECONDS = ${plan.lifetimeSeconds}`, ""],
			"class << self",
			indent(
				"  ",
				docLines(plan),
				signatureLines(plan),
				indent("  ", isJwt ? jwtLines(plan) : hmacLines(plan)),
				"end",
				"",
				"private",
				keyLines(plan),
				helperLines(plan),
			),
			"end",
		),
		"end",
	);
}

const types: Readonly<Record<PlannedInput["type"], string>> = {
	id: "String, Integer",
	text: "String",
	flag: "Boolean",
	role: "String",
	roles: "String, Array<String>",
	string: "String",
	number: "Numeric",
	boolean: "Boolean",
	object: "Hash",
	array: "Array",
	"json-string": "Object",
	attributes: "Hash",
};

function docLines(plan: RecipePlan): Lines {
	return [
		comment(
			"# ",
			`${plan.scheme === "jwt" ? "Signs a token" : "Computes the hash"} for the user of the verified session; never fill it from what the browser sent.`,
			90,
		),
		"#",
		plan.inputs.map((input) =>
			comment(
				"# ",
				`@param ${nameOf(input)} [${types[input.type]}${input.required || input.type === "flag" ? "" : ", nil"}] ${input.description.charAt(0).toLowerCase()}${input.description.slice(1)}`,
				96,
			).map((line, index) => (index === 0 ? line : line.replace("# ", "#   "))),
		),
		"# @return [String]",
		"# @raise [IdentityError] when the user lacks what the vendor requires",
	];
}

function signatureLines(plan: RecipePlan): Lines {
	const parameters = plan.inputs.map((input) => `${nameOf(input)}:${input.required ? "" : input.type === "flag" ? " false" : " nil"}`);
	const opening = `def sign(${parameters.join(", ")})`;
	if (opening.length <= 100) return opening;
	return ["def sign(", parameters.map((parameter, index) => `  ${parameter}${index === parameters.length - 1 ? "" : ","}`), ")"];
}
