import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hilal } from "@widget-token/widgets";
import { describe, expect, test } from "vitest";
import { recipeLanguages, recipeProviders } from "../src/recipes/languages.ts";
import { createFolder, runCli } from "./run-cli.ts";

interface Answer {
	readonly files: readonly { readonly name: string; readonly text: string }[];
	readonly install: string;
	readonly run: string;
	readonly notes: readonly string[];
	readonly written: readonly string[];
}

describe("recipe", () => {
	test.each(recipeLanguages)("--lang $name writes complete files, with what to install, to set and to know", async ({ name }) => {
		const { exitCode, stdout, stderr } = await runCli(["recipe", "onpilot", "--lang", name, "--json"]);
		expect([exitCode, stderr]).toEqual([0, ""]);
		const { files, install, run, notes } = JSON.parse(stdout) as Answer;
		expect(files.length).toBeGreaterThan(0);
		expect(install).not.toBe("");
		expect(run).not.toBe("");
		const text = files.map((file) => file.text).join("");
		for (const env of ["ONPILOT_EMBED_SECRET", "ONPILOT_TENANT_ID", "ONPILOT_COPILOT_ID"]) {
			expect(text).toContain(env);
			expect(notes.join("\n")).toContain(env);
		}
		expect(text).not.toMatch(/TODO|FIXME|bestchatbot|widget-token\//i);
	});

	test.each(recipeLanguages.filter(({ hasProviders }) => hasProviders))(
		"--lang $name reads the user of each provider",
		async ({ load }) => {
			const generate = await load();
			for (const provider of recipeProviders) {
				const { files, install, notes } = generate(hilal, { provider });
				expect(files.map(({ name }) => name.split("/").at(-1))).toContain("read-user.mjs");
				expect(install).toMatch(/^npm install \S/);
				expect(notes.join("\n")).toMatch(/ALLOWED_ORIGINS/);
			}
		},
	);

	test("one file goes to standard output as it is, and what to know to standard error", async () => {
		const { stdout, stderr } = await runCli(["recipe", "hilal", "--lang", "python"]);
		expect(stdout).toMatch(/^"""The token that tells Hilal Chatbot/);
		expect(stderr).toMatch(/Install\n.*pip install PyJWT/);
		expect(stderr).toContain("HILAL_WIDGET_HMAC_SECRET");
	});

	test("--out writes the files, and overwrites none", async () => {
		const cwd = createFolder();
		const first = await runCli(["recipe", "hilal", "--lang", "vercel-function", "--out", "site", "--json"], { cwd });
		const { written, files } = JSON.parse(first.stdout) as Answer;
		expect(written).toEqual(files.map(({ name }) => name));
		for (const { name, text } of files) expect(readFileSync(join(cwd, "site", name), "utf8")).toBe(text);

		const [mine = "", ...others] = written;
		const other = createFolder({ [`site/${others[0]}`]: "mine" });
		const second = await runCli(["recipe", "hilal", "--lang", "vercel-function", "--out", "site"], { cwd: other });
		expect([second.exitCode, second.stderr]).toEqual([3, expect.stringContaining("file_exists")]);
		expect(readFileSync(join(other, "site", others[0] ?? ""), "utf8")).toBe("mine");
		expect(existsSync(join(other, "site", mine))).toBe(false);
	});

	test("a contract of one's own gets every language", async () => {
		const cwd = createFolder();
		writeFileSync(join(cwd, "mine.json"), JSON.stringify({ ...hilal, id: "my-chat", key: { env: "MY_CHAT_SECRET", encoding: "hex" } }));
		const { stdout } = await runCli(["recipe", "--contract", "mine.json", "--lang", "ruby"], { cwd });
		expect(stdout).toContain("module MyChatToken");
		expect(stdout).toContain("MY_CHAT_SECRET");
	});

	test.each([
		["no language", ["recipe", "hilal"], "language_required"],
		["an unknown language", ["recipe", "hilal", "--lang", "cobol"], "usage"],
		["a provider that the language has no use for", ["recipe", "hilal", "--lang", "go", "--provider", "clerk"], "usage"],
	])("%s is a mistake of use", async (_, args, code) => {
		const { exitCode, stderr } = await runCli(args);
		expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`(${code})`)]);
	});
});
