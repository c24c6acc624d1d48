import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { Contract } from "@widget-token/core";
import type { Command } from "commander";
import { pasteCommand } from "../clipboard.ts";
import {
	addWidgetArgument,
	CliError,
	type CommandContext,
	type CommandResult,
	createCommand,
	resolveContract,
	run,
	usageError,
	type WidgetOptions,
} from "../command.ts";
import { findUnloaded } from "../doctor/env-loading.ts";
import { readProject } from "../doctor/project.ts";
import { type EnvFileChange, openEnvFile } from "../env-file-change.ts";
import { askGit } from "../git-ignore.ts";
import { findKeyProblem, generateKey, isKeyPair, publicHalf } from "../key-generation.ts";
import { chooseEnvFile, type ProjectEnv, readProjectEnv } from "../project-env.ts";
import { addSecretOptions, readGivenSecret, type SecretOptions } from "../secret-input.ts";
import { printable } from "../terminal.ts";

interface Options extends WidgetOptions, SecretOptions {
	readonly dotenv?: string;
	readonly replace?: boolean;
	readonly print?: boolean;
}

export function createSecretCommand(): Command {
	const command = createCommand({
		name: "secret",
		description:
			"Puts a strong key for a widget into the project's env file: .env.local of a Next.js app, else .env. It asks nothing and never shows the key. Of a key pair it prints the public half, for the vendor's dashboard.\n\nA vendor that issues the secret itself: copy it from the dashboard and pipe it in.",
		examples: [
			["widget-token secret customgpt", "make a key pair, and print the public key for the dashboard"],
			[`${pasteCommand()} | widget-token secret hilal --secret-stdin`, "store the secret that the vendor has issued"],
			["widget-token secret customgpt --print", "print the public key of the pair that is there; change nothing"],
		],
	});
	addWidgetArgument(command)
		.option("--dotenv <file>", "write into this env file")
		.option("--replace", "replace a key that is there")
		.option("--print", "change nothing; print what is there, never the secret");
	return addSecretOptions(command, "a new one is made").action(run<Options>(answer));
}

async function answer(context: CommandContext<Options>): Promise<CommandResult> {
	const { args, options, cwd } = context;
	const { contract, rest } = await resolveContract(args, options, cwd);
	if (rest.length > 0)
		throw usageError("There is an argument too many", "A key is never taken from the argument list; see widget-token secret --help.");
	const env = readProjectEnv(cwd, context.env);
	const variable = contract.key.env;
	const file = options.dotenv ?? env.fileOf(variable) ?? chooseEnvFile(cwd);
	const path = resolve(cwd, file);
	const envFile = openEnvFile(path, cwd);
	const present = await readPresentKey(contract, envFile, env);
	if (present !== undefined) context.protect(present);
	if (options.print === true) return describePresent(contract, file, present, context);
	if (present !== undefined && options.replace !== true) {
		throw new CliError("secret_exists", `${printable(file)} has a value for ${variable} already, and it is kept`, {
			remedy: "Use --replace to put another one there, or --print to see its public half.",
		});
	}

	const given = await readGivenSecret(context, env);
	const secret = given?.secret ?? generateKey(contract);
	context.protect(secret);
	const problem = await findKeyProblem(contract, secret, env.values);
	if (problem !== undefined) throw new CliError(problem.code, problem.title, { remedy: problem.remedy, cause: problem });
	const publicKey = isKeyPair(contract) ? publicHalf(secret, variable) : undefined;
	envFile.write(variable, secret);
	const warnings = findWarnings(contract, file, path, secret, env, context);
	for (const warning of warnings) context.warn(warning);
	return {
		data: {
			widget: contract.id,
			variable,
			file,
			written: true,
			replaced: present !== undefined,
			source: given?.from ?? "generated",
			algorithm: contract.algorithm,
			...(publicKey === undefined ? {} : { publicKey }),
			warnings,
		},
		text: () => describeWritten(contract, file, publicKey, given !== undefined, context),
	};
}

// A placeholder, as `init` writes it, is no key to be kept.
async function readPresentKey(contract: Contract, envFile: EnvFileChange, env: ProjectEnv): Promise<string | undefined> {
	const value = envFile.read(contract.key.env);
	if (value === undefined || value.trim() === "") return undefined;
	const problem = await findKeyProblem(contract, value, env.values);
	return problem?.code === "secret_placeholder" ? undefined : value;
}

function describePresent(contract: Contract, file: string, present: string | undefined, { paint }: CommandContext): CommandResult {
	const variable = contract.key.env;
	const publicKey = present !== undefined && isKeyPair(contract) ? publicHalf(present, variable) : undefined;
	const data = {
		widget: contract.id,
		variable,
		file,
		written: false,
		present: present !== undefined,
		algorithm: contract.algorithm,
		...(publicKey === undefined ? {} : { publicKey }),
	};
	const where = `${paint.bold(variable)} in ${printable(file)}`;
	if (present === undefined) return { data, text: () => `${where} has no value. widget-token secret ${contract.id} would put one there.` };
	return {
		data,
		text: () =>
			publicKey ?? `${where} has a value of ${present.length} characters. It is shared with ${contract.name} and has no public half.`,
	};
}

function findWarnings(contract: Contract, file: string, path: string, secret: string, env: ProjectEnv, context: CommandContext): string[] {
	const variable = contract.key.env;
	const name = printable(file);
	const warnings: string[] = [];
	const state = askGit(path);
	if (state === "tracked")
		warnings.push(`${name} is committed to git: take it out (git rm --cached ${name}), add it to .gitignore, and issue a new key.`);
	if (isReadByOthers(path)) warnings.push(`Other users of this machine can read ${name}: chmod 600 ${name}`);
	if (state === "exposed") warnings.push(`${name} is not ignored by git: add it to .gitignore before the next commit.`);
	if (context.env[variable] !== undefined && context.env[variable] !== secret)
		warnings.push(`${variable} is also set in the environment of this shell, and that value wins.`);
	if (env.values[variable] !== undefined && env.fileOf(variable) !== undefined && env.fileOf(variable) !== file)
		warnings.push(`${env.fileOf(variable)} has a value for ${variable} too.`);
	const unloaded = findUnloaded(readProject(context.cwd, context.env), "secret", variable, file);
	if (unloaded !== undefined) warnings.push(`This project's server does not load ${name} by itself. ${unloaded.remedy}`);
	if (secret.includes("$") && chooseEnvFile(context.cwd) === ".env.local")
		warnings.push(`The key holds a dollar sign, which Next.js expands: write \\$ for it in ${name}.`);
	return warnings;
}

// Windows keeps no such bits.
function isReadByOthers(path: string): boolean {
	return process.platform !== "win32" && (statSync(path).mode & 0o044) !== 0;
}

function describeWritten(
	contract: Contract,
	file: string,
	publicKey: string | undefined,
	isGiven: boolean,
	{ paint, env }: CommandContext,
): string {
	const done = `${paint.good("✓")} ${paint.bold(contract.key.env)} is in ${printable(file)}; it is not shown.`;
	if (publicKey !== undefined) return `${done}\n\n${paint.bold(`The public key, for the dashboard of ${contract.name}:`)}\n\n${publicKey}`;
	if (isGiven) return done;
	return [
		done,
		"",
		`${contract.name} must hold the same value. Where its dashboard issues the secret, store that one:`,
		`  ${pasteCommand(env)} | widget-token secret ${contract.id} --secret-stdin --replace`,
		"For local work against the sandbox the new one will do.",
	].join("\n");
}
