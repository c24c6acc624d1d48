import { basename } from "node:path";
import { CliError } from "../cli-error.ts";
import { type ProjectEnv, readProjectEnv } from "../project-env.ts";
import { readCompilerOptions, readConfig, textOf } from "./config-file.ts";
import { detectPackageManager, type PackageManager } from "./package-manager.ts";
import { openProjectFiles, type ProjectFiles, sourcePaths } from "./project-files.ts";
import { findWorkspaceApps } from "./workspace.ts";

/** What can be seen of an app from its folder. */
export interface Project {
	readonly files: ProjectFiles;
	readonly name: string;
	/** Whether there is a package.json; an Edge Function of Supabase needs none. */
	readonly hasManifest: boolean;
	/** Every dependency with its range; also those for development. */
	readonly dependencies: Readonly<Record<string, string>>;
	readonly isTypeScript: boolean;
	/** Whether a `.js` or `.ts` file is an ES module here. */
	readonly isModule: boolean;
	/** Whether TypeScript turns `import()` into `require()`. */
	readonly compilesImports: boolean;
	/** Whether TypeScript wants the file's own extension in an import. */
	readonly importsTsExtensions: boolean;
	readonly packageManager: PackageManager;
	/** One level of indentation, as package.json has it. */
	readonly indent: string;
	/** The folder that holds the sources: `src`, or the project itself. */
	readonly sourceFolder: "src" | "";
	readonly next: NextProject | undefined;
	readonly hasVite: boolean;
	readonly hasReact: boolean;
	/** The configuration of Wrangler, and the entry that it names. */
	readonly wrangler: { readonly file: string; readonly main: string | undefined } | undefined;
	readonly hasSupabaseFolder: boolean;
	/** The variables of its env files. */
	readonly env: ProjectEnv;
}

export interface NextProject {
	/** Before Next.js 16 `proxy.ts` was called `middleware.ts`. */
	readonly majorVersion: number;
	readonly appFolder: string | undefined;
	readonly pagesFolder: string | undefined;
}

interface Manifest {
	readonly name?: unknown;
	readonly type?: unknown;
	readonly workspaces?: unknown;
	readonly dependencies?: Readonly<Record<string, string>>;
	readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Looks at the folder of an app; throws `project_not_found`, `manifest_invalid` or `workspace_root`. */
export function inspectProject(root: string): Project {
	const files = openProjectFiles(root);
	const text = files.read("package.json");
	const hasSupabaseFolder = files.exists("supabase/functions") || files.exists("supabase/config.toml");
	if (text === undefined && !hasSupabaseFolder) {
		throw new CliError("project_not_found", "There is no package.json in this folder", {
			remedy: "Start it in the folder of your app, or name that folder with --dir.",
		});
	}
	const manifest = readManifest(text ?? "{}");
	const dependencies = { ...manifest.devDependencies, ...manifest.dependencies };
	const next = dependencies["next"] === undefined ? undefined : inspectNext(files, dependencies["next"]);
	const compilerOptions = readCompilerOptions(files);
	const isTypeScript = files.exists("tsconfig.json") || dependencies["typescript"] !== undefined || text === undefined;
	const project: Project = {
		files,
		name: typeof manifest.name === "string" ? manifest.name : basename(root),
		hasManifest: text !== undefined,
		dependencies,
		isTypeScript,
		isModule: manifest.type === "module" || (isTypeScript && /^(?:es\w+|preserve)$/i.test(compilerOptions.module ?? "")),
		compilesImports: isTypeScript && /^commonjs$/i.test(compilerOptions.module ?? ""),
		importsTsExtensions: compilerOptions.allowImportingTsExtensions === true || compilerOptions.rewriteRelativeImportExtensions === true,
		packageManager: detectPackageManager(root),
		indent: /^([ \t]+)"/m.exec(text ?? "")?.[1] ?? "  ",
		sourceFolder: (next === undefined ? files.exists("src") : (next.appFolder ?? next.pagesFolder ?? "").startsWith("src/")) ? "src" : "",
		next,
		hasVite: dependencies["vite"] !== undefined && files.exists("index.html"),
		hasReact: dependencies["react"] !== undefined,
		wrangler: inspectWrangler(files),
		hasSupabaseFolder,
		env: readProjectEnv(root, {}),
	};
	refuseWorkspaceRoot(project, manifest);
	return project;
}

function readManifest(text: string): Manifest {
	try {
		const manifest: unknown = JSON.parse(text.replace(/^\ufeff/, ""));
		if (typeof manifest === "object" && manifest !== null && !Array.isArray(manifest)) return manifest;
		throw new TypeError("not an object");
	} catch (cause) {
		throw new CliError("manifest_invalid", "package.json is not a JSON object", {
			remedy: "Correct it; npm could not read it either.",
			cause,
		});
	}
}

function inspectNext(files: ProjectFiles, range: string): NextProject {
	const installed = /^\d+/.exec(textOf(readConfig(files, "node_modules/next/package.json"), "version") ?? "")?.[0];
	// Next.js itself looks into the project first and into src only then.
	const folderOf = (name: string): string | undefined => files.firstOf([name, `src/${name}`]);
	return {
		majorVersion: Number(installed ?? /\d+/.exec(range)?.[0] ?? 16),
		appFolder: folderOf("app"),
		pagesFolder: folderOf("pages"),
	};
}

function inspectWrangler(files: ProjectFiles): Project["wrangler"] {
	const file = files.firstOf(["wrangler.jsonc", "wrangler.json", "wrangler.toml"]);
	if (file === undefined) return undefined;
	return { file, main: textOf(readConfig(files, file), "main")?.replace(/^\.\//, "") };
}

function refuseWorkspaceRoot({ files, dependencies, next, wrangler }: Project, { workspaces }: Manifest): void {
	const isRoot = workspaces !== undefined || files.exists("pnpm-workspace.yaml");
	if (
		!isRoot ||
		next !== undefined ||
		wrangler !== undefined ||
		dependencies["express"] !== undefined ||
		dependencies["hono"] !== undefined
	)
		return;
	const apps = findWorkspaceApps(files, workspaces);
	throw new CliError("workspace_root", "This folder is the root of a workspace, and no app", {
		remedy:
			apps.length === 0
				? "Start it in the folder of an app, or name that folder with --dir."
				: `Name the app: ${apps.map((app) => `--dir ${app}`).join(" or ")}.`,
	});
}

/** The file that starts the server; undefined where none is seen. */
export function findServerEntry({ files, wrangler, dependencies }: Project): string | undefined {
	if (wrangler?.main !== undefined) return wrangler.main;
	const names = ["server", "app", "index", "main"].flatMap((name) => [`src/${name}`, name]);
	const calls = dependencies["hono"] === undefined ? /\bexpress\(\)/ : /\bnew Hono\b|\bexpress\(\)/;
	const candidates = names.flatMap(sourcePaths).filter(files.exists);
	return candidates.find((path) => calls.test(files.read(path) ?? "")) ?? files.findSource(calls) ?? candidates[0];
}
