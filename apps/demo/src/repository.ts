import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** A path of the repository. */
export function repositoryPath(relative = ""): string {
	return fileURLToPath(new URL(`../../../${relative}`, import.meta.url));
}

/** A file of an installed package, as a workspace resolves it; default: the root of the repository. */
export function resolvePackageFile(specifier: string, workspace = "."): string {
	return createRequire(repositoryPath(`${workspace}/package.json`)).resolve(specifier);
}

/** What a program needs of this process's environment; no key, proxy or setting of the person who runs the demo is in it. */
export function plainEnvironment(): Readonly<Record<string, string>> {
	const names = ["PATH", "HOME", "TMPDIR", "LANG", "Path", "SystemRoot", "USERPROFILE", "TEMP", "LOCALAPPDATA", "APPDATA"];
	const kept = names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]));
	return {
		...Object.fromEntries(kept),
		NO_COLOR: "1",
		NEXT_TELEMETRY_DISABLED: "1",
		TURBO_TELEMETRY_DISABLED: "1",
		DENO_NO_UPDATE_CHECK: "1",
	};
}
