import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { commands } from "../src/commands.ts";
import { exitCodeDescriptions } from "../src/exit-codes.ts";
import { hilalSecret, runCli } from "./run-cli.ts";

describe("help", () => {
	test("lists every command, and is what a bare call shows", async () => {
		const { exitCode, stdout, stderr } = await runCli(["--help"]);
		expect(exitCode).toBe(0);
		expect(stderr).toBe("");
		for (const { name, summary } of commands) expect(stdout).toMatch(new RegExp(`^  ${name} .*${summary.slice(0, 20)}`, "m"));
		expect((await runCli([])).stdout).toBe(stdout);
	});

	test("loads no command and no library but the parser", async () => {
		// Writes the address of every module that is resolved.
		const hook = `import { registerHooks } from "node:module"; registerHooks({ resolve(s, c, n) { const r = n(s, c); process.stderr.write(r.url + "\\n"); return r; } });`;
		const { stderr } = await runCli(["--help"], { nodeOptions: [`--import=data:text/javascript,${encodeURIComponent(hook)}`] });
		expect(stderr).toContain("/commander/");
		// All output goes through the one file of the sandbox's that is let through; the published program holds it.
		expect(stderr).not.toMatch(/\/src\/commands\/|packages\/(?:core|widgets|sandbox(?!\/src\/invisible\.ts))\//);
	});

	test.each(commands.map(({ name }) => name))("of %s tells how to call it, with examples and exit codes, in 80 columns", async (name) => {
		const { exitCode, stdout } = await runCli([name, "--help"]);
		expect(exitCode).toBe(0);
		expect(stdout).toContain(`Usage: widget-token ${name} `);
		expect(stdout).toMatch(/^Examples:\n {2}# .+\n {2}.*widget-token /m);
		expect(stdout).toMatch(/^ {2}--json /m);
		for (const [code] of exitCodeDescriptions) expect(stdout).toMatch(new RegExp(`^  ${code} +\\w`, "m"));
		for (const line of stdout.split("\n")) if (!line.includes("://")) expect(line.length).toBeLessThanOrEqual(80);
	});

	test("and the README name the same commands and exit codes", () => {
		const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
		for (const { name } of commands) expect(readme).toMatch(new RegExp(`^\\|.*\`${name}[ \`]`, "m"));
		for (const [code, meaning] of exitCodeDescriptions) expect(readme).toMatch(new RegExp(`^\\| ${code} \\| ${meaning}`, "m"));
	});

	test("shows the version of the package", async () => {
		const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
		expect((await runCli(["--version"])).stdout).toBe(`${version}\n`);
	});

	test("has colours when they are forced, and none in a pipe or with NO_COLOR", async () => {
		const colored = await runCli(["list"], { env: { FORCE_COLOR: "1" } });
		const sequence = "\u001b[";
		expect(colored.stdout).toContain(sequence);
		expect((await runCli(["list"])).all).not.toContain(sequence);
		expect((await runCli(["--help"])).all).not.toContain(sequence);
		expect((await runCli(["list"], { env: { FORCE_COLOR: "1", NO_COLOR: "1" } })).all).not.toContain(sequence);
		expect((await runCli(["list", "--json"], { env: { FORCE_COLOR: "1" } })).all).not.toContain(sequence);
	});
});

describe("a mistake", () => {
	test.each([
		["an unknown command", ["lst"], /Unknown command 'lst'.*Did you mean list/s],
		["an unknown option", ["list", "--jsn"], /Unknown option '--jsn'/],
		["an argument too many", ["list", "hilal"], /Too many arguments/],
		["no widget", ["show"], /Which widget\?/],
		["an unknown widget", ["show", "hilla"], /There is no such widget\. Did you mean hilal\?/],
		["the beginning of a widget's name", ["mint", "Custom"], /Did you mean customgpt\?/],
		["a widget with letters that changed places", ["verify", "jupdi"], /Did you mean jupid\?/],
		["a widget like none", ["sandbox", "nobodys-chat"], /There is no such widget \(/],
		["a shell that is not known", ["completion", "tcsh"], /bash, zsh, fish/],
		["help on nothing", ["help", "nothing"], /Which command\?/],
	])("%s ends with 2 and words on standard error", async (_, args, message) => {
		const { exitCode, stdout, stderr } = await runCli(args);
		expect(exitCode).toBe(2);
		expect(stdout).toBe("");
		expect(stderr).toMatch(/^error {2}/);
		expect(stderr.replace(/\s+/g, " ")).toMatch(message);
		expect(stderr).toMatch(/^fix {4}/m);
	});

	test("with --json is one JSON document on standard output", async () => {
		for (const args of [
			["show", "hilla", "--json"],
			["list", "--nope", "--json"],
			["nope", "--json"],
		]) {
			const { exitCode, stdout, stderr } = await runCli(args);
			expect(exitCode).toBe(2);
			expect(stderr).toBe("");
			expect(JSON.parse(stdout)).toEqual({ error: { code: expect.any(String), message: expect.any(String), remedy: expect.any(String) } });
		}
	});
});

describe("a secret in the argument list", () => {
	const jwk = '{"kty":"oct","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I"}';
	test.each([
		["as an option", ["mint", "hilal", "--secret", hilalSecret], /There is no option --secret/],
		["as an option with =", ["mint", "hilal", `--secret=${hilalSecret}`], /There is no option --secret/],
		["under another name", ["verify", "hilal", `--signing-key=${hilalSecret}`], /There is no option --signing-key/],
		["as an argument", ["secret", "hilal", hilalSecret], /looks like a secret/],
		["in place of a variable's name", ["mint", "hilal", "--secret-env", hilalSecret], /looks like a secret/],
		["as an assignment", ["secret", "hilal", `HILAL_WIDGET_HMAC_SECRET=${hilalSecret}`], /The value of HILAL_WIDGET_HMAC_SECRET/],
		["as a PEM file", ["secret", "customgpt", "-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----"], /A PEM key/],
		["as a JWK", ["mint", "hilal", jwk], /A JWK/],
	])("%s is refused with the reason, and not repeated", async (_, args, message) => {
		for (const more of [[], ["--json"]]) {
			const { exitCode, all } = await runCli([...args, ...more]);
			expect(exitCode).toBe(2);
			expect(all.replace(/\s+/g, " ")).toMatch(message);
			expect(all).toContain("secret_in_arguments");
			expect(all).not.toContain(hilalSecret);
			expect(all).not.toMatch(/c2VjcmV0|MIIabc/);
		}
	});

	test("that is the value of a secret's variable is refused too", async () => {
		const secret = "a passphrase of several words";
		const { exitCode, all } = await runCli(["mint", "hilal", "--name", secret], { env: { HILAL_WIDGET_HMAC_SECRET: secret } });
		expect(exitCode).toBe(2);
		expect(all).toContain("secret_in_arguments");
		expect(all).not.toContain(secret);
	});

	test("is not found in an id that looks random", async () => {
		const { exitCode } = await runCli(["mint", "hilal", "--id", hilalSecret.replace("5f", "6e")], {
			env: { HILAL_WIDGET_HMAC_SECRET: hilalSecret },
		});
		expect(exitCode).toBe(0);
	});
});
