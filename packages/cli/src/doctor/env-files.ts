import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type EnvEntry, parseEnvFile } from "../env-file.ts";

/** When an env file counts: always or in development, in production, or never, for it only shows the names. */
export type EnvFileKind = "development" | "production" | "example";

/** An env file of the project. */
export interface EnvFile {
	/** Relative to the project's folder. */
	readonly name: string;
	readonly kind: EnvFileKind;
	readonly entries: readonly EnvEntry[];
	/** A value as it is written, with its quotes. */
	written(entry: EnvEntry): string;
	/** The line that an entry begins on, from 1. */
	lineOf(entry: EnvEntry): number;
}

const folders = ["", "supabase/functions"];
const envFileName = /^(?:\.env|\.dev\.vars)(?:\.[\w.-]+)?$/;
const exampleName = /\.(?:example|sample|template|dist|defaults?)$/;
const productionName = /\.(?:production|prod)(?:\.local)?$/;
const largestBytes = 1_048_576;

/** Reads every env file of a project, those of production before those that they override. */
export function readEnvFiles(folder: string): readonly EnvFile[] {
	return folders.flatMap((inner) =>
		listNames(join(folder, inner))
			.filter((name) => envFileName.test(name))
			// The `.local` file goes before the one without it.
			.sort((a, b) => b.length - a.length)
			.flatMap((name) => readEnvFile(folder, inner === "" ? name : `${inner}/${name}`)),
	);
}

function readEnvFile(folder: string, name: string): readonly EnvFile[] {
	let text: string;
	try {
		text = readFileSync(join(folder, name), "utf8");
	} catch {
		return [];
	}
	if (text.length > largestBytes) return [];
	return [
		{
			name,
			kind: exampleName.test(name) ? "example" : productionName.test(name) ? "production" : "development",
			entries: parseEnvFile(text),
			written: ({ start, end }) => text.slice(start, end),
			lineOf: ({ start }) => text.slice(0, start).split("\n").length,
		},
	];
}

function listNames(folder: string): readonly string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}
