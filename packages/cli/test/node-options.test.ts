import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commands } from "../src/commands.ts";
import { createFolder, runCli } from "./run-cli.ts";

// Node.js looks for some of its options behind the script too: it would take ours for its own, before we run.
const options = (await Promise.all(commands.map(async ({ name, load }) => [name, (await load()).options] as const))).flatMap(
	([command, own]) => own.map((option) => ({ command, option, long: option.long ?? "" })),
);

/** The options that this Node.js knows, also those that NODE_OPTIONS may not hold. */
function nodeOptionNames(): ReadonlySet<string> {
	const help = spawnSync(process.execPath, ["--help"], { encoding: "utf8" }).stdout;
	return new Set([...process.allowedNodeEnvironmentFlags, ...(help.match(/(?<=^ {2}|, )--?[a-z][\w-]*/gm) ?? [])]);
}

describe("no option of a command is one of Node.js's own", () => {
	// Node.js reads these in front of the script only, as the run below shows; they do here what they do everywhere.
	const shared = new Set(["--help", "--version", "--print"]);
	const known = nodeOptionNames();

	test("the list holds the option that began this", () => {
		expect(known).toContain("--env-file");
		expect(known).toContain("--require");
	});

	test.each(options)("$command $long", ({ option: { long, short } }) => {
		for (const name of [long, short]) if (name && !shared.has(name)) expect(known).not.toContain(name);
	});
});

describe("Node.js obeys no file that an option names", () => {
	test.each(commands)("$name", async ({ name }) => {
		const cwd = createFolder({ "hostile.cjs": 'require("node:fs").writeFileSync(__dirname + "/obeyed", "")' });
		const hostile = join(createFolder({ ".env": `NODE_OPTIONS=--require=${join(cwd, "hostile.cjs")}\n` }), ".env");
		const taking = options.filter(({ command, option }) => command === name && (option.required || option.optional));
		for (const file of [hostile, "missing.env"]) {
			const { exitCode, stderr } = await runCli([name, ...taking.flatMap(({ long }) => [long, file, `${long}=${file}`]), "--help"], {
				cwd,
			});
			// 9 is what Node.js itself ends with where it cannot read such a file.
			expect([0, 2]).toContain(exitCode);
			expect(stderr).not.toContain("not found");
			expect(existsSync(join(cwd, "obeyed"))).toBe(false);
		}
	});
});
