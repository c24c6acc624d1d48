import { chmodSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { createForeignProject, type InitProject, nextApp, snapshot, start } from "./init-project.ts";
import { nodeOptions, program, type RunResult, runCli } from "./run-cli.ts";

describe("init --install", () => {
	async function install(exitCode: number): Promise<{ readonly project: InitProject; readonly result: RunResult }> {
		const project = createForeignProject({ ...nextApp, "bin/npm": `#!/bin/sh\necho "$@" >> npm.log\nexit ${exitCode}\n` });
		chmodSync(join(project.root, "bin/npm"), 0o755);
		const env = { PATH: `${join(project.root, "bin")}${delimiter}${process.env.PATH}` };
		return { project, result: await runCli(["init", "--widget", "hilal", "--yes", "--install"], { cwd: project.root, env }) };
	}

	test("runs the package manager in the project", async () => {
		const { project, result } = await install(0);
		expect(result.exitCode).toBe(0);
		expect(project.read("npm.log")).toBe("install @widget-token/clerk @widget-token/client @widget-token/widgets\n");
		expect(result.stdout).not.toContain("npm install");
	});

	test("says what to run where that fails", async () => {
		const { result } = await install(1);
		expect(result.exitCode).toBe(3);
		expect(result.stderr.replace(/\s+/g, " ")).toMatch(/npm ended with 1.*Run by hand: npm install @widget-token\/clerk/);
	});
});

describe("init at a terminal", () => {
	const line = ["stty cols 80 rows 40;", ...[process.execPath, ...nodeOptions, program, "init"].map((part) => `'${part}'`)].join(" ");
	const open = ({ root }: InitProject) =>
		start("script", ["--quiet", "--return", "--command", line, "/dev/null"], { cwd: root, env: { TERM: "xterm" } });

	test("asks what it cannot see, and writes after a yes", async () => {
		const project = createForeignProject({
			...nextApp,
			"package.json": { dependencies: { next: "16", "@clerk/nextjs": "7", "@supabase/ssr": "1" } },
		});
		const terminal = open(project);
		await terminal.waitFor(/Who signs the users in\?[\s\S]*Supabase/);
		terminal.write("\u001b[B\r");
		await terminal.waitFor(/Which widget\?[\s\S]*OnPilot/);
		terminal.write("\r");
		await terminal.waitFor(/Write this\?/);
		terminal.write("y");
		expect(await terminal.exited).toBe(0);
		expect(terminal.output()).toMatch(/files are written/);
		expect(project.read("app/api/widget-token/route.ts")).toContain("@widget-token/supabase/ssr");
	});

	test("writes nothing after Ctrl-C, and nothing after a no", async () => {
		const project = createForeignProject({ ...nextApp, ".env": "HILAL_WIDGET_HMAC_SECRET=\n" });
		const before = snapshot(project.root);
		for (const [key, exitCode] of [
			["\u0003", 130],
			["n", 0],
		] as const) {
			const terminal = open(project);
			await terminal.waitFor(/Write this\?/);
			terminal.write(key);
			expect(await terminal.exited).toBe(exitCode);
			expect(terminal.output()).toContain("Nothing is written");
			expect(snapshot(project.root)).toEqual(before);
		}
	});
});
