// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are of code that is written, not run

import { identityLimits } from "@widget-token/core";
import { limitOf, refusals, usesLowercase, usesReader, usualLimit } from "../exact-text.ts";
import { javascriptLiteral as literal } from "../literals.ts";
import { camelCase } from "../naming.ts";
import { type PlannedClaim, type RecipePlan, usesRequired } from "../plan.ts";
import { indent, type Lines } from "../source.ts";
import { nameOf } from "./claims.ts";
import type { JavascriptLibrary } from "./library.ts";

export function keyLines({ key, algorithm, scheme }: RecipePlan, library: JavascriptLibrary): Lines {
	const isJose = library === "jose";
	const secret = isJose ? `variable(env, "${key.env}")` : `variable("${key.env}")`;
	const decodings = {
		utf8: isJose ? `new TextEncoder().encode(${secret})` : `Buffer.from(${secret}, "utf8")`,
		hex: isJose ? `Uint8Array.from(${secret}.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))` : `Buffer.from(${secret}, "hex")`,
		base64: isJose ? `Uint8Array.from(atob(${secret}), (character) => character.charCodeAt(0))` : `Buffer.from(${secret}, "base64")`,
		pem: `${secret}.replaceAll("\\\\n", "\\n")`,
		"base64-pem": isJose ? `atob(${secret})` : `Buffer.from(${secret}, "base64").toString("utf8")`,
	};
	const short = [`if (bytes.length < ${key.minimumBytes}) throw new Error("${key.env} is shorter than ${key.minimumBytes} bytes");`];
	const wellFormed =
		isJose && key.encoding === "hex" && `if (!/^(?:[0-9a-f]{2})+$/i.test(${secret})) throw new Error("${key.env} is not hexadecimal");`;
	const make = key.isAsymmetric
		? [
				key.encoding === "pem" && "// Hosts that keep a variable on one line write the line breaks as \\n.",
				`const pem = ${decodings[key.encoding]};`,
			]
		: [wellFormed, `const bytes = ${decodings[key.encoding]};`, short];
	const importKey = `crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"])`;
	const made = {
		jsonwebtoken: key.isAsymmetric ? "createPrivateKey(pem)" : "createSecretKey(bytes)",
		jose: key.isAsymmetric ? `importPKCS8(pem, "${algorithm}")` : scheme === "hmac" ? importKey : "bytes",
	}[library];
	return [
		"// Read at the first token, so that a build needs no secret.",
		"let key;",
		"",
		`function signingKey(${isJose ? "env" : ""}) {`,
		indent("\t", "if (key !== undefined) return key;", make, `key = ${made};`, "return key;"),
		"}",
	];
}

export function helperLines(plan: RecipePlan, library: JavascriptLibrary): Lines {
	const isJose = library === "jose";
	return [
		"",
		isJose ? "function variable(env, name, fallback) {" : "function variable(name, fallback) {",
		`\tconst value = ${isJose ? "env[name]" : "process.env[name]"}?.trim() || fallback;`,
		"\tif (value === undefined) throw new Error(`${name} is not set`);",
		"\treturn value;",
		"}",
		textLines(plan),
		plan.claims.map((claim) => roleHelperLines(claim, plan)),
		usesRequired(plan) && [
			"",
			"function required(value, what) {",
			`\tif (value === undefined || value === null) throw new IdentityError(${literal(`${plan.name} needs `)} + what);`,
			"\treturn value;",
			"}",
		],
	];
}

function textLines(plan: RecipePlan): Lines {
	const refuse = (reader: keyof typeof refusals): string => `throw new IdentityError("${refusals[reader]}");`;
	return [
		usesReader(plan, "text") && [
			"",
			"/** What is only shown, as trimmed text; undefined when there is none. */",
			"function text(value) {",
			'\treturn String(value ?? "").trim() || undefined;',
			"}",
		],
		usesReader(plan, "identifier") && [
			"",
			"/** What stands for somebody, as it is: trimmed or composed, two users could become one. A number past 2^53 has lost digits. */",
			`function identifier(value, limit = ${usualLimit}) {`,
			"\tif (value === undefined || value === null) return undefined;",
			'\tconst text = typeof value === "bigint" || Number.isSafeInteger(value) ? String(value) : value;',
			'\tconst isUsable = typeof text === "string" && text !== "" && text.length <= limit && text === text.trim();',
			"\tif (!isUsable || /[\\p{Cc}\\p{Cs}\\u2028-\\u202e\\u2066-\\u2069]/u.test(text)) {",
			`\t\t${refuse("identifier")}`,
			"\t}",
			"\treturn text;",
			"}",
		],
		usesReader(plan, "address") && [
			"",
			"/** An email address as it is; nothing in it may be invisible. */",
			"function address(value) {",
			`\tconst text = identifier(value, ${identityLimits.email});`,
			"\tif (text === undefined) return undefined;",
			"\tif (!/^[^@]+@[^@]+$/.test(text) || /[\\s\\p{Cf}\\p{Default_Ignorable_Code_Point}\\u2800]/u.test(text)) {",
			`\t\t${refuse("address")}`,
			"\t}",
			"\treturn text;",
			"}",
		],
		usesLowercase(plan) && [
			"",
			"/** The text in lower case. A capital that its small letter does not lead back to could be that of another user. */",
			"function lowercase(text) {",
			"\tif (text === undefined) return undefined;",
			"\tconst letters = Array.from(text, (letter) => {",
			"\t\tconst small = letter.toLowerCase();",
			'\t\tif (small !== letter && (small.toUpperCase() !== letter || letter === "\\u03a3")) {',
			`\t\t\t${refuse("lowercase")}`,
			"\t\t}",
			"\t\treturn small;",
			"\t});",
			'\treturn letters.join("");',
			"}",
		],
	];
}

function roleHelperLines({ value }: PlannedClaim, { name }: RecipePlan): Lines {
	if (value.from !== "role" || value.helper === undefined) return [];
	const given = nameOf(value.input);
	const isSingle = value.input.type === "role";
	const check = value.oneOf && [
		`if (${isSingle ? `name !== undefined && !${literal(value.oneOf)}.includes(name)` : `![names].flat().every((name) => ${literal(value.oneOf)}.includes(name))`}) {`,
		`\tthrow new IdentityError(${literal(`${name} knows no other role than ${value.oneOf.join(", ")}`)});`,
		"}",
	];
	return [
		"",
		`function ${camelCase(value.helper)}(${given}) {`,
		indent(
			"\t",
			isSingle
				? [`const name = identifier(${given} || undefined);`, check, "return name;"]
				: [
						`const names = Array.isArray(${given}) ? ${given}.map((name) => identifier(name)) : identifier(${given} || undefined, ${limitOf(value.input)});`,
						"if (names === undefined || names.length === 0) return undefined;",
						check,
						"return names;",
					],
		),
		"}",
	];
}
