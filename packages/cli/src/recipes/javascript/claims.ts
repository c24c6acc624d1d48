import { limitOf, readerOf, usualLimit } from "../exact-text.ts";
import { javascriptKey, javascriptLiteral as literal } from "../literals.ts";
import { camelCase } from "../naming.ts";
import { fixedNames, groupRefusal, nameRefusal, type PlannedClaim, type RecipePlan, usesEmail } from "../plan.ts";
import type { PlannedInput, PlannedSetting, PlannedValue } from "../planned-value.ts";
import type { Lines } from "../source.ts";
import type { JavascriptLibrary } from "./library.ts";

export function nameOf(input: PlannedInput): string {
	return camelCase(input.words);
}

export function jwtLines(plan: RecipePlan, library: JavascriptLibrary, key: string): Lines {
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
		usesEmail(plan) && "const verifiedEmail = emailVerified === true ? address(email) : undefined;",
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

export function hmacLines({ message }: RecipePlan, library: JavascriptLibrary, key: string): Lines {
	if (message === undefined) return [];
	const lines = [
		message.input.field === "email" && "const verifiedEmail = emailVerified === true ? address(email) : undefined;",
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
	const others = fixedNames(plan);
	const name = nameVariable(claim);
	return [
		`const ${name} = ${settingCode(claim.nameSetting, library)};`,
		others.length > 0 && [
			`if (${literal(others)}.includes(${name})) {`,
			`\tthrow new Error(${literal(nameRefusal(claim.nameSetting))});`,
			"}",
		],
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
			const given = nameOf(value.input);
			return require(value.helper ? `${camelCase(value.helper)}(${given})` : `identifier(${given} || undefined)`, value, required);
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
	const text = value.fallback ? `${readCode(value.input)} ?? ${readCode(value.fallback)}` : readCode(value.input);
	return require(value.lowercase ? `lowercase(${text})` : text, value, required);
}

function readCode(input: PlannedInput): string {
	const reader = readerOf(input);
	if (reader === "address") return "verifiedEmail";
	return `${reader}(${nameOf(input)}${reader === "text" || limitOf(input) === usualLimit ? "" : `, ${limitOf(input)}`})`;
}

function require(code: string, { needs }: { needs: string }, required: boolean): string {
	return required ? `required(${code}, ${literal(needs)})` : code;
}

function settingCode(setting: PlannedSetting, library: JavascriptLibrary): string {
	const fallback = setting.default === undefined ? "" : `, ${literal(setting.default)}`;
	return library === "jose" ? `variable(env, "${setting.env}"${fallback})` : `variable("${setting.env}"${fallback})`;
}
