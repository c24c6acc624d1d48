import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CliError } from "../cli-error.ts";
import { formatEnvValue, parseEnvFile, setEnvValue } from "../env-file.ts";
import type { Choices } from "./choices.ts";
import { type EnvVariable, listEnvVariables } from "./env-variables.ts";
import { type Runtime, runtimeOf } from "./framework.ts";
import type { Project } from "./project.ts";

/** An env file and what is added to it. Texts are read as Latin-1, which maps each byte to one character and back. */
export interface EnvPlan {
	/** Relative to the project. */
	readonly path: string;
	readonly exists: boolean;
	readonly variables: readonly EnvVariable[];
	readonly before: string;
	readonly after: string;
}

/** What is missing in the env files, by file. A variable that any of them has is left as it is. */
export function planEnvFiles(project: Project, choices: Choices): readonly EnvPlan[] {
	const { env, files } = project;
	const runtime = runtimeOf(choices.framework, project);
	const additions = new Map<string, EnvVariable[]>();
	for (const variable of listEnvVariables(project, choices)) {
		const present = [variable.name, ...variable.aliases].find((name) => env.values[name] !== undefined);
		if (present !== undefined && !(variable.value !== "" && env.values[present] === "")) continue;
		const path = (present && env.fileOf(present)) ?? choices.envFile ?? envFileOf(project, runtime, variable.isPublic);
		additions.set(path, [...(additions.get(path) ?? []), variable]);
	}
	return [...additions].map(([path, variables]) => {
		const exists = existsSync(join(files.root, path));
		const before = exists ? readBytes(join(files.root, path)) : "";
		return { path, exists, variables, before, after: addVariables(before, variables, choices.contract.name) };
	});
}

function envFileOf({ files, next }: Project, runtime: Runtime, isPublic: boolean): string {
	if (next !== undefined && (isPublic || runtime.startsWith("next-"))) return ".env.local";
	if (runtime === "deno" && !isPublic) return "supabase/functions/.env";
	// Wrangler reads .env only where there is no .dev.vars.
	return runtime === "worker" && !isPublic && (files.exists(".dev.vars") || !files.exists(".env")) ? ".dev.vars" : ".env";
}

function addVariables(before: string, variables: readonly EnvVariable[], widget: string): string {
	const lineBreak = /\r?\n/.exec(before)?.[0] ?? "\n";
	const present = new Set(parseEnvFile(before).map(({ name }) => name));
	let text = before;
	for (const { name, value } of variables) if (present.has(name)) text = setEnvValue(text, name, value);
	const added = variables.filter(({ name }) => !present.has(name));
	if (added.length === 0) return text;
	const lines = [`# ${widget}: added by widget-token init`];
	for (const [index, { name, description, value }] of added.entries()) {
		// One comment stands above all that it is about.
		if (added[index - 1]?.description !== description) lines.push(`# ${description}`);
		lines.push(`${name}=${formatEnvValue(value)}`);
	}
	const gap = text === "" ? "" : text.endsWith("\n") ? lineBreak : lineBreak + lineBreak;
	return text + gap + Buffer.from(`${lines.join(lineBreak)}${lineBreak}`, "utf8").toString("latin1");
}

function readBytes(path: string): string {
	try {
		return readFileSync(path, "latin1");
	} catch (cause) {
		throw new CliError("env_file_unreadable", "The env file cannot be read", {
			remedy: "Check its permissions, or name another one with --dotenv.",
			cause,
		});
	}
}
