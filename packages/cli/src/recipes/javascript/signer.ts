import { pascalCase, wordsOf } from "../naming.ts";
import { exampleInputs, type RecipePlan } from "../plan.ts";
import type { PlannedInput } from "../planned-value.ts";
import { comment, indent, joinLines, type Lines } from "../source.ts";
import { hmacLines, jwtLines, nameOf } from "./claims.ts";
import type { JavascriptLibrary } from "./library.ts";
import { helperLines, keyLines } from "./private-functions.ts";

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

/** A call of the signing function in an app, for the user of its session. */
export function callExample(plan: RecipePlan): string {
	const call = javascriptFunction(plan);
	const values = exampleInputs(plan).map((input) => `${nameOf(input)}: user.${nameOf(input)}`);
	return [`import { ${call} } from "./${plan.id}-token.mjs";`, "", `const token = ${call}({ ${values.join(", ")} });`].join("\n");
}
