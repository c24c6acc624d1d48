import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { EdgeVM } from "@edge-runtime/vm";
import { type Contract, createMint } from "@widget-token/core";
import { customGpt, hilal, jupid } from "@widget-token/widgets";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tokenWith } from "./keys.ts";
import { ada, env } from "./minting.ts";
import { contractOf, pairOf, pairs, pem } from "./rfc7518.ts";

const binaries = fileURLToPath(new URL("../../../node_modules/.bin/", import.meta.url));
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const secret = "8f3a5c7e9b1d2f4060718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d8";

// Runs in the runtime: the same questions everywhere.
const program = `
import { createMemoryReplayStore, createVerify, createVerifyHandler } from "@widget-token/core/verify";
import { defineContract } from "@widget-token/core";
import { verifyVisitor } from "@widget-token/core/verify/hono";
import { customGpt, hilal, jupid } from "@widget-token/widgets";
import { Hono } from "hono";

const replay = { store: createMemoryReplayStore() };
const code = (result) => (result.verified ? result.identity.id ?? result.identity.email : result.code);

export async function judge({ tokens, secret, publicKey, jupidEnv, signed }) {
	const text = createVerify(hilal, { secret });
	const bytes = createVerify(hilal, { secret: new TextEncoder().encode(secret) });
	const raw = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
	const rsa = createVerify(customGpt, { secret: publicKey });
	const once = createVerify(jupid, { env: jupidEnv, replay });
	const judged = {};
	for (const [name, token] of Object.entries(tokens.hilal)) judged[name] = await Promise.all([text, bytes, createVerify(hilal, { secret: raw })].map(async (verify) => code(await verify(token))));
	judged.rsa = code(await rsa(tokens.rsa));
	judged.rsaForged = code(await rsa(tokens.rsa.slice(0, -4) + "AAAA"));
	judged.used = [code(await once(tokens.jupid)), code(await once(tokens.jupid))];
	for (const { contract: data, key, token } of signed) {
		const contract = defineContract(data);
		const verify = createVerify(contract, { secret: key, onEvent: () => undefined });
		const answer = async (presented) => code(await verify(presented).catch((error) => ({ code: String(error.cause ?? error) })));
		judged[contract.algorithm] = [await answer(token), await answer(token.slice(0, -8) + "AAAAAAAA")];
	}
	const handler = createVerifyHandler({ widget: hilal, secret });
	judged.endpoint = (await (await handler(new Request("https://chat.example.com/", { method: "POST", body: JSON.stringify({ token: tokens.hilal.good }) }))).json()).verified;
	return judged;
}

export const app = new Hono();
app.post("/visitor", (c, next) => verifyVisitor({ widget: hilal, secret: c.env.SECRET })(c, next), async (c) => c.json({ visitor: c.get("visitor"), source: c.req.header("x-hilal-identity-source") ?? null, body: await c.req.text() }));
app.post("/judge", async (c) => c.json(await judge(await c.req.json())));
`;

let input: {
	tokens: { hilal: Record<string, string>; rsa: string; jupid: string };
	secret: string;
	publicKey: string;
	jupidEnv: Record<string, string>;
	signed: readonly { contract: Contract; key: string; token: string }[];
};
const expected = {
	good: ["u_1", "u_1", "u_1"],
	forged: ["signature_invalid", "signature_invalid", "signature_invalid"],
	padded: ["base64url_invalid", "base64url_invalid", "base64url_invalid"],
	spaced: ["base64url_invalid", "base64url_invalid", "base64url_invalid"],
	unusedBits: ["base64url_invalid", "base64url_invalid", "base64url_invalid"],
	decoded: ["key_decoded", "key_decoded", "signature_invalid"],
	none: ["algorithm_not_allowed", "algorithm_not_allowed", "algorithm_not_allowed"],
	rsa: "ada@example.com",
	rsaForged: "signature_invalid",
	used: ["u_1", "replayed"],
	endpoint: true,
	...Object.fromEntries(pairs.map((algorithm) => [algorithm, ["u_1", "signature_invalid"]])),
};

