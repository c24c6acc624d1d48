import { type Environment, readVariable, WidgetTokenError } from "../base/index.ts";
import type { Contract } from "./contract.ts";

/** The values of a contract's settings by name. */
export type Settings = Readonly<Record<string, string>>;

/** The contract's settings with their values: option, else environment variable, else default. */
export function readSettings(contract: Contract, settings: Settings = {}, env: Environment = {}): Settings {
	const values = Object.create(null) as Record<string, string>;
	for (const [name, rule] of Object.entries(contract.settings ?? {})) {
		const value = readSetting(name, contract, settings, env);
		if (value === undefined) {
			throw new WidgetTokenError("setting_missing", {
				detail: `${name} of ${contract.id} (${rule.env})`,
				remedy: `Set ${rule.env}, or pass it as \`settings.${name}\`.`,
			});
		}
		values[name] = value;
	}
	return values;
}

/** One setting's value; undefined when it is missing or empty. A variable that is set to nothing counts as not set. */
export function readSetting(name: string, contract: Contract, settings: Settings = {}, env: Environment = {}): string | undefined {
	const rule = contract.settings?.[name];
	// A setting may be called `constructor`, which every object inherits.
	const given = Object.hasOwn(settings, name) ? settings[name] : undefined;
	return readText(given ?? (rule && (readText(readVariable(env, rule.env)) ?? rule.default)));
}

function readText(value: unknown): string | undefined {
	return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}
