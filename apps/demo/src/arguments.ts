import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";

export const usage = `Usage: npm run demo [-- --check] [--json FILE]

Starts local stand-ins for Clerk, Firebase, Supabase and Auth0 and an app for each,
signs a user in to each, fetches a token for each of five widgets, and has every
token checked as its vendor's page says. Needs no account and no network.

  --check      stop when the tables are printed; the exit code is 0 only when
               every token and every refusal is right
  --json FILE  write every answer, token, key and claim to FILE (the keys are
               made for this run and worth nothing)
  --help       show this

Without --check the apps stay up until Ctrl-C.
`;

/** What the command line asks for. */
export interface Options {
	readonly help: boolean;
	readonly check: boolean;
	/** The absolute path of the report. */
	readonly json?: string;
}

/** A command line that cannot be carried out; the message says what to write instead. */
export class UsageError extends Error {
	override readonly name = "UsageError";
}

/** Reads what stands after `npm run demo --`. */
export function readArguments(args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): Options {
	const { tokens } = parseArgs({ args: [...args], strict: false, tokens: true, options: { json: { type: "string" } } });
	let options: Options = { help: false, check: false };
	for (const token of tokens) {
		if (token.kind === "option-terminator") continue;
		if (token.kind === "positional") throw new UsageError(`"${token.value}" is no argument of the demo.`);
		if (token.name !== "json" && token.value !== undefined) throw new UsageError(`${token.rawName} takes no value.`);
		if (token.name === "help" || token.rawName === "-h") options = { ...options, help: true };
		else if (token.name === "check") options = { ...options, check: true };
		else if (token.name === "json") options = { ...options, json: reportPath(token.value) };
		else throw new UsageError(`There is no option ${token.rawName}.`);
	}
	// Without the two dashes npm keeps the option to itself, and the demo would wait for a Ctrl-C that never comes.
	if (!options.check && env["npm_config_check"] === "true")
		throw new UsageError("npm took --check for an option of its own: write `npm run demo -- --check`.");
	return options;
}

function reportPath(value: string | undefined): string {
	if (value === undefined || value === "" || value.startsWith("--")) throw new UsageError("--json needs the name of a file.");
	const path = resolve(value);
	if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
		throw new UsageError(`--json needs the name of a file: ${value} is a directory.`);
	if (!statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory())
		throw new UsageError(`--json cannot write ${value}: there is no directory ${dirname(path)}.`);
	return path;
}
