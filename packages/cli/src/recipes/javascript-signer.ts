import { javascriptKey, javascriptLiteral as literal } from "./literals.ts";
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

/** `jsonwebtoken` for Node.js; `jose` for every runtime, with the variables handed over. */
export type JavascriptLibrary = "jsonwebtoken" | "jose";

/** The name of the signing function. */
export function javascriptFunction(plan: RecipePlan): string {
	return `sign${pascalCase(wordsOf(plan.id))}Token`;
}

/** An ES module that exports the signing function and its `IdentityError`. */
export function javascriptSigner(plan: RecipePlan, library: JavascriptLibrary): string {
	const isJwt = plan.scheme === "jwt";
	const isJose = library === "jose";
	const env = isJose ? ", env" : "";
	const signed = isJose ? `await signingKey(env)` : "signingKey()";
	const name = `export ${isJose ? "async " : ""}function ${javascriptFunction(plan)}`;
	const parameters = plan.inputs.map((input) => `${nameOf(input)}${input.type === "flag" && !input.required ? " = false" : ""}`);
	const opening = `${name}({ ${parameters.join(", ")} }${env}) {`;
	return joinLines(
		importLines(plan, library),
		isJwt && ["", `/** Seconds from now to the token's expiry. */`, `export const lifetimeSeconds = ${plan.lifetimeSeconds};`],
		"",
		"/** This user cannot get a token. The message holds no personal data. */",
		"export class IdentityError extends Error {}",
		"",
		docLines(plan, isJose),
		opening.length <= 110 ? opening : [`${name}({`, parameters.map((parameter) => `\t${parameter},`), `}${env}) {`],
		indent("\t", isJwt ? jwtLines(plan, library, signed) : hmacLines(plan, library, signed)),
		"}",
		"",
		keyLines(plan, library),
		helperLines(plan, library),
	);
}

function nameOf(input: PlannedInput): string {
	return camelCase(input.words);
}

function importLines(plan: RecipePlan, library: JavascriptLibrary): Lines {
	const usesUuid = plan.claims.some(({ value }) => value.from === "uuid");
	if (library === "jose") {
		if (plan.scheme === "hmac") return "// Needs no package: WebCrypto signs.";
		return `import { ${plan.key.isAsymmetric ? "importPKCS8, " : ""}SignJWT } from "jose";`;
	}
	const keyFactory = plan.key.isAsymmetric ? "createPrivateKey" : "createSecretKey";
	return [
		`import { ${[plan.scheme === "hmac" && "createHmac", keyFactory, usesUuid && "randomUUID"].filter((name) => name !== false).join(", ")} } from "node:crypto";`,
		plan.scheme === "jwt" && 'import jwt from "jsonwebtoken";',
	];
}

const types: Readonly<Record<PlannedInput["type"], string>> = {
	id: "string | number",
	text: "string",
	flag: "boolean",
	role: "string",
	roles: "string | string[]",
	string: "string",
	number: "number",
	boolean: "boolean",
	object: "Record<string, unknown>",
	array: "unknown[]",
	"json-string": "unknown",
	attributes: "Record<string, unknown>",
};

function docLines(plan: RecipePlan, isJose: boolean): Lines {
	const what = plan.scheme === "jwt" ? "Signs the token" : "Computes the hash";
	return [
		"/**",
		comment(" * ", `${what} that tells ${plan.name} who the signed-in user is.`),
		" *",
		comment(" * ", "Call it on the server, with what the verified session says of the user, and never with what the browser sent."),
		plan.documentation.map((page) => ` * ${page}`),
		" *",
		" * @param {object} user",
		plan.inputs.map((input) => {
			const name = `user.${nameOf(input)}`;
			return ` * @param {${types[input.type]}${input.required ? "" : " | null"}} ${input.required ? name : `[${name}]`} ${input.description}`;
		}),
		isJose && " * @param {Record<string, string | undefined>} env The environment variables",
		` * @returns {${isJose ? "Promise<string>" : "string"}}`,
		" * @throws {IdentityError} when the user lacks what the vendor requires",
		" */",
	];
}

