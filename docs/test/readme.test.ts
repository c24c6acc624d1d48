import { readFileSync } from "node:fs";
import { errorCodes } from "@widget-token/core";
import * as widgets from "@widget-token/widgets";
import { expect, test } from "vitest";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const rows = readme.split("\n").filter((line) => line.startsWith("|"));

test.each(Object.entries(errorCodes))("the README lists %s at its status", (code, { status }) => {
	const row = rows.find((line) => line.includes(`\`${code}\``));
	expect(row?.split("|")[1]).toContain(String(status));
});

test("the README lists no error code that does not exist", () => {
	const errorRows = rows.filter((line) => /^\| [45]\d\d/.test(line));
	const listed = errorRows.flatMap((line) => [...line.matchAll(/`(\w+)`/g)].map(([, code]) => code));
	expect(listed.filter((code) => !(code !== undefined && code in errorCodes))).toEqual([]);
});

test.each(Object.entries(widgets))("the README's row of %s says what the contract says", (name, contract) => {
	const row = rows.find((line) => line.includes(`\`${name}\``)) ?? "";
	const settings = Object.values(contract.settings ?? {}).filter((rule) => rule.default === undefined);
	for (const variable of [contract.key.env, ...settings.map(({ env }) => env)]) expect(row).toContain(`\`${variable}\``);
	expect(row).toContain(`| ${contract.algorithm} |`);
	if (contract.scheme !== "jwt") throw new Error("not a JWT contract");
	const { defaultSeconds } = contract.lifetime;
	expect(row).toContain(defaultSeconds % 3600 === 0 ? `| ${defaultSeconds / 3600} h |` : `| ${defaultSeconds / 60} min |`);
});
