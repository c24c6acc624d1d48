import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

test("the package refuses to run in a browser", async () => {
	const { exports } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as {
		exports: Record<string, Record<string, string>>;
	};
	for (const entry of [".", "./backend"]) expect(exports[entry]?.["browser"]).toBe("./dist/browser.js");
	await expect(import("../src/browser.ts")).rejects.toThrow(/browser_environment/);
});
