import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export { type ProjectEnv, readProjectEnv } from "@widget-token/sandbox/project-env";

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
