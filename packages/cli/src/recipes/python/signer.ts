import { usesReader } from "../exact-text.ts";
import { snakeCase, wordsOf } from "../naming.ts";
import { type RecipePlan, usesRequired } from "../plan.ts";
import type { PlannedInput } from "../planned-value.ts";
import { comment, indent, joinLines, type Lines } from "../source.ts";
import { hmacLines, jwtLines, pythonName } from "./claims.ts";
import { helperLines, keyLines } from "./private-functions.ts";

/** The name of the module and of the signing function in it. */
export function pythonNames(plan: RecipePlan): { readonly module: string; readonly function: string } {
	const base = snakeCase(wordsOf(plan.id));
	return { module: `${base}_token`, function: `sign_${base}_token` };
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
		usesReader(plan, "identifier") && "import re",
		scheme === "jwt" && "import time",
		usesReader(plan, "identifier") && "import unicodedata",
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
