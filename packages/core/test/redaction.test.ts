import { Console } from "node:console";
import { generateKeyPairSync } from "node:crypto";
import { Writable } from "node:stream";
import { format, inspect } from "node:util";
import { createMint, createTokenHandler, Secret, type TokenEvent } from "@widget-token/core";
import { describe, expect, it, vi } from "vitest";
import { contractFor, text, tokenWith } from "./keys.ts";
import { ada, refusalOf } from "./minting.ts";

const contract = contractFor("HS256");
const pem = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }) as string;

/** Everything that the usual ways of printing make of a value. */
function printed(value: unknown): string {
	const lines: string[] = [];
	const stdout = new Writable({
		write(chunk, _, done) {
			lines.push(String(chunk));
			done();
		},
	});
	new Console({ stdout }).log(value);
	lines.push(
		inspect(value, { depth: 20, showHidden: true, getters: true }),
		format("%s %o %O %j", value, value, value, value),
		JSON.stringify(value),
		String(value),
	);
	return lines.join("\n");
}

describe("a Secret", () => {
	it.each([
		["text", text],
		["bytes", Buffer.from(text)],
		["a JWK", { kty: "oct", k: text }],
	] as const)("prints as [redacted]: %s", (_, value) => {
		const secret = new Secret(value);
		for (const holder of [secret, { secret }, [secret], new Map([["secret", secret]])]) {
			const output = printed(holder);
			expect(output).not.toContain(text);
			expect(output).not.toContain(Buffer.from(text).toString("hex").slice(0, 10));
			expect(output).not.toContain(String([...Buffer.from(text)].slice(0, 5)));
		}
		expect(`${secret}`).toBe("[redacted]");
		expect([secret].join()).toBe("[redacted]");
		expect(JSON.stringify({ secret })).toBe('{"secret":"[redacted]"}');
		expect(inspect({ secret })).toBe("{ secret: [redacted] }");
		expect(Object.keys(secret)).toEqual([]);
		expect(structuredClone(secret)).toEqual({});
	});

	it("gives its value to whoever asks for it by name", () => {
		expect(new Secret(text).reveal()).toBe(text);
	});
});

describe("a secret", () => {
	it("is not to be seen on a mint, a handler or a contract", async () => {
		const mint = createMint(contract, { secret: text });
		const handler = createTokenHandler({ widgets: [mint], identify: async () => ada });
		await mint(ada);
		expect(printed([mint, handler, mint.contract])).not.toContain(text);
	});

	it.each([
		["quoted", `"${text}"`],
		["with white space", `${text}\n`],
		["too short", text.slice(0, 20)],
		["a placeholder", `changeme-${text}`],
		["a PEM file", pem],
		["a JWK", `{"kty":"oct","k":"${text}"}`],
	])("is not in the error that refuses it: %s", async (_, secret) => {
		const error = await refusalOf(() => tokenWith(contract, secret));
		const output = printed(error) + printed({ ...error, message: error.message, stack: error.stack });
		for (const part of [text.slice(0, 20), pem.slice(40, 80)]) expect(output).not.toContain(part);
	});

	it("is not in the error about a broken private key, nor in what caused it", async () => {
		const broken = pem.replace(/\n.{30}/, "\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
		const body = broken.split("\n").slice(2, 10);
		for (const secret of [
			broken,
			broken.replaceAll("\n", "\\n"),
			Buffer.from(broken).toString("base64"),
			broken.replaceAll("PRIVATE", "RSA PRIVATE"),
		]) {
			const output = printed(await refusalOf(() => tokenWith(contractFor("RS256"), secret)));
			for (const line of [...body, secret.slice(100, 140)]) expect(output).not.toContain(line);
		}
	});

	it("is not in an event, an answer or the console when it is refused", async () => {
		const events: TokenEvent[] = [];
		const console_ = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const lines: string[] = [];
		for (const onEvent of [(event: TokenEvent) => void events.push(event), undefined]) {
			const handler = createTokenHandler({ widget: contract, secret: ` ${text}`, identify: async () => ada, onEvent });
			const response = await handler(new Request("https://app.example.com/api/widget-token"));
			expect(response.status).toBe(500);
			lines.push(await response.text(), JSON.stringify([...response.headers]));
		}
		const output = printed([events, lines, console_.mock.calls]);
		console_.mockRestore();
		expect(events).toMatchObject([{ outcome: "failed", code: "secret_whitespace" }]);
		expect(output).toContain("secret_whitespace");
		expect(output).not.toContain(text);
	});
});
