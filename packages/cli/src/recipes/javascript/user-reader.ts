// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are of code that is written, not run

import { camelCase } from "../naming.ts";
import type { RecipePlan } from "../plan.ts";
import type { PlannedInput } from "../planned-value.ts";
import { indent, joinLines, type Lines } from "../source.ts";

/** How one auth provider's user is read from a request, as the parts of a module. */
export interface UserReader {
	/** What the module installs. */
	readonly packages: readonly string[];
	/** The variables to set, and what to know. */
	readonly notes: readonly string[];
	readonly imports: Lines;
	/** What stands before the function. */
	readonly preamble: Lines;
	/** The body of `readUser(request, env)` up to its result; it returns null when nobody is signed in. */
	readonly body: Lines;
	/** Functions after it. */
	readonly functions: Lines;
	/** Where the provider's user holds the fields of an identity; a field that it has not is left out. */
	readonly fields: Readonly<Partial<Record<NonNullable<PlannedInput["field"]>, string>>>;
	/** Where the user's role and free-form values may be, which the user cannot write. */
	readonly trusted: (name: string) => string;
}

/** The module `read-user.mjs`. */
export function userReaderModule(plan: RecipePlan, reader: UserReader): string {
	const fields = plan.inputs.flatMap(({ field, words }) => {
		const code = field === undefined ? undefined : reader.fields[field];
		const name = camelCase(words);
		return code === undefined ? [] : [`${name}: ${code},`];
	});
	const chosen = plan.inputs.filter(({ field, type }) => field === undefined && type !== "attributes").map(({ words }) => camelCase(words));
	return joinLines(
		reader.imports,
		"",
		"/** The request carries a credential that proves no user. The message holds no personal data. */",
		"export class CredentialError extends Error {}",
		reader.preamble,
		"",
		"/**",
		" * Reads the signed-in user of a request; null when nobody is signed in.",
		" *",
		" * @param {Request} request",
		" * @param {Record<string, string | undefined>} env The environment variables",
		" * @throws {CredentialError} for a credential that is refused, and another error when the provider cannot be asked",
		" */",
		"export async function readUser(request, env) {",
		indent(
			"\t",
			reader.body,
			"return {",
			indent(
				"\t",
				fields,
				chosen.length > 0 && trustedComment(chosen),
				chosen.map((name) => `${name}: ${reader.trusted(name)},`),
			),
			"};",
		),
		"}",
		reader.functions,
	);
}

function trustedComment(names: readonly string[]): string {
	return `// Change ${names.length === 1 ? "this to the field that holds it" : "these to the fields that hold them"}; never to one that the user can write.`;
}

/** Reads the bearer token, for providers whose browser SDK hands one out. */
export const bearerLines: readonly string[] = [
	"",
	"function bearerToken(request) {",
	'\tconst authorization = request.headers.get("authorization");',
	"\tif (authorization === null) return null;",
	"\tconst token = /^Bearer +(\\S+)$/i.exec(authorization)?.[1];",
	'\tif (token === undefined) throw new CredentialError("The Authorization header holds no bearer token");',
	"\treturn token;",
	"}",
];

/** Reads a variable that must be set. */
export const variableLines: readonly string[] = [
	"",
	"function variable(env, name) {",
	"\tconst value = env[name]?.trim();",
	"\tif (!value) throw new Error(`${name} is not set`);",
	"\treturn value;",
	"}",
];
