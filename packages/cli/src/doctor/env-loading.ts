import { bringsOption, type Project } from "./project.ts";

/** What keeps a variable of an env file from the server, and how to fix it. */
export interface Unloaded {
	readonly got: string;
	readonly remedy: string;
}

interface Host {
	/** Whether the project runs on it. */
	readonly isUsed: (project: Project) => boolean;
	/** Whether its server puts the variables of this env file where our packages read them. */
	readonly loads: (file: string, project: Project) => boolean;
	readonly remedy: (variable: string, file: string) => string;
}

const anyEnvFile = (file: string): boolean => file.startsWith(".env");
const dependsOn =
	(...names: readonly string[]) =>
	({ dependencies }: Project): boolean =>
		names.some((name) => dependencies.has(name));

const nodeServers = ["express", "hono", "fastify", "koa", "@hapi/hapi", "@nestjs/core", "restify", "polka", "@hono/node-server"];

// The first that the project uses counts. Sources: each framework's own page on environment variables.
const hosts: readonly Host[] = [
	{ isUsed: dependsOn("next"), loads: anyEnvFile, remedy: (_, file) => `Move it from ${file} to .env.local.` },
	{
		isUsed: dependsOn("nuxt", "@react-router/dev", "@remix-run/dev"),
		loads: anyEnvFile,
		remedy: (_, file) => `Move it from ${file} to .env.`,
	},
	{
		isUsed: dependsOn("@sveltejs/kit"),
		loads: () => false,
		remedy: () => 'Pass `env`: import { env } from "$env/dynamic/private", and createTokenHandler({ env, … }).',
	},
	{
		isUsed: dependsOn("astro"),
		loads: () => false,
		remedy: (variable) =>
			`Pass \`env\`: import { getSecret } from "astro:env/server", and createTokenHandler({ env: { ${variable}: getSecret("${variable}") }, … }); import.meta.env.${variable} does as well.`,
	},
	{
		isUsed: ({ dependencies, files }) =>
			dependencies.has("wrangler") || files.firstOf(["wrangler.jsonc", "wrangler.json", "wrangler.toml"]) !== undefined,
		// Wrangler reads .env only where there is no .dev.vars.
		loads: (file, { files }) => file.startsWith(".dev.vars") || !files.exists(".dev.vars"),
		remedy: (_, file) => `Move it from ${file} to .dev.vars: where there is one, Wrangler reads nothing else.`,
	},
	{
		isUsed: (project) =>
			dependsOn(...nodeServers)(project) || project.sources.some(({ text }) => /@widget-token\/core\/(?:node|fastify)["']/.test(text)),
		loads: () => false,
		remedy: (_, file) => `Start it with node --env-file=${file}, or pass \`env\` to createTokenHandler.`,
	},
];

/** Packages, scripts and files that load env files by themselves, or may do so. */
const loaders = {
	packages: [
		"dotenv",
		"dotenv-cli",
		"dotenv-flow",
		"dotenv-safe",
		"@dotenvx/dotenvx",
		"env-cmd",
		"@nestjs/config",
		"@fastify/env",
		"firebase-functions",
	],
	script: /env-file|dotenv|env-cmd|\bbunx?\b|\bsource\b|(?:^|\s)\. \.?\/?\.env/,
	code: /\bloadEnv(?:File|Config)?\s*\(|["'](?:[^"']*\/)?(?:dotenv|@dotenvx\/dotenvx|@next\/env)(?:\/[^"']*)?["']/,
	files: ["bun.lock", "bun.lockb", "vercel.json", "netlify.toml", ".envrc", "mise.toml", ".mise.toml", "Procfile", "serverless.yml"],
	mentioning: [
		"compose.yaml",
		"compose.yml",
		"docker-compose.yaml",
		"docker-compose.yml",
		"Dockerfile",
		"Makefile",
		"justfile",
		"deno.json",
	],
} as const;

/**
 * Finds out whether the project's server never sees a variable that an env file holds.
 *
 * Undefined where it does, and where nothing here shows it: an unknown framework, something that may load env files, or
 * code that passes `env` or the option itself.
 */
export function findUnloaded(
	project: Project,
	option: "secret" | "settings",
	variable: string,
	file: string | undefined,
): Unloaded | undefined {
	if (file === undefined || file.startsWith("supabase/") || mayLoad(project)) return undefined;
	if (bringsOption(project, "env") || bringsOption(project, option)) return undefined;
	const host = hosts.find(({ isUsed }) => isUsed(project));
	if (host === undefined || host.loads(file, project)) return undefined;
	return { got: `it is in ${file}, which this server does not load`, remedy: host.remedy(variable, file) };
}

function mayLoad({ dependencies, manifest, files }: Project): boolean {
	return (
		loaders.packages.some((name) => dependencies.has(name)) ||
		Object.values(manifest.scripts ?? {}).some((script) => loaders.script.test(script)) ||
		files.firstOf(loaders.files) !== undefined ||
		loaders.mentioning.some((file) => /env[-_]file|dotenv|\.env\b/.test(files.read(file) ?? "")) ||
		files.findSource(loaders.code) !== undefined
	);
}