beforeAll(async () => {
	const good = (await createMint(hilal, { secret })(ada)).token;
	const decoded = (await createMint(hilal, { secret: Buffer.from(secret, "hex") })(ada)).token;
	const mail = { ...ada, email: "ada@example.com" };
	input = {
		tokens: {
			hilal: {
				good,
				forged: `${good.slice(0, -2)}${good.endsWith("AA") ? "EA" : "AA"}`,
				padded: `${good}=`,
				spaced: `${good}\n`,
				unusedBits: good.slice(0, -1) + alphabet[alphabet.indexOf(good.at(-1) as string) + 1],
				decoded,
				none: `${Buffer.from('{"alg":"none"}').toString("base64url")}.${good.split(".")[1]}.`,
			},
			rsa: (await createMint(customGpt, { secret: privateKey, role: () => "Support" })(mail)).token,
			jupid: (await createMint(jupid, { env })(ada)).token,
		},
		secret,
		publicKey: publicKey.export({ format: "pem", type: "spki" }).toString(),
		jupidEnv: env as Record<string, string>,
		signed: await Promise.all(
			pairs.map(async (algorithm) => {
				const contract = contractOf(algorithm);
				const { privateKey, publicKey } = pairOf(algorithm);
				return { contract, key: pem(publicKey), token: await tokenWith(contract, privateKey, { now: Date.now }) };
			}),
		),
	};
});

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The program with what the package chooses for the runtime: node:crypto where the condition `node` holds, else WebCrypto. */
async function bundle(runtime: "node" | "web", format: "iife" | "esm", footer: string): Promise<string> {
	const source = (path: string): string => fileURLToPath(new URL(`../src/keys/${path}.${runtime}.ts`, import.meta.url));
	const { outputFiles } = await build({
		stdin: { contents: `${program}${footer}`, resolveDir: fileURLToPath(new URL(".", import.meta.url)), loader: "js" },
		bundle: true,
		format,
		globalName: "program",
		platform: "neutral",
		mainFields: ["module", "main"],
		conditions: ["@widget-token/source", ...(runtime === "node" ? ["node"] : ["workerd", "edge-light"])],
		external: ["node:*"],
		alias: { "#verifying": source("verifying"), "#signing": source("signing") },
		write: false,
	});
	return outputFiles[0]?.text ?? "";
}

describe("without Node", () => {
	it("it judges the same on an edge runtime that has nothing but the web's interfaces", async () => {
		const vm = new EdgeVM();
		vm.evaluate(await bundle("web", "iife", ""));
		const judged = await vm.evaluate<Promise<unknown>>(`program.judge(${JSON.stringify(input)})`);
		expect(JSON.parse(JSON.stringify(judged))).toEqual(expected);
	});
});

describe("on runtimes that know Node's modules", () => {
	const deno = ["deno", "run", "--no-remote", "--no-config", "--no-lock", "--no-prompt"];

	it.each([["node"], ["bun"], deno])("it judges the same: %s", async (command, ...parameters) => {
		const folder = await mkdtemp(join(tmpdir(), "widget-token-verify-"));
		const script = join(folder, "program.mjs");
		await writeFile(script, await bundle("node", "esm", `console.log(JSON.stringify(await judge(${JSON.stringify(input)})));`));
		const { stdout } = await promisify(execFile)(command === "node" ? process.execPath : join(binaries, command as string), [
			...parameters,
			script,
		]);
		await rm(folder, { recursive: true });
		expect(JSON.parse(stdout)).toEqual(expected);
	});
});

describe("in Workers", () => {
	let worker: Miniflare;
	beforeAll(async () => {
		worker = new Miniflare({
			modules: true,
			script: await bundle("web", "esm", "export default app;"),
			compatibilityDate: "2026-04-01",
			host: "127.0.0.1",
			cf: false,
			bindings: { SECRET: secret },
		});
		await worker.ready;
	});
	afterAll(() => worker.dispose());

	it("it judges the same", async () => {
		const response = await worker.dispatchFetch("http://127.0.0.1/judge", { method: "POST", body: JSON.stringify(input) });
		expect(await response.json()).toEqual(expected);
	});

	it("it takes the header off a request whose headers cannot be changed, and leaves the body", async () => {
		const headers = { authorization: `Bearer ${input.tokens.hilal.good}`, "x-hilal-identity-source": "verified" };
		const response = await worker.dispatchFetch("http://127.0.0.1/visitor", { method: "POST", headers, body: "the body" });
		expect(await response.json()).toEqual({
			visitor: { widget: "hilal", id: "u_1", name: "Ada", email: "Ada@Example.com" },
			source: null,
			body: "the body",
		});
	});
});
