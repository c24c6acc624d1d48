import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RecipeFile } from "../../src/recipes/recipe.ts";

export type Environment = Readonly<Record<string, string>>;

const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** A folder of its own in which Node.js finds the packages of this project. */
export function createFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), "recipes-"));
	symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
	return folder;
}

export function removeFolder(folder: string): void {
	rmSync(folder, { recursive: true, force: true });
}

export function writeFiles(folder: string, files: readonly RecipeFile[]): void {
	for (const { name, text } of files) {
		mkdirSync(dirname(join(folder, name)), { recursive: true });
		writeFileSync(join(folder, name), text);
	}
}

/** Runs a program and returns what it prints. It gets the variables that are named and no others, so that no real key is near. */
export function execute(command: readonly string[], input: string, folder: string, env: Environment, packages: string): string {
	const [program = "", ...args] = command;
	const surroundings = { PATH: process.env.PATH ?? "", HOME: folder, LANG: "C.UTF-8" };
	const { error, status, stdout, stderr } = spawnSync(program, args, {
		input,
		cwd: folder,
		env: { ...surroundings, ...env },
		encoding: "utf8",
		maxBuffer: 2 ** 26,
	});
	if (error !== undefined && (error as NodeJS.ErrnoException).code === "ENOENT")
		throw new Error(`${program} is missing: apt-get install ${packages}`);
	if (error !== undefined || status !== 0)
		throw new Error(`${command.join(" ")} failed: ${error?.message ?? ""}\n${stdout.slice(0, 4000)}\n${stderr.slice(0, 4000)}`);
	return stdout;
}
