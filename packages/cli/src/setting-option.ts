import { type Contract, WidgetTokenError } from "@widget-token/core";
import type { Command } from "commander";
import { CliError, usageError } from "./cli-error.ts";

/** The option for a contract's settings. */
export interface SettingOptions {
	readonly setting?: Readonly<Record<string, string>>;
}

/** Adds `--setting name=value`, which may be given several times. */
export function addSettingOption(command: Command): Command {
	return command.option(
		"--setting <name=value>",
		"a setting of the widget, such as tenantId=…; its variable is the default",
		collectPairs("--setting"),
	);
}

/** Collects `name=value` pairs of an option that may be given several times. */
export function collectPairs(
	option: string,
): (pair: string, previous?: Readonly<Record<string, string>>) => Readonly<Record<string, string>> {
	return (pair, previous = {}) => {
		const at = pair.indexOf("=");
		if (at < 1) throw usageError(`${option} takes a name and a value with = between them`);
		return { ...previous, [pair.slice(0, at)]: pair.slice(at + 1) };
	};
}

/** The settings with their values, as far as they are known: option, else variable, else default. */
export function readSettings(
	contract: Contract,
	{ setting = {} }: SettingOptions,
	env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
	return Object.fromEntries(
		Object.entries(contract.settings ?? {}).flatMap(([name, rule]) => {
			const value = setting[name] ?? (env[rule.env]?.trim() || rule.default);
			return value === undefined ? [] : [[name, value]];
		}),
	);
}

/** The core's error with a remedy for whoever sits at a terminal. */
export function explainCoreError(error: unknown, contract: Contract): unknown {
	if (!(error instanceof WidgetTokenError)) return error;
	// An unknown name may be a secret in the wrong place: base64 ends in =, as a name does.
	const isNamed = error.detail !== undefined && error.code !== "setting_unknown" && error.code !== "claim_reserved";
	const message = isNamed ? `${error.title}: ${error.detail}` : error.title;
	const own = contract.documentation[0] === undefined ? "" : ` ${contract.documentation[0]}`;
	const setting = Object.entries(contract.settings ?? {}).find(
		([name]) => error.code === "setting_missing" && error.detail?.startsWith(`${name} `),
	);
	const remedies: Partial<Record<string, string>> = {
		secret_missing: `Run widget-token secret ${contract.id}, or pass --secret-file FILE or --secret-stdin.${own === "" ? "" : ` The vendor's page:${own}`}`,
		setting_missing: setting && `Set ${setting[1].env} (${setting[1].description}), or pass --setting ${setting[0]}=VALUE.`,
		setting_unknown: `Use one of the names that widget-token show prints: ${Object.keys(contract.settings ?? {}).join(", ") || "none"}.`,
		claim_reserved: "Give --claim a free-form claim, as widget-token show prints them.",
		role_unmapped: "Pass --role NAME.",
		role_missing: "Pass --role NAME.",
		claim_missing: "Pass what is missing: --id, --email, --name, --claim NAME=VALUE, or a whole identity with --identity FILE.",
		email_unverified: "Leave out --unverified-email, or set emailVerified in the identity.",
		lifetime_invalid: "Pass whole seconds within the widget's maximum to --lifetime.",
	};
	return new CliError(error.code, message, { remedy: remedies[error.code] ?? error.remedy, cause: error });
}
