import { spawn } from "node:child_process";
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { type RunResult, runCli } from "./run-cli.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const repository = fileURLToPath(new URL("../../..", import.meta.url));

/** What `init --json` answers. */
export interface InitAnswer {
	readonly framework: string;
	readonly provider: string;
	readonly widget: string;
	readonly files: readonly {
		readonly path: string;
		readonly state: string;
		readonly written: boolean;
		readonly content?: string;
		readonly variables?: readonly string[];
	}[];
	readonly steps: readonly InitStep[];
	readonly packages: readonly string[];
	readonly install?: string;
	readonly diff?: string;
}

export interface InitStep {
	readonly file?: string;
	readonly title: string;
	readonly code?: string;
	readonly done: boolean;
}

/** The folder of an app, below this repository, so that its packages are found. */
export interface InitProject {
	readonly root: string;
	read(path: string): string;
	write(path: string, text: string): void;
	/** Runs `init` as a process; the exit code has to be 0. */
	init(...args: string[]): Promise<InitAnswer>;
	run(...args: string[]): Promise<RunResult>;
	/** What the compiler has to say against the project. */
	typecheck(): Promise<string>;
	remove(): void;
}

/** Makes the folder of an app; `remove` is the caller's. */
export function makeProject(files: Readonly<Record<string, string | object>>, parent: string = join(here, "init-projects")): InitProject {
	const root = mkdtempSync(join(parent, "app-"));
	const write = (path: string, text: string): void => {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), text);
	};
	for (const [path, content] of Object.entries(files))
		write(path, typeof content === "string" ? content : JSON.stringify(content, null, 2));
	const run = (...args: string[]): Promise<RunResult> => runCli(["init", ...args], { cwd: root });
	return {
		root,
		read: (path) => readFileSync(join(root, path), "utf8"),
		write,
		run,
		init: async (...args) => {
			const { exitCode, stdout, all } = await run(...args, "--yes", "--json");
			if (exitCode !== 0) throw new Error(`init ended with ${exitCode}: ${all}`);
			return JSON.parse(stdout) as InitAnswer;
		},
		typecheck: async () => (await execute("tsc", ["--noEmit", "-p", root])).output,
		remove: () => rmSync(root, { recursive: true, force: true }),
	};
}

/** The same, until the test is over. */
export function createProject(files: Readonly<Record<string, string | object>>, parent?: string): InitProject {
	const project = makeProject(files, parent);
	onTestFinished(project.remove);
	return project;
}

/** The folder of an app that has nothing of this repository above it. */
export function createForeignProject(files: Readonly<Record<string, string | object>> = {}): InitProject {
	return createProject(files, realpathSync(tmpdir()));
}

/** A compiler's configuration as strict as it can be, with the packages of this repository from their sources. */
export function strictConfig(options: object, include: readonly string[]): object {
	return {
		compilerOptions: {
			target: "ES2023",
			lib: ["ES2024", "DOM", "DOM.Iterable"],
			customConditions: ["@widget-token/source"],
			allowImportingTsExtensions: true,
			strict: true,
			exactOptionalPropertyTypes: true,
			noUncheckedIndexedAccess: true,
			noImplicitReturns: true,
			verbatimModuleSyntax: true,
			skipLibCheck: true,
			noEmit: true,
			types: ["node"],
			...options,
		},
		include,
	};
}

/** Puts what the steps tell to do by hand into a server's file: its imports at the top, the rest in place of the mark. */
export function followSteps(project: InitProject, path: string, { steps }: InitAnswer): void {
	const mark = "// routes";
	for (const { file, code = "" } of steps) {
		if (file !== path) continue;
		const [call = "", imports] = code.split("\n\n").reverse();
		const text = project.read(path).replace(mark, () => `${call}\n${mark}`);
		project.write(path, imports === undefined ? text : `${imports}\n${text}`);
	}
}

/** Runs a program of this repository's until it ends. */
export function execute(
	program: string,
	args: readonly string[],
	env: Readonly<Record<string, string>> = {},
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
	const { exited, output } = start(join(repository, "node_modules", ".bin", program), args, { cwd: here, env });
	return exited.then((exitCode) => ({ exitCode, output: output() }));
}

/** A process with all that it has written. */
export interface Running {
	readonly exited: Promise<number | null>;
	output(): string;
	/** The first match in the output; fails when the process ends before. */
	waitFor(pattern: RegExp): Promise<RegExpExecArray>;
	/** Types into it. */
	write(text: string): void;
	close(): Promise<void>;
}

/** Starts a program with nothing of this process's environment but where programs and caches are. */
export function start(
	program: string,
	args: readonly string[],
	{ cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Running {
	const child = spawn(program, args, {
		cwd,
		env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", NO_COLOR: "1", ...env },
		stdio: "pipe",
	});
	let written = "";
	const waiting = new Set<() => void>();
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding("utf8").on("data", (text: string) => {
			written += text;
			for (const look of waiting) look();
		});
	}
	const exited = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
	return {
		exited,
		output: () => written,
		waitFor: (pattern) =>
			new Promise((resolve, reject) => {
				const look = (): void => {
					const match = pattern.exec(written);
					if (match !== null) resolve(match);
				};
				waiting.add(look);
				look();
				exited.then((code) => reject(new Error(`${program} ended with ${code}:\n${written}`)), reject);
			}),
		write: (text) => void child.stdin.write(text),
		close: async () => {
			child.kill();
			await exited;
		},
	};
}

/** Starts a server's file in Node.js and gives its address. */
export async function serve(
	project: InitProject,
	file: string,
	env: Readonly<Record<string, string>>,
): Promise<Running & { readonly address: string }> {
	const server = start(process.execPath, ["--conditions=@widget-token/source", file], { cwd: project.root, env });
	const [address] = await server.waitFor(/http:\/\/127\.0\.0\.1:\d+/);
	return { ...server, address };
}

/** Gives the project a node_modules as npm would: packages of this repository as they ship, the others by links. */
export function installBuilt(project: InitProject, ...packages: readonly string[]): void {
	const modules = join(project.root, "node_modules");
	mkdirSync(join(modules, "@widget-token"), { recursive: true });
	for (const entry of readdirSync(join(repository, "node_modules"))) {
		if (entry !== "@widget-token" && entry !== ".bin") symlinkSync(join(repository, "node_modules", entry), join(modules, entry));
	}
	for (const name of packages) {
		const from = join(repository, "packages", name);
		if (!existsSync(join(from, "dist", "index.js"))) throw new Error(`@widget-token/${name} is not built: run \`npm run build\` first.`);
		for (const part of ["package.json", "dist"]) cpSync(join(from, part), join(modules, "@widget-token", name, part), { recursive: true });
	}
}

/** An app of Next.js with Clerk, as little as there can be of it. */
export const nextApp = {
	"package.json": {
		name: "shop",
		dependencies: { next: "16.4.5", react: "19.3.1", "@clerk/nextjs": "^7" },
		devDependencies: { typescript: "^6" },
	},
	"tsconfig.json": {},
	"app/layout.tsx": "export default function Layout() {}\n",
};

/** Every file of a folder with its text. */
export function snapshot(root: string): Readonly<Record<string, string>> {
	const paths = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
		(path) => !path.startsWith(".git/") && statSync(join(root, path)).isFile(),
	);
	return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(root, path), "latin1")]));
}
