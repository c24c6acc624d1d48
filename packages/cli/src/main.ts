#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { refuseSecretsInArguments } from "./argument-secrets.ts";
import { commands } from "./commands.ts";
import { reportError } from "./error-report.ts";
import { exitCodes } from "./exit-codes.ts";
import { configureHelp, formatExitCodes } from "./help.ts";
import { createPaint, hasColors } from "./terminal.ts";

// A reader such as `head` may close the pipe early, which is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? exitCodes.ok : exitCodes.failed));

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
	try {
		refuseSecretsInArguments(args, process.env);
		const program = await createProgram(args);
		if (args.length === 0) program.outputHelp();
		else await program.parseAsync(args, { from: "user" });
	} catch (error) {
		process.exitCode = reportError(error, args);
	}
}

/** The program, with the one command loaded that the arguments name; of the others it knows the summaries. */
async function createProgram(args: readonly string[]): Promise<Command> {
	const program = new Command("widget-token")
		.description("Proves to embedded widgets who the visitor of your app is.")
		.usage("<command> [options]")
		.version(readVersion(), "-v, --version", "show the version")
		.addHelpCommand(new Command("help").argument("[command]").summary("Show the help of a command").helpGroup("Other:"));
	configureHelp(program);
	const wanted = args.filter((argument) => !argument.startsWith("-") && argument !== "help")[0];
	for (const { name, summary, group, load } of commands) {
		const command = name === wanted ? await load() : new Command(name).summary(summary).usage("[options]");
		program.addCommand(command.helpGroup(group));
	}
	return program.addHelpText("after", () => `\n${formatExitCodes(createPaint(hasColors(process.stdout, process.env)))}`);
}

function readVersion(): string {
	return (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }).version;
}
