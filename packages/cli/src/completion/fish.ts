import type { CompletionCommand, CompletionOption, CompletionValue } from "./spec.ts";

/** A completion script for fish. */
export function writeFishCompletion(commands: readonly CompletionCommand[]): string {
	const first = [...commands.map(({ name, summary }) => [name, summary] as const), ["help", "show the help of a command"] as const];
	return [
		"# fish completion for widget-token",
		"complete -c widget-token -f",
		"complete -c widget-token -n __fish_use_subcommand -s h -l help -d 'show this help'",
		"complete -c widget-token -n __fish_use_subcommand -s v -l version -d 'show the version'",
		...first.map(([name, summary]) => `complete -c widget-token -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`),
		`complete -c widget-token -n '__fish_seen_subcommand_from help' -a '${commands.map(({ name }) => name).join(" ")}'`,
		...commands.flatMap(writeCommand),
	].join("\n");
}

function writeCommand({ name, options, argument }: CompletionCommand): string[] {
	const start = `complete -c widget-token -n '__fish_seen_subcommand_from ${name}'`;
	const words = argument === undefined ? [] : [`${start}${actionOf(argument)}`];
	return [...words.filter((line) => line !== start), ...options.map((option) => `${start}${writeOption(option)}`)];
}

function writeOption({ long, short, description, value }: CompletionOption): string {
	const names = ` -l ${long.replace(/^--/, "")}${short === undefined ? "" : ` -s ${short.replace(/^-/, "")}`} -d ${quote(description)}`;
	return value === undefined ? names : `${names} -r${actionOf(value)}`;
}

function actionOf(value: CompletionValue): string {
	if (value.kind === "words") return ` -a ${quote(value.words.join(" "))}`;
	return value.kind === "file" ? " -F" : "";
}

function quote(text: string): string {
	return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
