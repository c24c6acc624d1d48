import type { Contract } from "@widget-token/core";
import * as widgets from "@widget-token/widgets";
import { openProjectFiles, type ProjectFiles } from "../init/project-files.ts";
import { type ProjectEnv, readProjectEnv } from "../project-env.ts";
import { type EnvFile, readEnvFiles } from "./env-files.ts";
import { type PackageManifest, readManifest } from "./package-manifest.ts";
import { readSourceFiles, type SourceFile } from "./source-files.ts";

/** The project that is looked at, read once. */
export interface Project {
	readonly folder: string;
	/** The environment that the app would see here. */
	readonly env: ProjectEnv;
	/** The variables of this process alone. */
	readonly processEnv: Readonly<Record<string, string | undefined>>;
	readonly envFiles: readonly EnvFile[];
	readonly manifest: PackageManifest;
	/** The names of all dependencies. */
	readonly dependencies: ReadonlySet<string>;
	readonly sources: readonly SourceFile[];
	/** All of its files, read when they are asked for. */
	readonly files: ProjectFiles;
}

export function readProject(folder: string, processEnv: Readonly<Record<string, string | undefined>>): Project {
	const manifest = readManifest(folder);
	return {
		folder,
		env: readProjectEnv(folder, processEnv),
		processEnv,
		envFiles: readEnvFiles(folder),
		manifest,
		dependencies: new Set(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })),
		sources: readSourceFiles(folder),
		files: openProjectFiles(folder),
	};
}

/** The widgets that a project uses: it names their key in its environment or an env file, or imports their contract. */
export function findWidgets({ env, envFiles, sources }: Project): readonly Contract[] {
	const named = new Set(envFiles.filter(({ kind }) => kind !== "example").flatMap(({ entries }) => entries.map(({ name }) => name)));
	return Object.entries(widgets)
		.filter(
			([exported, { key }]) =>
				named.has(key.env) || Boolean(env.values[key.env]) || sources.some(({ text }) => importsWidget(text, exported)),
		)
		.map(([, contract]) => contract);
}

/** Whether a file imports a contract by its name. */
export function importsWidget(text: string, exported: string): boolean {
	return new RegExp(`import\\b[^;]*\\b${exported}\\b[^;]*from\\s*["'](?:npm:)?@widget-token/widgets(?:@[^"']*)?["']`).test(text);
}

/** Whether server-side code passes an option itself, such as a `secret` from a secret store. */
export function passesOption(project: Project, option: "secret" | "settings"): boolean {
	return findInServerSide(project, new RegExp(`\\b${option}\\s*[:,}(]`));
}

/** Whether server-side code passes an option that does not come from `process.env`. */
export function bringsOption(project: Project, option: "secret" | "settings" | "env"): boolean {
	return findInServerSide(project, new RegExp(`(?<![.\\w$])${option}\\s*(?:[,}(]|:(?!\\s*process\\.env\\b))`));
}

const imports = /^\s*import\b[^;"']*["'][^"']*["'];?/gm;

function findInServerSide({ sources }: Project, pattern: RegExp): boolean {
	const isServerSide = /@widget-token\/(?!client\b|widgets\b)/;
	return sources.some(({ text }) => isServerSide.test(text) && pattern.test(text.replace(imports, "")));
}

/** Whether a variable has a value here, or in an env file of production. */
export function hasValue({ env, envFiles }: Project, name: string): boolean {
	const isInProduction = envFiles.some(
		({ kind, entries }) => kind === "production" && entries.some((entry) => entry.name === name && entry.value.trim() !== ""),
	);
	return isInProduction || Boolean(env.values[name]?.trim());
}

/** A value of the widget's key that an app would run with, and where it is. */
export interface KeyPlace {
	readonly value: string;
	/** The key itself, without what may be around it by mistake. */
	readonly bare: string;
	readonly where: string;
	/** The env file that holds it; undefined for the environment of the process. */
	readonly file: string | undefined;
}

/** The key as the app sees it here, and as it sees it in production where an env file says so. */
export function findKeyPlaces({ env, envFiles, processEnv }: Project, { key }: Contract): readonly KeyPlace[] {
	const places: KeyPlace[] = [];
	const value = env.values[key.env];
	const file = env.fileOf(key.env);
	if (value !== undefined && value !== "")
		places.push({ value, bare: bareKey(value), where: file === undefined ? key.env : `${key.env} in ${file}`, file });
	if (processEnv[key.env]) return places;
	for (const { kind, name, entries } of envFiles) {
		const entry = kind === "production" ? entries.findLast((each) => each.name === key.env) : undefined;
		if (entry === undefined || entry.value === "") continue;
		places.push({ value: entry.value, bare: bareKey(entry.value), where: `${key.env} in ${name}`, file: name });
		break;
	}
	return places;
}

function bareKey(value: string): string {
	return value
		.trim()
		.replace(/^(["'`])(.*)\1$/s, "$2")
		.trim();
}
