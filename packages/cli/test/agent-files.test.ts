import { existsSync, readFileSync } from "node:fs";
import { Script } from "node:vm";
import { createTokenHandler } from "@widget-token/core";
import { toNodeHandler } from "@widget-token/core/node";
import { hilal } from "@widget-token/widgets";
import fastify from "fastify";
import { expect, test } from "vitest";
import { agentFiles, root } from "../scripts/agent-files.ts";
import { providerTexts } from "../src/prompt/provider-text.ts";
import { hilalSecret } from "./run-cli.ts";

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

test("what an assistant is told to write for Fastify answers there, whatever the request's body", async () => {
	const [, code = ""] = /`(app\.[^`]+)`/.exec(files.get("packages/core/AGENTS.md") ?? "") ?? [];
	const app = fastify();
	const handler = createTokenHandler({ widget: hilal, secret: hilalSecret, identify: async () => ({ id: "u_1", provider: "app" }) });
	new Script(code).runInNewContext({ app, handler, toNodeHandler });
	const address = await app.listen({ port: 0, host: "127.0.0.1" });
	try {
		for (const init of [
			{ method: "GET" },
			{ method: "POST" },
			{ method: "POST", headers: { "content-type": "application/json" } },
			{ method: "POST", headers: { "content-type": "text/x-unknown" }, body: "text" },
		]) {
			const response = await fetch(`${address}/api/widget-token`, init);
			expect(response.status, JSON.stringify(init)).toBe(200);
			expect(response.headers.get("cache-control")).toContain("no-store");
			expect(await response.json()).toMatchObject({ token: expect.any(String) });
		}
		expect((await fetch(`${address}/api/widget-token`, { method: "PUT" })).status).toBe(405);
	} finally {
		await app.close();
	}
});
