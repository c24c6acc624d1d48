import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** A file of the project's own code that imports widget-token. */
export interface SourceFile {
	/** Relative to the project's folder, with slashes. */
	readonly name: string;
	readonly text: string;
}

const code = /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/;
const tests = /\.(?:test|spec)\.[cm]?[jt]sx?$/;
const leftOut = new Set(["node_modules", "dist", "build", "out", "public", "coverage", "vendor", "test", "tests", "__tests__", "e2e"]);
const most = { files: 5000, bytes: 524_288, depth: 12 };

/** Finds the files that import one of our packages. What a build has written, tests and hidden folders are left out. */
export function readSourceFiles(folder: string): readonly SourceFile[] {
	const found: SourceFile[] = [];
	let seen = 0;
	const visit = (path: string, depth: number): void => {
		for (const entry of listEntries(path)) {
			if (seen >= most.files) return;
			const inner = join(path, entry.name);
			if (entry.isDirectory() && depth < most.depth && !leftOut.has(entry.name) && !entry.name.startsWith(".")) visit(inner, depth + 1);
			if (!entry.isFile() || !code.test(entry.name) || tests.test(entry.name)) continue;
			seen++;
			const text = readText(inner);
			if (text?.includes("@widget-token/")) found.push({ name: relative(folder, inner).split(sep).join("/"), text });
		}
	};
	visit(folder, 0);
	return found;
}

/** Blanks out the comments of code. Good enough to look for words: what looks like one within a string goes too. */
export function withoutComments(text: string): string {
	return text.replace(/\/\*[\s\S]*?\*\/|(?<=^|[\s;,{}()])\/\/.*$/gm, "");
}

function listEntries(path: string): readonly Dirent[] {
	try {
		return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
	} catch {
		return [];
	}
}

/** A file's text; undefined where it cannot be read, or is too large for code that a person wrote. */
export function readText(path: string): string | undefined {
	try {
		return statSync(path).size > most.bytes ? undefined : readFileSync(path, "utf8");
	} catch {
		return undefined;
	}
}
