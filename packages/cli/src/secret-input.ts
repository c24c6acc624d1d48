import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Contract } from "@widget-token/core";
import type { Command } from "commander";
import { CliError, usageError } from "./cli-error.ts";
import type { CommandContext } from "./context.ts";
import type { ProjectEnv } from "./project-env.ts";
import { printable } from "./terminal.ts";

/** Where a secret is read from. There is no option that takes the secret itself. */
export interface SecretOptions {
	readonly secretEnv?: string;
	readonly secretFile?: string;
	readonly secretStdin?: boolean;
}

/** A secret, and where it is from in words. The context's output never shows it. */
export interface SecretInput {
	readonly secret: string;
	readonly from: string;
}

/** Adds the three ways to hand over a secret that leave no trace on the screen and in the shell's history. */
export function addSecretOptions(command: Command, defaultSource = "its variable in the environment or an env file"): Command {
	return command
		.option("--secret-env <name>", `read the key from this variable (default: ${defaultSource})`)
		.option("--secret-file <file>", "read the key from a file")
		.option("--secret-stdin", "read the key from standard input");
}

/** Reads the secret from where the options say; undefined when they say nothing. */
export async function readGivenSecret(context: CommandContext<SecretOptions>, env: ProjectEnv): Promise<SecretInput | undefined> {
	const { secretEnv, secretFile, secretStdin } = context.options;
	if ([secretEnv, secretFile, secretStdin].filter((option) => option !== undefined).length > 1) {
		throw usageError("The key can come from one place only", "Give one of --secret-env, --secret-file and --secret-stdin.");
	}
	const input = await readInput(context, env);
	if (input !== undefined) context.protect(input.secret);
	return input;
}

/** Reads the secret from where the options say, else from the contract's variable; undefined when there is none. */
export async function readSecret(
	contract: Contract,
	context: CommandContext<SecretOptions>,
	env: ProjectEnv,
): Promise<SecretInput | undefined> {
	const given = await readGivenSecret(context, env);
	if (given !== undefined) return given;
	const secret = env.values[contract.key.env];
	if (secret === undefined || secret === "") return undefined;
	context.protect(secret);
	return { secret, from: describeVariable(contract.key.env, env) };
}

async function readInput(
	{ options: { secretEnv, secretFile, secretStdin }, cwd, readStdin }: CommandContext<SecretOptions>,
	env: ProjectEnv,
): Promise<SecretInput | undefined> {
	if (secretEnv !== undefined) {
		const secret = env.values[secretEnv];
		// Its name is not repeated: what follows the option may be the secret itself, by mistake.
		if (secret === undefined || secret === "")
			throw new CliError("secret_missing", "The variable of --secret-env is not set", {
				remedy: "--secret-env takes the name of a variable that holds the key.",
			});
		return { secret, from: describeVariable(secretEnv, env) };
	}
	if (secretFile !== undefined) {
		const name = printable(secretFile);
		const text = await readFile(resolve(cwd, secretFile), "utf8").catch((cause: unknown) => {
			throw new CliError("secret_unreadable", "The file of --secret-file cannot be read", {
				remedy: "Give the path of a file that exists and that you may read.",
				cause,
			});
		});
		return { secret: withoutLastLineBreak(text), from: name };
	}
	return secretStdin === true ? { secret: withoutLastLineBreak(await readStdin("The key")), from: "standard input" } : undefined;
}

function describeVariable(name: string, env: ProjectEnv): string {
	const file = env.fileOf(name);
	return file === undefined ? name : `${name} in ${file}`;
}

// Editors and `echo` put it there; any other white space is for the key's own checks to name.
function withoutLastLineBreak(text: string): string {
	return text.replace(/\r?\n$/, "");
}
