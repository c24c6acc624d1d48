import { CliError, usageError } from "../cli-error.ts";
import { exitCodes } from "../exit-codes.ts";

/** One answer to choose from. */
export interface Answer<Value> {
	readonly value: Value;
	readonly label: string;
}

/** Asks whoever sits at the terminal. Where nobody does, each question ends with the option that answers it. */
export interface Questions {
	choose<Value extends string>(question: string, answers: readonly Answer<Value>[], option: string): Promise<Value>;
	confirm(question: string, option: string): Promise<boolean>;
}

type Prompts = typeof import("@clack/prompts");

/** The library for questions is loaded with the first of them. */
export function createQuestions(isInteractive: boolean): Questions {
	const load = async (question: string, option: string): Promise<Prompts> => {
		// Also without the library, which needs a newer Node.js than the rest.
		const prompts = isInteractive ? await import("@clack/prompts").catch(() => undefined) : undefined;
		if (prompts === undefined)
			throw usageError(
				`${option.split(" ")[0]} is missing, and there is no terminal to ask: ${question}`,
				`Pass ${option}.`,
				"option_required",
			);
		return prompts;
	};
	const read = <Value>(prompts: Prompts, answer: Value): Exclude<Value, symbol> => {
		if (prompts.isCancel(answer)) throw new CliError("interrupted", "Nothing is written", { exitCode: exitCodes.interrupted });
		return answer as Exclude<Value, symbol>;
	};
	return {
		choose: async <Value extends string>(question: string, answers: readonly Answer<Value>[], option: string) => {
			const prompts = await load(question, option);
			const options = answers.map(({ value, label }) => ({ value, label })) as Parameters<typeof prompts.select<Value>>[0]["options"];
			return read(prompts, await prompts.select<Value>({ message: question, options, withGuide: false }));
		},
		confirm: async (question, option) => {
			const prompts = await load(question, option);
			return read(prompts, await prompts.confirm({ message: question, withGuide: false }));
		},
	};
}
