import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readConfig, tableOf } from "./config-file.ts";
import type { ProjectFiles } from "./project-files.ts";

const frameworks = ["next", "express", "hono", "wrangler"];

/** The folders of a workspace that hold an app. */
export function findWorkspaceApps(files: ProjectFiles, workspaces: unknown): readonly string[] {
	return readPatterns(files, workspaces)
		.flatMap((pattern) => expand(files.root, pattern))
		.filter((folder) => {
			const manifest = readConfig(files, `${folder}/package.json`);
			const dependencies = { ...tableOf(manifest, "devDependencies"), ...tableOf(manifest, "dependencies") };
			return frameworks.some((name) => dependencies[name] !== undefined);
		});
}

// Yarn also takes an object; pnpm has a file of its own, of which the list is read.
function readPatterns(files: ProjectFiles, workspaces: unknown): readonly string[] {
	const list: unknown = Array.isArray(workspaces) ? workspaces : (workspaces as { readonly packages?: unknown } | undefined)?.packages;
	if (Array.isArray(list)) return list.filter((pattern) => typeof pattern === "string");
	const lines = (files.read("pnpm-workspace.yaml") ?? "").matchAll(/^\s*-\s*["']?([^"'\s#]+)/gm);
	return [...lines].map(([, pattern = ""]) => pattern);
}

function expand(root: string, pattern: string): readonly string[] {
	const folder = pattern.replace(/^\.\//, "").replace(/\/$/, "");
	if (!folder.includes("*")) return [folder];
	const parent = folder.replace(/\/?\*.*$/, "");
	try {
		return readdirSync(join(root, parent), { withFileTypes: true })
			.filter((entry) => entry.isDirectory())
			.map(({ name }) => (parent === "" ? name : `${parent}/${name}`))
			.sort();
	} catch {
		return [];
	}
}
