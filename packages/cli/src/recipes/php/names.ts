import { camelCase, pascalCase, wordsOf } from "../naming.ts";
import type { RecipePlan } from "../plan.ts";
import type { PlannedInput } from "../planned-value.ts";

/** The name of the class. */
export function phpClass({ id }: RecipePlan): string {
	return `${pascalCase(wordsOf(id))}Token`;
}

/** The name of the exception for a user who cannot get a token. */
export function phpException({ id }: RecipePlan): string {
	return `${pascalCase(wordsOf(id))}IdentityException`;
}

/** The name of a parameter, without its `$`. */
export function phpName(input: PlannedInput): string {
	return input.field === "id" ? "userId" : camelCase(input.words);
}
