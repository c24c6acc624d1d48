import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { Finding } from "../../src/doctor/finding.ts";
import { type RunOptions, type RunResult, runCli } from "../run-cli.ts";

/** The answer of `doctor --json`. */
export interface DoctorReport {
	readonly widgets: readonly string[];
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

/** Runs `widget-token doctor --json` as a process of its own. */
export async function runDoctor(args: readonly string[], options: RunOptions = {}): Promise<DoctorRun> {
	const result = await runCli(["doctor", ...args, "--json"], options);
	const report = JSON.parse(result.stdout) as DoctorReport;
	if (report.findings === undefined) throw new Error(`The doctor gave up: ${result.stdout}`);
	const found = report.findings.filter(({ level }) => level !== "ok").map(({ level, check }) => `${level} ${check}`);
	return { ...result, report, found: [...new Set(found)].sort() };
}

/** Makes folders with files, until the tests of this file are over; tests that run at once can share it. */
export function useFolders(): (files: Readonly<Record<string, string | Buffer>>) => string {
	let root = "";
	let count = 0;
	beforeAll(() => {
		root = mkdtempSync(join(tmpdir(), "widget-token-doctor-"));
	});
	afterAll(() => rmSync(root, { recursive: true, force: true }));
	return (files) => {
		const folder = join(root, String(count++));
		mkdirSync(folder);
		for (const [name, content] of Object.entries(files)) {
			mkdirSync(dirname(join(folder, name)), { recursive: true });
			writeFileSync(join(folder, name), content);
		}
		return folder;
	};
}
