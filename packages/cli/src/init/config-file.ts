import { join } from "node:path";
import { parseTsconfig, type TsConfigJson } from "get-tsconfig";
import { parse as parseJsonc } from "jsonc-parser";
import { parse as parseToml } from "smol-toml";
import type { ProjectFiles } from "./project-files.ts";

/** The members of a configuration file. */
export type Config = Readonly<Record<string, unknown>>;

/** Reads a file of JSON, JSON with comments or TOML, by its extension; has no members where it is missing or not valid. */
export function readConfig(files: Pick<ProjectFiles, "read">, path: string): Config {
	const text = files.read(path)?.replace(/^\ufeff/, "") ?? "";
	try {
		return asConfig(path.endsWith(".toml") ? parseToml(text) : parseJsonc(text, [], { allowTrailingComma: true }));
	} catch {
		return {};
	}
}

/** The member of that name, where it is a table. */
export function tableOf(config: Config, name: string): Config {
	return asConfig(config[name]);
}

/** The member of that name, where it is a text. */
export function textOf(config: Config, name: string): string | undefined {
	const value = config[name];
	return typeof value === "string" ? value : undefined;
}

/** The options of the compiler, with what tsconfig.json extends. */
export function readCompilerOptions(files: ProjectFiles): TsConfigJson.CompilerOptions {
	if (!files.exists("tsconfig.json")) return {};
	try {
		return parseTsconfig(join(files.root, "tsconfig.json")).compilerOptions ?? {};
	} catch {
		// What it extends may not be installed yet.
		return tableOf(readConfig(files, "tsconfig.json"), "compilerOptions");
	}
}

function asConfig(value: unknown): Config {
	return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Config) : {};
}
