import { execFileSync } from "node:child_process";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readEnvValue } from "../src/env-file.ts";
import { createFolder, hilalSecret, runCli } from "./run-cli.ts";

const next = { "package.json": '{"dependencies":{"next":"16.0.0"}}' };

function read(folder: string, file: string, name: string): string {
	return readEnvValue(readFileSync(join(folder, file), "utf8"), name) ?? "";
}

describe("secret", () => {
	test("makes a strong shared secret, into .env.local of a Next.js app, readable by its owner only", async () => {
		const folder = createFolder(next);
		const { exitCode, all } = await runCli(["secret", "hilal"], { cwd: folder });
		expect(exitCode).toBe(0);
		const secret = read(folder, ".env.local", "HILAL_WIDGET_HMAC_SECRET");
		expect(secret).toMatch(/^[0-9a-f]{64}$/);
		expect(all).not.toContain(secret);
		expect(statSync(join(folder, ".env.local")).mode & 0o777).toBe(0o600);
	});

	test.each([
		["a plain project", {}, ".env"],
		["a Worker with .dev.vars", { ".dev.vars": "" }, ".dev.vars"],
		["a Supabase project", { "supabase/functions/index.ts": "" }, "supabase/functions/.env"],
		["a Next.js app that has it in .env", { ...next, ".env": "HILAL_WIDGET_HMAC_SECRET=\n" }, ".env"],
	])("chooses the env file of %s", async (_, files, file) => {
		const folder = createFolder(files);
		const { stdout } = await runCli(["secret", "hilal", "--json"], { cwd: folder });
		expect(JSON.parse(stdout)).toEqual({
			widget: "hilal",
			variable: "HILAL_WIDGET_HMAC_SECRET",
			file,
			written: true,
			replaced: false,
			source: "generated",
			algorithm: "HS256",
			warnings: [],
		});
		expect(read(folder, file, "HILAL_WIDGET_HMAC_SECRET")).toHaveLength(64);
	});

	test("makes a key pair, prints the public half only, and prints it again", async () => {
		const folder = createFolder();
		const first = await runCli(["secret", "customgpt"], { cwd: folder });
		const pem = read(folder, ".env", "CUSTOMGPT_PRIVATE_KEY");
		const publicKey = createPublicKey(createPrivateKey(pem)).export({ format: "pem", type: "spki" }).toString();
		expect(first.stdout).toContain(publicKey.trim());
		expect(createPrivateKey(pem).asymmetricKeyDetails?.modulusLength).toBe(2048);
		for (const line of pem.split("\n").slice(1, -1)) expect(first.all).not.toContain(line);
		const printed = await runCli(["secret", "customgpt", "--print"], { cwd: folder });
		expect(printed.stdout).toBe(publicKey);
		expect(read(folder, ".env", "CUSTOMGPT_PRIVATE_KEY")).toBe(pem);
	});

	test("never prints a shared secret, with --print neither, and changes nothing then", async () => {
		const folder = createFolder({ ".env": `HILAL_WIDGET_HMAC_SECRET=${hilalSecret}\n` });
		const { exitCode, all } = await runCli(["secret", "hilal", "--print"], { cwd: folder });
		expect(exitCode).toBe(0);
		expect(all).toContain("64 characters");
		expect(all).not.toContain(hilalSecret);
		const none = await runCli(["secret", "jupid", "--print", "--json"], { cwd: folder });
		expect(JSON.parse(none.stdout)).toMatchObject({ written: false, present: false });
		expect(readFileSync(join(folder, ".env"), "utf8")).toBe(`HILAL_WIDGET_HMAC_SECRET=${hilalSecret}\n`);
	});

	test("keeps a value that is there, and replaces it when told to", async () => {
		const folder = createFolder({ ".env": `HILAL_WIDGET_HMAC_SECRET=${hilalSecret}\n` });
		const kept = await runCli(["secret", "hilal"], { cwd: folder });
		expect(kept.exitCode).toBe(3);
		expect(kept.stderr).toContain("secret_exists");
		expect(read(folder, ".env", "HILAL_WIDGET_HMAC_SECRET")).toBe(hilalSecret);
		expect((await runCli(["secret", "hilal", "--replace"], { cwd: folder })).exitCode).toBe(0);
		expect(read(folder, ".env", "HILAL_WIDGET_HMAC_SECRET")).not.toBe(hilalSecret);
	});

	test("takes a placeholder for no value, and keeps all other lines byte for byte", async () => {
		// é in Latin-1 and in UTF-8, both line breaks, a value over several lines, no line break at the end.
		const before = "# caf\xe9\r\nA='1 # 2'\nHILAL_WIDGET_HMAC_SECRET=<your-secret> # from the dashboard\r\n\r\nB=\"x\ny\"\nC=\xc3\xa9";
		const folder = createFolder({ ".env": before });
		expect((await runCli(["secret", "hilal"], { cwd: folder })).exitCode).toBe(0);
		const after = readFileSync(join(folder, ".env"), "latin1");
		expect(after).toMatch(/HILAL_WIDGET_HMAC_SECRET=[0-9a-f]{64} # from/);
		expect(after.replace(/[0-9a-f]{64}/, "<your-secret>")).toBe(before);
	});

	test("keeps the file's mode, and a link a link", async () => {
		const folder = createFolder({ "shared.env": "A=1\n" });
		chmodSync(join(folder, "shared.env"), 0o640);
		symlinkSync("shared.env", join(folder, ".env"));
		await runCli(["secret", "hilal"], { cwd: folder });
		expect(lstatSync(join(folder, ".env")).isSymbolicLink()).toBe(true);
		expect(read(folder, "shared.env", "HILAL_WIDGET_HMAC_SECRET")).toHaveLength(64);
		expect(statSync(join(folder, "shared.env")).mode & 0o777).toBe(0o640);
	});

	test.each(["words", "JSON"])("warns in %s of a file that others on the machine can read, and only of such", async (form) => {
		const folder = createFolder({ ".env": "A=1\n" });
		const run = async (): Promise<string> => {
			const { exitCode, all } = await runCli(["secret", "hilal", "--replace", ...(form === "JSON" ? ["--json"] : [])], { cwd: folder });
			expect(exitCode).toBe(0);
			return all;
		};
		for (const mode of [0o644, 0o640, 0o604]) {
			chmodSync(join(folder, ".env"), mode);
			expect(await run()).toContain("Other users of this machine can read .env: chmod 600 .env");
		}
		chmodSync(join(folder, ".env"), 0o600);
		expect(await run()).not.toContain("Other users");
	});

	test("writes through no link out of the project, until its target is named itself", async () => {
		const outside = createFolder({ "shared.env": "A=1\n", "folder/.env": "" });
		const target = join(outside, "shared.env");
		const file = createFolder();
		symlinkSync(target, join(file, ".env"));
		const folder = createFolder();
		symlinkSync(join(outside, "folder"), join(folder, "supabase"));
		for (const [cwd, more] of [
			[file, []],
			[folder, ["--dotenv", "supabase/.env"]],
			[folder, ["--dotenv", "supabase/new/.env"]],
		] as const) {
			const { exitCode, stdout } = await runCli(["secret", "hilal", "--json", ...more], { cwd });
			expect(exitCode).toBe(3);
			expect(JSON.parse(stdout)).toMatchObject({ error: { code: "env_file_outside", remedy: expect.stringContaining("--dotenv ") } });
		}
		expect(readFileSync(target, "utf8")).toBe("A=1\n");
		expect(readdirSync(join(outside, "folder"))).toEqual([".env"]);
		expect((await runCli(["secret", "hilal", "--dotenv", target], { cwd: file })).exitCode).toBe(0);
		expect(readFileSync(target, "utf8")).toContain("HILAL_WIDGET_HMAC_SECRET=");
	});

	test.each([
		["plain Node.js", { "package.json": '{"dependencies":{"express":"5.0.0"}}' }, "Start it with node --env-file=.env"],
		["SvelteKit", { "package.json": '{"devDependencies":{"@sveltejs/kit":"3.0.0"}}' }, "Pass `env`"],
		["Astro", { "package.json": '{"dependencies":{"astro":"7.0.0"}}' }, "Pass `env`"],
	])("says how a server of %s loads the file, which it does not do by itself", async (_, files, remedy) => {
		const cwd = createFolder(files);
		const { stdout } = await runCli(["secret", "hilal", "--json"], { cwd });
		expect(JSON.parse(stdout)).toMatchObject({
			written: true,
			warnings: [expect.stringMatching(/^This project's server does not load \.env by itself\. /)],
		});
		expect((await runCli(["secret", "hilal", "--replace"], { cwd })).stderr).toContain(remedy);
	});

	test.each([
		["Next.js", next],
		[
			"a server that is started with the file",
			{ "package.json": '{"dependencies":{"express":"5"},"scripts":{"start":"node --env-file=.env s.js"}}' },
		],
		["a server with dotenv", { "package.json": '{"dependencies":{"express":"5","dotenv":"17"}}' }],
	])("says nothing of it to %s", async (_, files) => {
		const { stdout } = await runCli(["secret", "hilal", "--json"], { cwd: createFolder(files) });
		expect(JSON.parse(stdout)).toMatchObject({ written: true, warnings: [] });
	});

	test("stores the vendor's secret from standard input, from a file and from a variable", async () => {
		const given = [
			[["--secret-stdin"], { input: `${hilalSecret}\n` }, "standard input"],
			[["--secret-file", "vendor.txt"], {}, "vendor.txt"],
			[["--secret-env", "FROM_VENDOR"], { env: { FROM_VENDOR: hilalSecret } }, "FROM_VENDOR"],
		] as const;
		for (const [args, options, source] of given) {
			const folder = createFolder({ "vendor.txt": `${hilalSecret}\r\n` });
			const { exitCode, all } = await runCli(["secret", "hilal", ...args, "--json"], { cwd: folder, ...options });
			expect(exitCode).toBe(0);
			expect(JSON.parse(all)).toMatchObject({ source });
			expect(all).not.toContain(hilalSecret);
			expect(read(folder, ".env", "HILAL_WIDGET_HMAC_SECRET")).toBe(hilalSecret);
		}
	});

	test.each([
		["too short", "abcdefgh12345678", "secret_too_short"],
		["in quotation marks", `"${hilalSecret}"`, "secret_quoted"],
		["a placeholder", "your-secret-from-the-dashboard-goes-here", "secret_placeholder"],
		["a PEM file", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----", "secret_is_pem"],
	])("refuses a given secret that is %s, and writes nothing", async (_, secret, code) => {
		const folder = createFolder({ ".env": "A=1\n" });
		const { exitCode, stdout } = await runCli(["secret", "hilal", "--secret-stdin", "--json"], { cwd: folder, input: secret });
		expect(exitCode).toBe(3);
		expect(JSON.parse(stdout)).toMatchObject({ error: { code } });
		expect(stdout).not.toContain(secret);
		expect(readFileSync(join(folder, ".env"), "utf8")).toBe("A=1\n");
	});

	test("warns when git would commit the file, and only then", async () => {
		const folder = createFolder();
		const git = (...args: string[]): void => void execFileSync("git", args, { cwd: folder, stdio: "ignore" });
		const run = async (): Promise<string> => (await runCli(["secret", "hilal", "--replace"], { cwd: folder })).stderr;
		expect(await run()).toBe("");
		git("init");
		expect(await run()).toMatch(/^warning \.env is not ignored by git/);
		git("add", ".env");
		expect(await run()).toMatch(/^warning \.env is committed to git/);
		git("rm", "--cached", "--force", ".env");
		execFileSync("sh", ["-c", "echo .env > .gitignore"], { cwd: folder });
		expect(await run()).toBe("");
	});

	test("warns when another value of the variable wins over the file's", async () => {
		const folder = createFolder();
		const { stderr } = await runCli(["secret", "hilal"], { cwd: folder, env: { HILAL_WIDGET_HMAC_SECRET: hilalSecret } });
		expect(stderr).toContain("environment of this shell");
		expect(stderr).not.toContain(hilalSecret);
	});
});
