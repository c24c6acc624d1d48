import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Contract, defineContract, WidgetTokenError } from "@widget-token/core";
import * as widgets from "@widget-token/widgets";
import type { Command } from "commander";
import { CliError, usageError } from "./cli-error.ts";
import { findNearestName } from "./nearest-name.ts";
import { printable } from "./terminal.ts";

/** The option that every command with a widget has. */
export interface WidgetOptions {
	readonly contract?: string;
}

/** The contracts of `@widget-token/widgets`, by name. */
export function knownContracts(): readonly Contract[] {
	return Object.values(widgets).sort((a, b) => a.name.localeCompare(b.name, "en"));
}

/** Adds `[widget]` and `--contract <file>`, either of which names the contract. */
export function addWidgetArgument(command: Command): Command {
	return command
		.argument("[widget]", "a widget's id, as `widget-token list` shows it")
		.option("--contract <file>", "a contract of your own as a JSON file, instead of <widget>");
}

/**
 * The contract that the first arguments and `--contract` name, and the arguments after it.
 *
 * With `--contract` there is no widget argument, so that `verify --contract ./mine.json -` reads the token from `-`.
 * A path in place of a widget's id works too.
 */
export async function resolveContract(
	args: readonly (string | undefined)[],
	{ contract: file }: WidgetOptions,
	cwd: string,
): Promise<{ readonly contract: Contract; readonly rest: readonly string[] }> {
	const given = args.filter((argument) => argument !== undefined);
	if (file !== undefined) return { contract: await readContract(file, cwd), rest: given };
	const [name, ...rest] = given;
	if (name === undefined)
		throw usageError("Which widget?", `Name one of: ${ids().join(", ")}; or pass --contract ./my-widget.json.`, "widget_required");
	if (/[/\\]|\.json$/.test(name)) return { contract: await readContract(name, cwd), rest };
	const contract = knownContracts().find(({ id }) => id === name.toLowerCase());
	if (contract === undefined) {
		const near = findNearestName(name, ids());
		throw usageError(
			`There is no such widget${near === undefined ? "" : `. Did you mean ${near}?`}`,
			`Name one of: ${ids().join(", ")}; or pass --contract ./my-widget.json.`,
			"widget_unknown",
		);
	}
	return { contract, rest };
}

function ids(): readonly string[] {
	return knownContracts().map(({ id }) => id);
}

async function readContract(file: string, cwd: string): Promise<Contract> {
	const name = printable(file);
	let text: string;
	try {
		text = await readFile(resolve(cwd, file), "utf8");
	} catch (cause) {
		// What is no file may be a secret in the wrong place.
		throw new CliError("contract_unreadable", "The contract's file cannot be read", {
			remedy: "Give the path of a JSON file that exists.",
			cause,
		});
	}
	let data: unknown;
	try {
		data = JSON.parse(text.replace(/^\ufeff/, ""));
	} catch (cause) {
		throw new CliError("contract_not_json", `The contract ${name} is not JSON`, {
			remedy: "Correct the file; an editor with the contract's JSON Schema shows where.",
			cause,
		});
	}
	try {
		return defineContract(withPrintableTexts(defineContract(data)));
	} catch (cause) {
		if (!(cause instanceof WidgetTokenError)) throw cause;
		throw new CliError(cause.code, `The contract ${name} is not valid: ${cause.detail ?? cause.title}`, { remedy: cause.remedy, cause });
	}
}

// They stand in the middle of our own lines: none may begin one, or move the cursor.
function withPrintableTexts(contract: Contract): Contract {
	const describe = <Rule extends { readonly description: string }>(rules: Readonly<Record<string, Rule>>): Record<string, Rule> =>
		Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, { ...rule, description: printable(rule.description) }]));
	const { name, documentation, settings, delivery } = contract;
	return {
		...contract,
		name: printable(name),
		documentation: documentation.map(printable),
		...(settings === undefined ? {} : { settings: describe(settings) }),
		...(delivery?.settings === undefined ? {} : { delivery: { ...delivery, settings: describe(delivery.settings) } }),
	};
}
