import { execFileSync } from "node:child_process";
import * as widgets from "@widget-token/widgets";
import { beforeAll, describe, expect, test } from "vitest";
import { commands } from "../src/commands.ts";
import { runCli } from "./run-cli.ts";

const names = commands.map(({ name }) => name);
const ids = Object.values(widgets).map(({ id }) => id);

describe("in bash", () => {
	let script = "";
	beforeAll(async () => {
		script = (await runCli(["completion", "bash"])).stdout;
	});

	function complete(...words: string[]): string[] {
		const body = `${script}\nCOMP_WORDS=("$@")\nCOMP_CWORD=$((\${#COMP_WORDS[@]} - 1))\n_widget_token\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
		const output = execFileSync("bash", ["-c", body, "bash", "widget-token", ...words], { encoding: "utf8" });
		return output.split("\n").filter((line) => line !== "");
	}

	test("completes commands, also for help", () => {
		expect(complete("")).toEqual(expect.arrayContaining(names));
		expect(complete("ver")).toEqual(["verify"]);
		expect(complete("help", "mi")).toEqual(["mint"]);
	});

	test("completes widgets, shells and options, and leaves files to the shell", () => {
		expect(complete("verify", "").sort()).toEqual([...ids].sort());
		expect(complete("completion", "z")).toEqual(["zsh"]);
		expect(complete("mint", "hilal", "--secret-")).toEqual(["--secret-env", "--secret-file", "--secret-stdin"]);
		expect(complete("mint", "hilal", "--contract", "")).toEqual([]);
	});
});

test.each(["zsh", "fish"])("%s gets every command, option and widget", async (shell) => {
	const { stdout } = await runCli(["completion", shell]);
	for (const word of [...names, ...ids]) expect(stdout).toMatch(new RegExp(`\\b${word}\\b`));
	for (const option of ["dotenv", "known-role", "trusted-host", "contract"]) expect(stdout).toMatch(new RegExp(`(?:--|-l )${option}\\b`));
	const data = JSON.parse((await runCli(["completion", shell, "--json"])).stdout) as unknown;
	expect(data).toEqual({ shell, script: stdout.trimEnd() });
});
