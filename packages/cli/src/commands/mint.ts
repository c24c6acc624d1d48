import { type Contract, createMint, type Identity, type MintedToken, type MintOptions } from "@widget-token/core";
import { type Command, InvalidArgumentError } from "commander";
import { findClaims } from "../claim-findings.ts";
import { describeDistance, formatClaims, formatMoment } from "../claim-table.ts";
import { copyCommand } from "../clipboard.ts";
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
import { describeMessage } from "../contract-description.ts";
import { addIdentityOptions, type IdentityOptions, readCustomClaims, readIdentity, readRole } from "../identity-input.ts";
import { readProjectEnv } from "../project-env.ts";
import { addSecretOptions, readSecret, type SecretOptions } from "../secret-input.ts";
import { addSettingOption, explainCoreError, readSettings, type SettingOptions } from "../setting-option.ts";
import { printable } from "../terminal.ts";
import { readTokenText } from "../token-text.ts";

interface Options extends WidgetOptions, IdentityOptions, SecretOptions, SettingOptions {
	readonly lifetime?: number;
}

export function createMintCommand(): Command {
	const command = createCommand({
		name: "mint",
		description:
			"Mints a token for an identity that you describe, for trying things out, and tells what the vendor will see. The token goes to standard output, the rest to standard error.\n\nKey and settings come from the variables that the contract names: the environment's, else those of .env.local, .dev.vars and .env.",
		examples: [
			["widget-token mint hilal --id u_1 --email ada@example.com --name Ada", "a token for Ada"],
			[`widget-token mint hilal --id u_1 | ${copyCommand()}`, "only the token, into the clipboard"],
			["widget-token mint jupid --identity ada.json --json", "an identity from a file, the answer as JSON"],
		],
	});
	addIdentityOptions(addWidgetArgument(command)).option(
		"--lifetime <seconds>",
		"how long the token lives (default: as the contract says)",
		readSeconds,
	);
	return addSecretOptions(addSettingOption(command)).action(run<Options>(answer));
}

async function answer(context: CommandContext<Options>): Promise<CommandResult> {
	const { args, options, cwd, notePaint } = context;
	const { contract, rest } = await resolveContract(args, options, cwd);
	if (rest.length > 0)
		throw usageError("There is an argument too many", "The identity goes into options: --id u_1 --email ada@example.com.");
	if (options.identity === "-" && options.secretStdin === true)
		throw usageError("Standard input can hold the key or the identity, not both", "Put one of them into a file.");
	const env = readProjectEnv(cwd, context.env);
	const identity = await readIdentity(context);
	const key = await readSecret(contract, context, env);
	const { token, expiresIn } = await mint(contract, identity, key?.secret, env.values, options);
	const now = Date.now();

	if (contract.scheme === "hmac") {
		const about = describeMessage(contract.message);
		context.note(
			`\n${notePaint.bold(`What ${contract.name} will see`)}\nA hash (${contract.algorithm}, hexadecimal) that proves ${about}. It never expires.`,
		);
		return {
			data: { widget: contract.id, scheme: contract.scheme, token, field: contract.message.field, keyFrom: key?.from },
			text: () => token,
		};
	}
	const { header, payload = {} } = readTokenText(token);
	const settings = readSettings(contract, options, env.values);
	const findings = findClaims(contract, payload, { settings, now: () => now });
	const expiresAt = Math.floor(now / 1000) + (expiresIn ?? 0);
	context.note(
		[
			notePaint.bold(`What ${contract.name} will see`),
			notePaint.dim(`  ${contract.algorithm}, signed with ${printable(key?.from ?? "")}`),
			formatClaims(
				findings.filter(({ value }) => value !== undefined),
				notePaint,
				now,
			),
			notePaint.dim(`Whoever holds the token is this user until ${formatMoment(expiresAt)}, ${describeDistance(expiresAt, now)}.`),
			"",
		].join("\n"),
	);
	return {
		data: { widget: contract.id, scheme: contract.scheme, token, expiresIn, expiresAt, header, claims: payload, keyFrom: key?.from },
		text: () => token,
	};
}

async function mint(
	contract: Contract,
	identity: Identity,
	secret: string | undefined,
	env: NonNullable<MintOptions["env"]>,
	options: Options,
): Promise<MintedToken> {
	const claims = readCustomClaims(contract, options);
	const hasRole = contract.scheme === "jwt" && Object.values(contract.claims).some(({ from }) => from === "role");
	if (options.role !== undefined && !hasRole)
		throw new CliError("role_unknown", `${contract.name} has no role`, { remedy: "Leave out --role." });
	try {
		return await createMint(contract, {
			env,
			secret,
			...(options.setting === undefined ? {} : { settings: options.setting }),
			...(hasRole ? { role: readRole } : {}),
			...(claims === undefined ? {} : { claims }),
			...(options.lifetime === undefined ? {} : { lifetimeSeconds: options.lifetime }),
		})(identity);
	} catch (error) {
		throw explainCoreError(error, contract);
	}
}

function readSeconds(text: string): number {
	if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It takes whole seconds.");
	return Number(text);
}