function jwtLines(plan: RecipePlan, library: JavascriptLibrary, key: string): Lines {
	const isJose = library === "jose";
	const { algorithm } = plan;
	const named = plan.claims.filter(({ nameSetting }) => nameSetting !== undefined);
	const keyId = plan.keyId && settingCode(plan.keyId, library);
	// jsonwebtoken adds `iat` by itself unless told otherwise.
	const hasIat = plan.claims.some(
		({ name, nameSetting, value }) => name === "iat" && nameSetting === undefined && value.from === "issuedAt",
	);
	const options = [`algorithm: "${algorithm}"`, keyId && `keyid: ${keyId}`, !hasIat && "noTimestamp: true"]
		.filter((option) => typeof option === "string")
		.join(", ");
	return [
		"const issuedAt = Math.floor(Date.now() / 1000);",
		usesEmail(plan) && "const verifiedEmail = emailVerified === true ? text(email) : undefined;",
		named.map((claim) => nameLines(claim, plan, library)),
		"const claims = {",
		plan.attributes && "\t...attributes,",
		plan.claims.map(
			(claim) => `\t${claim.nameSetting ? `[${nameVariable(claim)}]` : javascriptKey(literal(claim.name))}: ${valueCode(claim, library)},`,
		),
		"};",
		plan.oneOf.map((group) => {
			const test = group.map((claim) => `claims${access(claim)} === undefined`).join(" && ");
			return [`if (${test}) {`, `\tthrow new IdentityError(${literal(groupRefusal(plan, group))});`, "}"];
		}),
		isJose
			? [
					`const header = { alg: "${algorithm}", typ: "JWT"${keyId ? `, kid: ${keyId}` : ""} };`,
					`return new SignJWT(claims).setProtectedHeader(header).sign(${key});`,
				]
			: `return jwt.sign(claims, ${key}, { ${options} });`,
	];
}

function hmacLines({ message }: RecipePlan, library: JavascriptLibrary, key: string): Lines {
	if (message === undefined) return [];
	const lines = [
		message.input.field === "email" && "const verifiedEmail = emailVerified === true ? text(email) : undefined;",
		`const message = ${textCode(message, true)};`,
	];
	if (library === "jsonwebtoken") return [...lines, `return createHmac("sha256", ${key}).update(message).digest("hex");`];
	return [
		...lines,
		`const hash = await crypto.subtle.sign("HMAC", ${key}, new TextEncoder().encode(message));`,
		'return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");',
	];
}

function access({ name, nameSetting }: PlannedClaim): string {
	if (nameSetting) return `[${camelCase(nameSetting.words)}]`;
	return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${literal(name)}]`;
}

function nameVariable({ nameSetting }: PlannedClaim): string {
	return camelCase(nameSetting?.words ?? []);
}

function nameLines(claim: PlannedClaim, plan: RecipePlan, library: JavascriptLibrary): Lines {
	if (claim.nameSetting === undefined) return [];
	const others = plan.claims.filter((other) => other !== claim && other.nameSetting === undefined).map(({ name }) => name);
	const name = nameVariable(claim);
	return [
		`const ${name} = ${settingCode(claim.nameSetting, library)};`,
		others.length > 0 && [
			`if (${literal(others)}.includes(${name})) {`,
			`\tthrow new Error(${literal(`${claim.nameSetting.env} names a claim that the token has already`)});`,
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

function valueCode({ value, required }: PlannedClaim, library: JavascriptLibrary): string {
	switch (value.from) {
		case "setting":
			return settingCode(value.setting, library);
		case "constant":
			return literal(value.value);
		case "issuedAt":
			return "issuedAt";
		case "expirationTime":
			return "issuedAt + lifetimeSeconds";
		case "uuid":
			return library === "jose" ? "crypto.randomUUID()" : "randomUUID()";
		case "text":
			return textCode(value, required);
		case "flag":
			return "emailVerified === true";
		case "role": {
			return require(`${camelCase(value.helper ?? ["text"])}(${nameOf(value.input)})`, value, required);
		}
		case "custom": {
			const given = nameOf(value.input);
			if (value.input.type !== "json-string") return required ? require(given, value, true) : `${given} ?? undefined`;
			if (required) return `JSON.stringify(${require(given, value, true)})`;
			return `${given} == null ? undefined : JSON.stringify(${given})`;
		}
	}
}

function textCode(value: Extract<PlannedValue, { from: "text" }>, required: boolean): string {
	const read = (input: PlannedInput): string => (input.field === "email" ? "verifiedEmail" : `text(${nameOf(input)})`);
	const text = value.fallback ? `${read(value.input)} ?? ${read(value.fallback)}` : read(value.input);
	const checked = require(text, value, required);
	if (!value.lowercase) return checked;
	return `${value.fallback && !required ? `(${checked})` : checked}${required ? "" : "?"}.toLowerCase()`;
}

function require(code: string, { needs }: { needs: string }, required: boolean): string {
	return required ? `required(${code}, ${literal(needs)})` : code;
}

function settingCode(setting: PlannedSetting, library: JavascriptLibrary): string {
	const fallback = setting.default === undefined ? "" : `, ${literal(setting.default)}`;
	return library === "jose" ? `variable(env, "${setting.env}"${fallback})` : `variable("${setting.env}"${fallback})`;
}

function keyLines({ key, algorithm, scheme }: RecipePlan, library: JavascriptLibrary): Lines {
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

function helperLines(plan: RecipePlan, library: JavascriptLibrary): Lines {
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
