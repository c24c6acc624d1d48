import { readFileSync } from "node:fs";
import { verificationCodes } from "@widget-token/core/verify";
import { expect, test } from "vitest";

const page = readFileSync(new URL("../VERIFY.md", import.meta.url), "utf8");
const rows = page.split("\n").filter((line) => /^\| `\w+` \| `(?:invalid_signature|expired|not_configured|malformed)` \|/.test(line));

test("the page lists every code with its reason, its meaning and its remedy, and no other", () => {
	const expected = Object.entries(verificationCodes).map(
		([code, { reason, title, remedy }]) => `| \`${code}\` | \`${reason}\` | ${title} | ${remedy} |`,
	);
	expect(rows).toEqual(expected);
});

test("the page says what a stolen token, a leaked key, a replay and a hostile page can do", () => {
	const threats = page.slice(page.indexOf("## Threat model"));
	for (const threat of ["A token is stolen", "A token is used twice", "A shared secret leaks", "A hostile page"])
		expect(threats).toContain(`| **${threat}**`);
});
