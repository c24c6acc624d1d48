import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll } from "vitest";
import type { Finding } from "../../src/doctor/finding.ts";
import { program, type RunOptions, type RunResult } from "../run-cli.ts";

/** The answer of `doctor --json`. */
export interface DoctorReport {
	readonly widgets: readonly string[];
	readonly url?: string;
	readonly errors: number;
	readonly warnings: number;
	readonly fixed: readonly { readonly check: string; readonly done: string }[];
	readonly notChecked: readonly string[];
	readonly findings: readonly Finding[];
}

export interface DoctorRun extends RunResult {
	readonly report: DoctorReport;
	/** The checks that have found something, with the level: `error key-quotes`. */
	readonly found: readonly string[];
}

export interface DoctorKit {
	/** A folder with these files. */
	readonly createFolder: (files?: Readonly<Record<string, string | Buffer>>) => string;
	/** Runs any command of `widget-token`. */
	readonly run: (args: readonly string[], options?: RunOptions) => Promise<RunResult>;
	/** Runs `widget-token doctor` as a process of its own, with nothing of this one's environment but the path. */
	readonly runText: (args: readonly string[], options?: RunOptions) => Promise<RunResult>;
	/** The same with `--json`. */
	readonly runDoctor: (args: readonly string[], options?: RunOptions) => Promise<DoctorRun>;
}

/** The command line in one bundle, for it starts a hundred times; and folders, until the tests of the file are over. */
export function useDoctor(): DoctorKit {
	let root = "";
	let count = 0;
	beforeAll(async () => {
		root = mkdtempSync(join(tmpdir(), "widget-token-doctor-"));
		await build({
			entryPoints: [program],
			outdir: join(root, "cli/dist"),
			bundle: true,
			splitting: true,
			platform: "node",
			format: "esm",
			conditions: ["@widget-token/source"],
			mainFields: ["module", "main"],
			logLevel: "error",
			external: ["@widget-token/sandbox", "@clack/prompts"],
			banner: {
				js: 'import { createRequire as createBannerRequire } from "node:module"; const require = createBannerRequire(import.meta.url);',
			},
		});
		writeFileSync(join(root, "cli/package.json"), '{"version":"0.0.0","type":"module"}');
		// Whose version `init` puts into an import map.
		mkdirSync(join(root, "cli/node_modules/@widget-token/core"), { recursive: true });
		writeFileSync(join(root, "cli/node_modules/@widget-token/core/package.json"), '{"version":"0.0.0"}');
	});
	afterAll(() => rmSync(root, { recursive: true, force: true }));

	const run: DoctorKit["run"] = (args, { cwd = root, env = {}, input = "" } = {}) =>
		new Promise((resolve, reject) => {
			const path = [join(root, "cli/dist", "main.js"), ...args];
			const child = spawn(process.execPath, path, { cwd, env: { PATH: process.env.PATH, ...env } });
			let stdout = "";
			let stderr = "";
			child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
			child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
			child.on("error", reject);
			child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr, all: stdout + stderr }));
			// A command that ends without reading leaves a broken pipe.
			child.stdin.on("error", () => undefined);
			child.stdin.end(input);
		});

	const runText: DoctorKit["runText"] = (args, options) => run(["doctor", ...args], options);

	return {
		run,
		runText,
		runDoctor: async (args, options) => {
			const result = await runText([...args, "--json"], options);
			const report = JSON.parse(result.stdout) as DoctorReport;
			if (report.findings === undefined) throw new Error(`The doctor gave up: ${result.stdout}`);
			const found = report.findings.filter(({ level }) => level !== "ok").map(({ level, check }) => `${level} ${check}`);
			return { ...result, report, found: [...new Set(found)].sort() };
		},
		createFolder: (files = {}) => {
			const folder = join(root, String(count++));
			mkdirSync(folder);
			for (const [name, content] of Object.entries(files)) {
				mkdirSync(dirname(join(folder, name)), { recursive: true });
				writeFileSync(join(folder, name), content);
			}
			return folder;
		},
	};
}
