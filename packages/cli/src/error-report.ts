import type { WidgetTokenError } from "@widget-token/core";
import { CommanderError } from "commander";
import { CliError } from "./cli-error.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { createPaint, formatColumns, formatJson, hasColors, printable, writeText } from "./terminal.ts";

interface ErrorReport {
	readonly code: string;
	readonly message: string;
	readonly remedy: string | undefined;
	readonly exitCode: ExitCode;
}

/** Tells of an error: as `{ "error": … }` on standard output with `--json`, else in words on standard error. Returns the exit code. */
export function reportError(error: unknown, args: readonly string[]): ExitCode {
	const report = describeError(error);
	if (report.exitCode === exitCodes.ok) return report.exitCode;
	const { code, message, remedy } = report;
	if (args.includes("--json")) {
		writeText(process.stdout, `${formatJson({ error: { code, message, ...(remedy === undefined ? {} : { remedy }) } })}\n`);
		return report.exitCode;
	}
	const paint = createPaint(hasColors(process.stderr, process.env));
	const rows = [
		[paint.bad("error"), `${printable(message)} ${paint.dim(`(${code})`)}`],
		...(remedy === undefined ? [] : [[paint.bold("fix"), printable(remedy)]]),
	];
	writeText(process.stderr, `${formatColumns(rows, { indent: 0 })}\n`);
	return report.exitCode;
}

function describeError(error: unknown): ErrorReport {
	if (error instanceof CliError) return { code: error.code, message: error.message, remedy: error.remedy, exitCode: error.exitCode };
	if (isWidgetTokenError(error)) {
		const message = error.detail === undefined ? error.title : `${error.title}: ${error.detail}`;
		return { code: error.code, message, remedy: error.remedy, exitCode: exitCodes.failed };
	}
	if (error instanceof CommanderError) {
		if (error.exitCode === 0) return { code: error.code, message: "", remedy: undefined, exitCode: exitCodes.ok };
		// The help of a command that does not exist, or options without a command.
		if (error.code === "commander.help")
			return { code: "command_required", message: "Which command?", remedy: "See widget-token --help.", exitCode: exitCodes.usage };
		return {
			code: "usage",
			message: readUsage(error.message),
			remedy: "widget-token help <command> tells how to call it.",
			exitCode: exitCodes.usage,
		};
	}
	const message = error instanceof Error ? error.message : "Something went wrong";
	return { code: "internal_error", message, remedy: undefined, exitCode: exitCodes.failed };
}

// By its name: to import its class would load the core for the help alone.
function isWidgetTokenError(error: unknown): error is WidgetTokenError {
	return error instanceof Error && error.name === "WidgetTokenError" && "remedy" in error;
}

// What was typed may be a secret in the wrong place: it is repeated only where it is near a name that we know, or a plain option.
function readUsage(message: string): string {
	const text = message
		.replace(/^error: /, "")
		.replace(/(argument|value) '.*' is invalid/s, "$1 is invalid")
		.replace(/^(unknown \w+) '(.*)'/s, (whole, what: string, typed: string) =>
			message.includes("(Did you mean") || /^--[a-z]+(?:-[a-z]+)*$/.test(typed) ? whole : what,
		)
		.replace(/\n+/g, " ");
	return (text.slice(0, 1).toUpperCase() + text.slice(1)).replace(/\.$/, "");
}
