import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { readConfig, textOf } from "./config-file.ts";
import { openProjectFiles } from "./project-files.ts";

export type PackageManagerName = "npm" | "pnpm" | "yarn" | "bun";

/** What installs the project's packages, and how that is known. */
export interface PackageManager {
	readonly name: PackageManagerName;
	readonly because: string;
	/** The command that runs a program without installing it. */
	readonly runner: string;
	/** The command that runs a program of the project's packages. */
	readonly executor: string;
}

const lockFiles: readonly (readonly [file: string, name: PackageManagerName])[] = [
	["pnpm-lock.yaml", "pnpm"],
	["yarn.lock", "yarn"],
	["bun.lock", "bun"],
	["bun.lockb", "bun"],
	["package-lock.json", "npm"],
	["npm-shrinkwrap.json", "npm"],
];

const commands: Readonly<Record<PackageManagerName, Pick<PackageManager, "runner" | "executor">>> = {
	npm: { runner: "npx", executor: "npx" },
	pnpm: { runner: "pnpm dlx", executor: "pnpm exec" },
	yarn: { runner: "yarn dlx", executor: "yarn run" },
	bun: { runner: "bunx", executor: "bunx" },
};

/** Looks for a lock file, from the folder upwards: that of a monorepo lies above its apps. */
export function detectPackageManager(root: string): PackageManager {
	for (let folder = root; ; folder = dirname(folder)) {
		const lock = lockFiles.find(([file]) => existsSync(join(folder, file)));
		const [, declared, major] = /^(npm|pnpm|yarn|bun)@(\d+)/.exec(readDeclaration(folder)) ?? [];
		const name = lock?.[1] ?? (declared as PackageManagerName | undefined);
		if (name !== undefined) {
			const isClassic = name === "yarn" && isClassicYarn(folder, declared === "yarn" ? Number(major) : undefined);
			return { name, because: lock?.[0] ?? "packageManager", ...commands[name], ...(isClassic ? { runner: "npx" } : {}) };
		}
		// A folder above the repository belongs to another project.
		if (existsSync(join(folder, ".git")) || dirname(folder) === folder) return { name: "npm", because: "no lock file", ...commands.npm };
	}
}

/** The command that adds packages to the project. */
export function installCommand({ name }: PackageManager, packages: readonly string[]): readonly [program: string, ...args: string[]] {
	return [name, name === "npm" ? "install" : "add", ...packages];
}

// Yarn 1 has no `dlx`. Its lock file has no `__metadata`, and its settings are in another file.
function isClassicYarn(folder: string, declaredMajor: number | undefined): boolean {
	if (declaredMajor !== undefined) return declaredMajor < 2;
	const { exists, read } = openProjectFiles(folder);
	return !exists(".yarnrc.yml") && !/^__metadata:/m.test(read("yarn.lock") ?? "");
}

function readDeclaration(folder: string): string {
	return textOf(readConfig(openProjectFiles(folder), "package.json"), "packageManager") ?? "";
}
