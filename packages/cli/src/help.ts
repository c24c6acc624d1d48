import type { Command } from "commander";
import { exitCodeDescriptions } from "./exit-codes.ts";
import { createPaint, formatColumns, hasColors, type Paint, terminalWidth, wrapText, writeText } from "./terminal.ts";

/** A line to type, and what it is good for. */
export type HelpExample = readonly [line: string, purpose: string];

/** The look of all help texts: as wide as reads well, titles in bold, nothing else in colour. */
export function configureHelp(command: Command): void {
	const paint = outputPaint();
	command
		.configureHelp({
			helpWidth: terminalWidth(),
			styleTitle: paint.bold,
			styleUsage: (text) => text,
			sortOptions: false,
			showGlobalOptions: false,
		})
		.configureOutput({
			getOutHasColors: () => hasColors(process.stdout, process.env),
			writeOut: (text) => writeText(process.stdout, text),
			writeErr: () => undefined,
		})
		.helpOption("-h, --help", "show this help")
		.exitOverride()
		.showSuggestionAfterError(true);
}

/** What follows the options in a command's help. */
export function formatHelpTail(_command: Command, examples: readonly HelpExample[]): string {
	const paint = outputPaint();
	return `\n${[formatExamples(examples, paint), formatExitCodes(paint)].filter((part) => part !== "").join("\n\n")}`;
}

function formatExamples(examples: readonly HelpExample[], paint: Paint): string {
	if (examples.length === 0) return "";
	const lines = examples.map(([line, purpose]) => {
		const comment = wrapText(`# ${purpose}`, terminalWidth() - 2).map((each, index) => `  ${paint.dim(index === 0 ? each : `# ${each}`)}`);
		return `${comment.join("\n")}\n  ${line}`;
	});
	return `${paint.bold("Examples:")}\n${lines.join("\n\n")}`;
}

/** The exit codes as the help lists them. */
export function formatExitCodes(paint: Paint): string {
	return `${paint.bold("Exit codes:")}\n${formatColumns(exitCodeDescriptions.map(([code, meaning]) => [String(code), meaning]))}`;
}

function outputPaint(): Paint {
	return createPaint(hasColors(process.stdout, process.env));
}
