import type { Contract, Environment } from "@widget-token/core";
import { toKebabCase } from "./delivery.ts";

/** The settings of a widget by name: from their variables, else the contract's defaults, else names that speak for themselves. */
export function readSandboxSettings({ id, settings }: Contract, env: Environment): Readonly<Record<string, string>> {
	return Object.freeze(
		Object.fromEntries(
			Object.entries(settings ?? {}).map(([name, rule]) => [name, env[rule.env]?.trim() || (rule.default ?? `${id}-${toKebabCase(name)}`)]),
		),
	);
}
