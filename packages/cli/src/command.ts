import { Command } from "commander";
import { summaryOf } from "./commands.ts";
import { type CommandContext, createContext } from "./context.ts";
import type { ExitCode } from "./exit-codes.ts";
import { configureHelp, formatHelpTail, type HelpExample } from "./help.ts";
import { formatJson } from "./terminal.ts";

export { CliError, usageError } from "./cli-error.ts";
export type { CommandContext } from "./context.ts";
export { addWidgetArgument, resolveContract, type WidgetOptions } from "./contract-argument.ts";
export { type ExitCode, exitCodes } from "./exit-codes.ts";
export { formatColumns, type Paint, printable, wrapText } from "./terminal.ts";

/** What a command answers; the runner prints `data` with `--json`, else `text`. Neither may hold a secret. */
export interface CommandResult {
	/** Any JSON value. Its shape is part of the command's interface. */
	readonly data: unknown;
	/** The answer for a person, without a line break at its end. */
	readonly text: () => string;
	/** Default: 0. */
	readonly exitCode?: ExitCode;
}

export interface CommandDefinition {
	/** The name in the table of `commands.ts`, which also holds the one-line summary. */
	readonly name: string;
	/** A paragraph or two for the command's own help. */
	readonly description: string;
	readonly examples: readonly HelpExample[];
}

/** A command with what all commands have: `--json`, examples and exit codes in its help, errors that throw. */
export function createCommand({ name, description, examples }: CommandDefinition): Command {
	const command = new Command(name).summary(summaryOf(name)).description(description).option("--json", "answer as JSON on standard output");
	configureHelp(command);
	return command.addHelpText("after", ({ command: shown }) => formatHelpTail(shown, examples));
}

/**
 * An action that answers with a {@link CommandResult}.
 *
 * `context.args` are the command's arguments in order, `context.options` its options. A command that has printed what
 * it has to say by itself, such as a server, returns undefined.
 */
export function run<Options = unknown>(
	action: (context: CommandContext<Options>) => Promise<CommandResult | undefined>,
): (this: Command, ...parameters: unknown[]) => Promise<void> {
	return async function (this: Command) {
		const context = createContext<Options>(this.opts(), this.processedArgs as (string | undefined)[]);
		const result = await action(context);
		if (result === undefined) return;
		context.print(context.json ? formatJson(result.data) : result.text());
		process.exitCode = result.exitCode ?? 0;
	};
}
