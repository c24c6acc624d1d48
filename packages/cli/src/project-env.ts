import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnvFile } from "./env-file.ts";

/** The variables that an app in a folder would see, and where each one is from. */
export interface ProjectEnv {
	readonly values: Readonly<Record<string, string | undefined>>;
	/** The file that holds a variable, relative to the folder; undefined where it is in the environment of the process. */
	fileOf(name: string): string | undefined;
}

// In the order in which they win; a variable of the process wins over all.
const envFiles = [".env.development.local", ".env.local", ".dev.vars", "supabase/functions/.env", ".env.development", ".env"];

/** Reads the environment of the process, and the env files of a folder beneath it. */
export function readProjectEnv(folder: string, env: Readonly<Record<string, string | undefined>>): ProjectEnv {
	const values: Record<string, string | undefined> = { ...env };
	const files = new Map<string, string>();
	for (const file of envFiles) {
		for (const [name, value] of Object.entries(readEntries(join(folder, file)))) {
			if (values[name] !== undefined && values[name] !== "") continue;
			values[name] = value;
			files.set(name, file);
		}
	}
	return { values, fileOf: (name) => files.get(name) };
}

function readEntries(path: string): Record<string, string> {
	try {
		return Object.fromEntries(parseEnvFile(readFileSync(path, "utf8")).map(({ name, value }) => [name, value]));
	} catch {
		return {};
	}
}

/** The env file that a project's secrets belong into: Next.js, Wrangler and Supabase have one of their own. */
export function chooseEnvFile(folder: string): string {
	if (isNextProject(folder)) return ".env.local";
	if (existsSync(join(folder, ".dev.vars"))) return ".dev.vars";
	if (existsSync(join(folder, "supabase", "functions"))) return "supabase/functions/.env";
	return ".env";
}

function isNextProject(folder: string): boolean {
	if (["js", "mjs", "cjs", "ts", "mts"].some((extension) => existsSync(join(folder, `next.config.${extension}`)))) return true;
	try {
		const { dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<
			string,
			Record<string, string> | undefined
		>;
		return { ...dependencies, ...devDependencies }.next !== undefined;
	} catch {
		return false;
	}
}
