import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export const program: string = fileURLToPath(new URL("../src/main.ts", import.meta.url));
export const nodeOptions: readonly string[] = ["--conditions=@widget-token/source", "--disable-warning=ExperimentalWarning"];

export interface RunOptions {
	readonly cwd?: string;
	readonly env?: Readonly<Record<string, string>>;
	readonly input?: string;
	readonly nodeOptions?: readonly string[];
}

export interface RunResult {
	readonly exitCode: number | null;
	readonly stdout: string;
	readonly stderr: string;
	/** Both streams: where a secret must not be. */
	readonly all: string;
}

/** Runs the command line as a process of its own, with nothing of this one's environment but the path. */
export function runCli(
	args: readonly string[],
	{ cwd = tmpdir(), env = {}, input = "", nodeOptions: more = [] }: RunOptions = {},
): Promise<RunResult> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [...nodeOptions, ...more, program, ...args], { cwd, env: { PATH: process.env.PATH, ...env } });
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
}

/** A folder with these files, until the test is over. */
export function createFolder(files: Readonly<Record<string, string>> = {}): string {
	const folder = mkdtempSync(join(tmpdir(), "widget-token-cli-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, name)), { recursive: true });
		writeFileSync(join(folder, name), text, { encoding: "latin1", mode: 0o600 });
	}
	return folder;
}

/** A secret as a vendor issues it. */
export const hilalSecret = "5f0c9a1e7b3d24866ac1f2e8d90b47535e1f6a7c8d9b0a2c3e4f5061728394ab";
