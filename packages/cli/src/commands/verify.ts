import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Contract } from "@widget-token/core";
import { createVerify, type VerifyResult, verificationCodes } from "@widget-token/core/verify";
import type { Command } from "commander";
import { findClaims } from "../claim-findings.ts";
import {
	addWidgetArgument,
	type CommandContext,
	type CommandResult,
	createCommand,
	exitCodes,
	resolveContract,
	run,
	usageError,
	type WidgetOptions,
} from "../command.ts";
import { knownContracts } from "../contract-argument.ts";
import { readProjectEnv } from "../project-env.ts";
import { addSecretOptions, readSecret, type SecretOptions } from "../secret-input.ts";
import { addSettingOption, explainCoreError, readSettings, type SettingOptions } from "../setting-option.ts";
import { findSessionProvider, readTokenText } from "../token-text.ts";
import { describeAsData, describeAsText, type Verdict } from "../verdict.ts";

interface Options extends WidgetOptions, SecretOptions, SettingOptions {
	readonly tokenFile?: string;
	readonly identifier?: string;
	readonly knownRole?: readonly string[];
}

export function createVerifyCommand(): Command {
	const command = createCommand({
		name: "verify",
		description:
			"Tells what a token proves to the vendor: the verdict with its reason, its code and how to fix it, then claim by claim against the contract. The exit code is 0 for a token that verifies and 1 for one that is refused.\n\nThe token is an argument, or read from standard input (-). Key and settings come from the variables that the contract names.",
		examples: [
			["widget-token mint hilal --id u_1 | widget-token verify hilal -", "what the vendor makes of our own token"],
			["widget-token verify hilal --token-file token.txt --json", "a token from a file, the answer as JSON"],
			["widget-token verify --contract ./my-widget.json - < token.txt", "against a contract of your own"],
		],
	});
	addWidgetArgument(command)
		.argument("[token]", "the token, or - for standard input")
		.option("--token-file <file>", "read the token from a file")
		.option("--identifier <text>", "what the token is the hash of, for a widget of the scheme hmac")
		.option(
			"--known-role <role>",
			"a role that exists at the vendor; several times for several (default: any that the contract takes)",
			(role: string, roles: readonly string[] = []) => [...roles, role],
		);
	return addSecretOptions(addSettingOption(command)).action(run<Options>(answer));
}

async function answer(context: CommandContext<Options>): Promise<CommandResult> {
	const { args, options, cwd } = context;
	const { contract, rest } = await resolveContract(args, options, cwd);
	if (rest.length > 1) throw usageError("There is an argument too many", "A token is one argument; it holds no white space.");
	const token = await readToken(rest[0], context);
	const env = readProjectEnv(cwd, context.env);
	const key = await readSecret(contract, context, env);
	const now = Date.now();
	const settings = readSettings(contract, options, env.values);
	const verifyWith = async (secret: string): Promise<VerifyResult> => {
		const verify = createVerify(contract, {
			secret,
			env: env.values,
			now: () => now,
			onEvent: () => undefined,
			...(contract.scheme === "jwt" ? { settings: { ...settings, ...options.setting } } : {}),
			...(options.knownRole === undefined ? {} : { knownRoles: options.knownRole }),
		});
		return verify(token, { identifier: options.identifier });
	};
	let result: VerifyResult;
	try {
		result = key === undefined ? refuseWithoutKey() : await verifyWith(key.secret);
	} catch (error) {
		throw explainCoreError(error, contract);
	}

	const text = readTokenText(token);
	const findings =
		contract.scheme === "jwt" && text.payload !== undefined
			? findClaims(contract, text.payload, { settings, knownRoles: options.knownRole, now: () => now })
			: [];
	const hint = result.verified ? undefined : await findHint(contract, result, token, env.values, verifyWith);
	const verdict: Verdict = { contract, result, findings, hint, key, header: text.header };
	return {
		data: describeAsData(verdict),
		text: () => describeAsText(verdict, now, context.paint),
		exitCode: result.verified ? exitCodes.ok : exitCodes.refused,
	};
}

async function readToken(
	argument: string | undefined,
	{ options: { tokenFile, secretStdin }, cwd, readStdin }: CommandContext<Options>,
): Promise<string> {
	if (tokenFile !== undefined) {
		if (argument !== undefined) throw usageError("The token can come from one place only", "Give the token or --token-file.");
		const text = await readFile(resolve(cwd, tokenFile), "utf8").catch(() => {
			throw usageError("The file of --token-file cannot be read", "Give the path of a file that exists.", "token_unreadable");
		});
		return text.trim();
	}
	if (argument !== undefined && argument !== "-") return argument;
	if (secretStdin === true) throw usageError("Standard input can hold the key or the token, not both", "Put one of them into a file.");
	return (await readStdin("The token")).trim();
}

function refuseWithoutKey(): VerifyResult {
	const { reason, remedy } = verificationCodes.key_missing;
	return { verified: false, code: "key_missing", reason, remedy };
}

type Refused = Extract<VerifyResult, { verified: false }>;

async function findHint(
	contract: Contract,
	{ code, reason }: Refused,
	token: string,
	env: Readonly<Record<string, string | undefined>>,
	verifyWith: (secret: string) => Promise<VerifyResult>,
): Promise<string | undefined> {
	if (code === "key_missing")
		return `${contract.key.env} is neither in the environment nor in an env file here; pass --secret-env, --secret-file or --secret-stdin.`;
	const provider = findSessionProvider(readTokenText(token));
	if (provider !== undefined)
		return `This is the session token of ${provider}, which must never go to a widget. Mint one of your own from the verified user.`;
	if (reason !== "invalid_signature") return undefined;
	for (const other of knownContracts()) {
		const secret = env[other.key.env];
		if (other.id === contract.id || other.algorithm !== contract.algorithm || secret === undefined) continue;
		const result = await verifyWith(secret).catch(() => undefined);
		if (result?.verified === true || (result !== undefined && result.reason !== "invalid_signature"))
			return `It is signed with the key of ${other.name} (${other.key.env}).`;
	}
	return undefined;
}
