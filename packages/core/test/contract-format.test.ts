import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { contractFiles } from "../scripts/contract-files.ts";

const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");

it.each(Object.entries(contractFiles()))("%s is what the schema of the contract format gives: npm run contract-format", (path, text) => {
	const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
	const formatted = execFileSync(process.execPath, [biome, "format", `--stdin-file-path=${file}`], { input: text, encoding: "utf8" });
	expect(readFileSync(file, "utf8")).toBe(formatted);
});
