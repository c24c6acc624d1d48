import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readArguments, UsageError } from "../src/arguments.ts";

const directory = mkdtempSync(join(tmpdir(), "widget-token-demo-"));
afterAll(() => rmSync(directory, { recursive: true }));

describe("the command line", () => {
	it.each([
		[[], { help: false, check: false }],
		[["--check"], { help: false, check: true }],
		[["--help"], { help: true, check: false }],
		[["-h"], { help: true, check: false }],
		[["--json", "report.json"], { help: false, check: false, json: resolve("report.json") }],
		[["--json=report.json", "--check"], { help: false, check: true, json: resolve("report.json") }],
		[["--check", "--json", join(directory, "report.json")], { help: false, check: true, json: join(directory, "report.json") }],
		[["--json", "a.json", "--json", "b.json"], { help: false, check: false, json: resolve("b.json") }],
		[["--"], { help: false, check: false }],
	])("%j", (args, options) => {
		expect(readArguments(args)).toEqual(options);
	});

	it.each([
		[["--chekc"], "There is no option --chekc."],
		[["-x"], "There is no option -x."],
		[["--no-check"], "There is no option --no-check."],
		[["--check=yes"], "--check takes no value."],
		[["--check=no"], "--check takes no value."],
		[["check"], `"check" is no argument of the demo.`],
		[["--", "--check"], `"--check" is no argument of the demo.`],
		[["--json"], "--json needs the name of a file."],
		[["--json="], "--json needs the name of a file."],
		[["--json", "--check"], "--json needs the name of a file."],
		[["--json", directory], `--json needs the name of a file: ${directory} is a directory.`],
		[
			["--json", join(directory, "none", "report.json")],
			`--json cannot write ${join(directory, "none", "report.json")}: there is no directory ${join(directory, "none")}.`,
		],
	])("%j is refused", (args, message) => {
		expect(() => readArguments(args)).toThrow(new UsageError(message));
	});

	it("tells who forgot the two dashes that npm wants", () => {
		expect(() => readArguments([], { npm_config_check: "true" })).toThrow("write `npm run demo -- --check`");
		expect(readArguments(["--check"], { npm_config_check: "true" })).toMatchObject({ check: true });
	});
});
