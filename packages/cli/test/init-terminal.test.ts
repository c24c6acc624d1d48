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
	const open = ({ root }: InitProject, ...args: readonly string[]) => {
		const command = [process.execPath, ...nodeOptions, program, "init", ...args].map((part) => `'${part}'`);
		const line = ["stty cols 80 rows 40;", ...command].join(" ");
		return start("script", ["--quiet", "--return", "--command", line, "/dev/null"], { cwd: root, env: { TERM: "xterm" } });
	};

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

	test("writes nothing over what has changed while it waited for the yes", async () => {
		const project = createForeignProject(nextApp);
		await project.init("--widget", "bestchatbot");
		const path = "app/api/widget-token/route.ts";
		const terminal = open(project, "hilal");
		await terminal.waitFor(/Write this\?/);
		expect(terminal.output()).toContain("+export const GET = withClerkWidgetToken({ widgets: [bestChatBot, hilal] });");
		const changed = `${project.read(path)}\nexport const dynamic = "force-dynamic";\n`;
		project.write(path, changed);
		const before = snapshot(project.root);
		terminal.write("y");
		expect(await terminal.exited).toBe(3);
		expect(terminal.output()).toMatch(/has changed since it was read, and nothing\s+is written/);
		expect(snapshot(project.root)).toEqual(before);
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
