import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export type PackageManagerName = "npm" | "pnpm" | "yarn" | "bun";

/** What installs the project's packages, and how that is known. */
export interface PackageManager {
	readonly name: PackageManagerName;
	readonly because: string;
}

const lockFiles: readonly (readonly [file: string, name: PackageManagerName])[] = [
	["pnpm-lock.yaml", "pnpm"],
	["yarn.lock", "yarn"],
	["bun.lock", "bun"],
	["bun.lockb", "bun"],
	["package-lock.json", "npm"],
	["npm-shrinkwrap.json", "npm"],
];

/** Looks for a lock file, from the folder upwards: that of a monorepo lies above its apps. */
export function detectPackageManager(root: string): PackageManager {
	for (let folder = root; ; folder = dirname(folder)) {
		const lock = lockFiles.find(([file]) => existsSync(join(folder, file)));
		if (lock !== undefined) return { name: lock[1], because: lock[0] };
		const declared = /"packageManager"\s*:\s*"(npm|pnpm|yarn|bun)@/.exec(readManifest(folder))?.[1];
		if (declared !== undefined) return { name: declared as PackageManagerName, because: "packageManager" };
		// Beyond the repository lies somebody else's project.
		if (existsSync(join(folder, ".git")) || dirname(folder) === folder) return { name: "npm", because: "no lock file" };
	}
}

/** The command that adds packages to the project. */
export function installCommand({ name }: PackageManager, packages: readonly string[]): readonly [program: string, ...args: string[]] {
	return [name, name === "npm" ? "install" : "add", ...packages];
}

/** The command that runs this program in the project. */
export function runnerOf({ name }: PackageManager): string {
	return { npm: "npx", pnpm: "pnpm dlx", yarn: "yarn dlx", bun: "bunx" }[name];
}

function readManifest(folder: string): string {
	try {
		return readFileSync(join(folder, "package.json"), "utf8");
	} catch {
		return "";
	}
}
