import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { EdgeVM } from "@edge-runtime/vm";
import { compactVerify } from "jose";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pairOf, pairs, rfc7518 } from "./rfc7518.ts";
import { type Build, buildCore, load } from "./runtimes/build.ts";
import type { Outcome } from "./runtimes/program.ts";

const run = promisify(execFile);
const binaries = new URL("../../../node_modules/.bin/", import.meta.url).pathname;
let built: Build;

beforeAll(async () => {
	built = await buildCore();
});
afterAll(() => built.remove());

const answer = `${load}export default { fetch: async () => Response.json(await run(data)) };\n`;

const runtimes: Readonly<Record<string, () => Promise<Outcome>>> = {
	Node: async () => JSON.parse((await run(process.execPath, ["print.js"], { cwd: built.folder })).stdout) as Outcome,
	Deno: async () =>
		JSON.parse(
			(
				await run(
					`${binaries}deno`,
					["run", "--no-remote", "--no-config", "--no-lock", "--no-prompt", "--node-modules-dir=manual", "print.js"],
					{ cwd: built.folder },
				)
			).stdout,
		) as Outcome,
	Bun: async () => JSON.parse((await run(`${binaries}bun`, ["print.js"], { cwd: built.folder })).stdout) as Outcome,
	"the edge runtime": async () => {
		const script = await built.bundleFor(["edge-light", "worker"], `${load}globalThis.outcome = run(data);\n`);
		const vm = new EdgeVM();
		vm.evaluate(script);
		return JSON.parse(JSON.stringify(await (vm.context as unknown as { outcome: Promise<Outcome> }).outcome)) as Outcome;
	},
	workerd: async () => {
		const script = await built.bundleFor(["workerd", "worker", "browser"], answer);
		const worker = new Miniflare({ modules: true, script, compatibilityDate: "2026-04-01", host: "127.0.0.1", cf: false });
		try {
			return (await (await worker.dispatchFetch("http://localhost/")).json()) as Outcome;
		} finally {
			await worker.dispose();
		}
	},
};

describe("the built package", () => {
	it.each(Object.keys(runtimes))("makes the golden tokens, byte by byte, and gives the same refusals on %s", async (name) => {
		const { outcomes } = await (runtimes[name] as () => Promise<Outcome>)();
		const expected: Record<string, string> = {
			"no secret": "secret_missing",
			"an empty secret": "secret_missing",
			"a short secret": "secret_too_short",
		};
		for (const id of ["onpilot", "bestchatbot", "hilal", "jupid", "customgpt"]) {
			const { vectors } = JSON.parse(await readFile(new URL(`../../widgets/vectors/${id}.json`, import.meta.url), "utf8")) as {
				vectors: { name: string; token?: string; error?: string }[];
			};
			for (const vector of vectors) expected[`${id}: ${vector.name}`] = vector.token ?? vector.error ?? "";
		}
		expect(outcomes).toEqual(expected);
	});

	it.each(Object.keys(runtimes))("signs with every algorithm of a key pair on %s", async (name) => {
		const { signed } = await (runtimes[name] as () => Promise<Outcome>)();
		for (const algorithm of pairs) {
			const token = signed[algorithm] as string;
			const { protectedHeader } = await compactVerify(token, pairOf(algorithm).publicKey, { algorithms: [algorithm] }).catch(
				(error: Error) => expect.unreachable(`${algorithm}: ${error.message} (${token.slice(0, 200)})`),
			);
			expect(protectedHeader.alg).toBe(algorithm);
			expect(Buffer.from(token.split(".")[2] as string, "base64url")).toHaveLength(rfc7518[algorithm][2]);
		}
	});

	it("answers requests alike on all of them", async () => {
		const answers = await Promise.all(Object.values(runtimes).map(async (runtime) => (await runtime()).answers));
		expect(answers[0]?.map((entry) => (entry as [number])[0])).toEqual([200, 200, 200, 503, 405, 403]);
		for (const other of answers) expect(other).toEqual(answers[0]);
	});

	it("signs by node:crypto where there is one, and by WebCrypto alone elsewhere", async () => {
		for (const conditions of [["workerd", "worker", "browser"], ["edge-light"], ["worker"], []]) {
			const script = await built.bundleFor(conditions, answer);
			expect(script).not.toMatch(/["']node:/);
			expect(script).not.toMatch(/\bBuffer\b|\brequire\(/);
		}
		const dist = `${built.folder}/node_modules/@widget-token/core/dist/`;
		expect(await readFile(`${dist}keys/signing.node.js`, "utf8")).toContain('from "node:crypto"');
		for (const file of await readdir(dist, { recursive: true })) {
			if (!file.endsWith(".js") || file === "node.js" || file.endsWith(".node.js")) continue;
			expect(await readFile(dist + file, "utf8"), file).not.toMatch(/["']node:/);
		}
	});

	it("imports node: only behind the `node` condition, in the files named for it", async () => {
		const src = new URL("../src/", import.meta.url);
		for (const file of await readdir(src, { recursive: true })) {
			if (!file.endsWith(".ts") || file === "node.ts" || file.endsWith(".node.ts")) continue;
			for (const [, from] of (await readFile(new URL(file, src), "utf8")).matchAll(
				/^(?:import|export) (?!type\b)[^;]*from "(node:[^"]+)"/gm,
			))
				expect.unreachable(`${file} imports ${from}`);
		}
	});
});

describe("in a browser", () => {
	it.each(["@widget-token/core", "@widget-token/core/node"])("%s throws, for the secret is on the server", async (entry) => {
		const script = await built.bundleFor(["browser"], `import * as core from "${entry}";\nglobalThis.core = core;\n`);
		expect(script.length).toBeLessThan(1000);
		expect(() => new EdgeVM().evaluate(script)).toThrow(/runs on the server.*@widget-token\/client.*browser_environment/);
	});

	it.each([[["workerd", "worker", "browser"]], [["edge-light", "browser"]], [["node"]], [["worker"]], [[]]])(
		"is not what the conditions %j mean",
		async (conditions) => {
			const script = await built
				.bundleFor(conditions, 'import { createMint } from "@widget-token/core";\nglobalThis.createMint = createMint;\n')
				.catch((error: Error) => error.message);
			expect(script).not.toContain("browser_environment");
		},
	);
});
