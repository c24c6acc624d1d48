import type { Command, Option } from "commander";
import { commands } from "../commands.ts";
import { knownContracts } from "../contract-argument.ts";

/** What may stand behind an option or as an argument: words, a file, or something that nobody can guess. */
export type CompletionValue =
	| { readonly kind: "words"; readonly words: readonly string[] }
	| { readonly kind: "file" }
	| { readonly kind: "free" };

export interface CompletionOption {
	/** With its dashes. */
	readonly long: string;
	readonly short: string | undefined;
	readonly description: string;
	/** Undefined for an option without a value. */
	readonly value: CompletionValue | undefined;
}

export interface CompletionCommand {
	readonly name: string;
	readonly summary: string;
	readonly options: readonly CompletionOption[];
	/** Of the first argument; undefined where there is none. */
	readonly argument: CompletionValue | undefined;
}

/** The whole command line as completion needs it, read from the commands themselves. */
export async function readCompletionSpec(): Promise<readonly CompletionCommand[]> {
	return Promise.all(commands.map(async ({ summary, load }) => describeCommand(await load(), summary)));
}

function describeCommand(command: Command, summary: string): CompletionCommand {
	const [argument] = command.registeredArguments;
	const help: CompletionOption = { long: "--help", short: "-h", description: "show this help", value: undefined };
	return {
		name: command.name(),
		summary,
		options: [...command.options.flatMap(describeOption), help],
		argument: argument && describeValue(argument.name(), argument.argChoices),
	};
}

function describeOption(option: Option): CompletionOption[] {
	if (option.long === undefined || option.long === null || option.hidden) return [];
	const placeholder = /[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1];
	return [
		{
			long: option.long,
			short: option.short ?? undefined,
			description: option.description,
			value: placeholder === undefined ? undefined : describeValue(placeholder, option.argChoices),
		},
	];
}

function describeValue(name: string, choices: readonly string[] | undefined): CompletionValue {
	if (choices !== undefined) return { kind: "words", words: choices };
	if (/^widgets?$/.test(name)) return { kind: "words", words: knownContracts().map(({ id }) => id) };
	return /^(?:file|dir|directory|folder|path)$/.test(name) ? { kind: "file" } : { kind: "free" };
}
