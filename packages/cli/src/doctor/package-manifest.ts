import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What of a package.json is needed. */
export interface PackageManifest {
	readonly version?: string;
	readonly scripts?: Readonly<Record<string, string>>;
	readonly dependencies?: Readonly<Record<string, string>>;
	readonly devDependencies?: Readonly<Record<string, string>>;
	readonly peerDependencies?: Readonly<Record<string, string>>;
	readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** The package.json of a folder; an empty one where there is none. */
export function readManifest(folder: string): PackageManifest {
	try {
		const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as unknown;
		return typeof manifest === "object" && manifest !== null ? manifest : {};
	} catch {
		return {};
	}
}

/** The package.json of an installed package, as Node would find it from a folder; undefined where it is not installed. */
export function readInstalled(folder: string, name: string): PackageManifest | undefined {
	for (let at = folder; ; at = dirname(at)) {
		const manifest = readManifest(join(at, "node_modules", name));
		if (manifest.version !== undefined) return manifest;
		if (dirname(at) === at) return undefined;
	}
}
