import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** The files of a project, by paths relative to its folder with `/` between the parts. */
export interface ProjectFiles {
	readonly root: string;
	exists(path: string): boolean;
	/** The text, or undefined for a file that is not there. */
	read(path: string): string | undefined;
	/** The first of these paths that exists. */
	firstOf(paths: readonly string[]): string | undefined;
	/** The first source file that the pattern is found in; `withPages`: also among those that hold markup, such as `.html` and `.vue`. */
	findSource(pattern: RegExp, options?: { readonly except?: readonly string[]; readonly withPages?: boolean }): string | undefined;
}

const sourceExtensions: readonly string[] = ["ts", "tsx", "mts", "js", "jsx", "mjs", "cjs", "cts"];
const source = new RegExp(`\\.(?:${sourceExtensions.join("|")})$`);
const page = /\.(?:html|vue|svelte|astro)$/;
// Large enough for any app's own sources; what is generated lies in folders that are left out.
const limits = { files: 4000, bytes: 262_144, depth: 8 };
const leftOut = new Set(["node_modules", "dist", "build", "out", "coverage", "public"]);

/** The paths of a module, by the extensions that it may have. */
export function sourcePaths(path: string): readonly string[] {
	return sourceExtensions.map((extension) => `${path}.${extension}`);
}

export function openProjectFiles(root: string): ProjectFiles {
	const exists = (path: string): boolean => existsSync(join(root, path));
	const read = (path: string): string | undefined => {
		try {
			return readFileSync(join(root, path), "utf8");
		} catch {
			return undefined;
		}
	};
	let sources: readonly string[] | undefined;
	return {
		root,
		exists,
		read,
		firstOf: (paths) => paths.find(exists),
		findSource: (pattern, { except = [], withPages = false } = {}) => {
			sources ??= listSources(root);
			return sources.find((path) => !except.includes(path) && (withPages || !page.test(path)) && pattern.test(read(path) ?? ""));
		},
	};
}

/** Whether a source file or page imports the one at this path, under whatever extension, also by the usual aliases. */
export function isImported({ findSource }: ProjectFiles, path: string): boolean {
	const name = path.replace(/^.*\/|\.\w+$/g, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
	// From the root, as an HTML page does it, the extension tells a module from the address of an endpoint.
	const module = `(?:(?:\\.{1,2}|[@~#]|\\$lib|src)/(?:[^"']*/)?${name}(?:\\.\\w+)?|/(?:[^"']*/)?${name}\\.[cm]?[jt]sx?)`;
	return findSource(new RegExp(`["']${module}["']`), { except: [path], withPages: true }) !== undefined;
}

function listSources(root: string): readonly string[] {
	const found: string[] = [];
	const visit = (folder: string, depth: number): void => {
		for (const entry of readFolder(join(root, folder))) {
			if (found.length >= limits.files) return;
			const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
			if (entry.isDirectory()) {
				if (depth < limits.depth && !entry.name.startsWith(".") && !leftOut.has(entry.name)) visit(path, depth + 1);
			} else if (
				(source.test(entry.name) || page.test(entry.name)) &&
				(statSync(join(root, path), { throwIfNoEntry: false })?.size ?? 0) <= limits.bytes
			)
				found.push(path);
		}
	};
	visit("", 0);
	return found;
}

function readFolder(path: string) {
	try {
		return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
	} catch {
		return [];
	}
}
