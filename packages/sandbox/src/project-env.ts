import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnvFile } from "./env-file.ts";

export { type EnvEntry, parseEnvFile } from "./env-file.ts";

/** The variables that an app in a folder would see, and where each one is from. */
export interface ProjectEnv {
	readonly values: Readonly<Record<string, string | undefined>>;
	/** The file that holds a variable, relative to the folder; undefined where it is in the environment of the process. */
	fileOf(name: string): string | undefined;
}

// In the order in which they win; a variable of the process wins over all.
const envFiles = [".env.development.local", ".env.local", ".dev.vars", "supabase/functions/.env", ".env.development", ".env"];

/**
 * Reads the variables of the process and of a folder's env files, as `widget-token` and `widget-token-sandbox` do.
 *
 * A variable of the process wins; then `.env.development.local`, `.env.local`, `.dev.vars`, `supabase/functions/.env`,
 * `.env.development` and `.env`, in this order. A file that cannot be read is left out. Import from
 * `@widget-token/sandbox/project-env`.
 *
 * @example
 * ```ts
 * import { createSandbox } from "@widget-token/sandbox";
 * import { readProjectEnv } from "@widget-token/sandbox/project-env";
 *
 * const sandbox = createSandbox({ env: readProjectEnv(".", process.env).values });
 * ```
 */
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
