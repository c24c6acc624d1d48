import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hilalSecret } from "../run-cli.ts";
import { useDoctor } from "./run-doctor.ts";

describe.concurrent("doctor --fix", () => {
	const { createFolder, runDoctor } = useDoctor();

	test("takes off quotes and line breaks, and leaves every other byte", async () => {
		const before = `# gr\u00fc\u00dfe\r\nOTHER = " a "\r\nexport HILAL_WIDGET_HMAC_SECRET='"${hilalSecret}\n"' # the key\r\nLAST=1`;
		const cwd = createFolder({ ".env": before });
		const run = await runDoctor(["--fix"], { cwd });
		expect(run.found).toEqual([]);
		expect(run.report.fixed.map(({ check }) => check)).toEqual(["key-quotes"]);
		expect(run.exitCode).toBe(0);
		expect(readFileSync(join(cwd, ".env"), "utf8")).toBe(
			`# gr\u00fc\u00dfe\r\nOTHER = " a "\r\nexport HILAL_WIDGET_HMAC_SECRET=${hilalSecret} # the key\r\nLAST=1`,
		);
	});

	test("adds the env file to .gitignore", async () => {
		const cwd = createFolder({ ".env.local": `HILAL_WIDGET_HMAC_SECRET=${hilalSecret}\n`, ".gitignore": "node_modules" });
		execFileSync("git", ["init", "-q"], { cwd });
		const run = await runDoctor(["--fix"], { cwd });
		expect(run.found).toEqual([]);
		expect(run.report.fixed).toEqual([{ check: "env-file-ignored", done: "added .env.local to .gitignore" }]);
		expect(readFileSync(join(cwd, ".gitignore"), "utf8")).toBe("node_modules\n.env.local\n");
		expect((await runDoctor(["--fix"], { cwd })).report.fixed).toEqual([]);
	});

	test("touches nothing else, and nothing without being told to", async () => {
		const files = {
			".env": `HILAL_WIDGET_HMAC_SECRET='"${hilalSecret}"'\n`,
			".env.production": `NEXT_PUBLIC_HILAL_WIDGET_HMAC_SECRET=${hilalSecret}\nFIREBASE_AUTH_EMULATOR_HOST=localhost:9099\n`,
		};
		const cwd = createFolder(files);
		execFileSync("git", ["init", "-q"], { cwd });
		const read = (): string[] => Object.keys(files).map((name) => readFileSync(join(cwd, name), "utf8"));
		await runDoctor([], { cwd });
		expect(read()).toEqual(Object.values(files));
		expect(existsSync(join(cwd, ".gitignore"))).toBe(false);
		const run = await runDoctor(["--fix"], { cwd });
		expect(run.found).toEqual(["error emulator", "error key-public-copy"]);
		expect(read()[1]).toBe(files[".env.production"]);
	});
});
