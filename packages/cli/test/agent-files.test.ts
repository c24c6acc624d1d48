import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { agentFiles, root } from "../scripts/agent-files.ts";
import { providerTexts } from "../src/prompt/provider-text.ts";

const files = agentFiles();

test.each([...files])("%s is what the contracts and packages make of it now (npm run agents -w widget-token)", (path, text) => {
	expect(readFileSync(new URL(path, root), "utf8")).toBe(text);
});

test.each([...files.keys()].filter((path) => path !== "llms.txt"))("%s is in the tarball", (path) => {
	const manifest = JSON.parse(readFileSync(new URL("package.json", new URL(path, root)), "utf8")) as { files: string[] };
	expect(manifest.files).toContain("AGENTS.md");
});

test("llms.txt links to files that exist", () => {
	const links = [...(files.get("llms.txt") ?? "").matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link ?? "");
	expect(links.length).toBeGreaterThan(9);
	for (const link of links) expect(existsSync(new URL(link, root)), link).toBe(true);
});

test("every entry that an assistant is told to import is exported there", () => {
	for (const { name, from } of Object.values(providerTexts).flatMap(({ entries }) => entries)) {
		const [, folder = "", entry = "index"] = from.split("/");
		const source = readFileSync(new URL(`packages/${folder}/src/${entry}.ts`, root), "utf8");
		expect(source, from).toMatch(new RegExp(`export (?:function |\\{[^}]*)\\b${name}\\b`));
	}
});
