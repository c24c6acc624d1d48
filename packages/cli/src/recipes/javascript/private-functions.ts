// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are of code that is written, not run
import { javascriptLiteral as literal } from "../literals.ts";
import { camelCase } from "../naming.ts";
import { type PlannedClaim, type RecipePlan, usesRequired, usesText } from "../plan.ts";
import { indent, type Lines } from "../source.ts";
import { nameOf } from "./claims.ts";
import type { JavascriptLibrary } from "./signer.ts";

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
		usesText(plan) && [
			"",
			"/** The value as trimmed text, undefined when there is none. Ids are text too: a number loses its digits past 2^53. */",
			"function text(value) {",
			'\treturn String(value ?? "").trim() || undefined;',
			"}",
		],
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
				? [`const name = text(${given});`, check, "return name;"]
				: [
						`const names = Array.isArray(${given}) ? ${given}.map(text).filter((name) => name !== undefined) : text(${given});`,
						"if (names === undefined || names.length === 0) return undefined;",
						check,
						"return names;",
					],
		),
		"}",
	];
}
