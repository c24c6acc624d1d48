import { generateKeyPairSync, sign as signBytes } from "node:crypto";
import { createMint, type JwtContract } from "@widget-token/core";
import type { Verify } from "@widget-token/core/verify";
import { customGpt, hilal, jupid } from "@widget-token/widgets";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { vary } from "./contract-variants.ts";
import { ada, env, now } from "./minting.ts";
import { base64url, contract, secret, verifier } from "./verifying.ts";

/** One change to a token, driven by numbers, so that a failure is shrunk and can be repeated. */
type Mutation = (token: string, a: number, b: number, text: string) => string;

const characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\0é\u0141\ud800";
const at = (token: string, a: number): number => a % token.length;
const replaceAt = (token: string, index: number, count: number, text: string): string =>
	token.slice(0, index) + text + token.slice(index + count);

function inSegment(token: string, which: number, change: (segment: string) => string): string {
	const segments = token.split(".");
	segments[which % 3] = change(segments[which % 3] as string);
	return segments.join(".");
}

function inBytes(token: string, which: number, change: (bytes: Buffer) => Buffer): string {
	return inSegment(token, which, (segment) => base64url(change(Buffer.from(segment, "base64url"))));
}

function inJson(token: string, which: number, change: (object: Record<string, unknown>) => unknown): string {
	return inSegment(token, which % 2, (segment) =>
		base64url(JSON.stringify(change(JSON.parse(Buffer.from(segment, "base64url").toString()) as Record<string, unknown>))),
	);
}

const mutations: Readonly<Record<string, Mutation>> = {
	"flip a bit of a character": (token, a, b) =>
		replaceAt(token, at(token, a), 1, String.fromCharCode(token.charCodeAt(at(token, a)) ^ (1 << (b % 16)))),
	"flip a bit of a byte": (token, a, b) =>
		inBytes(token, b, (bytes) => {
			bytes[a % bytes.length] = (bytes[a % bytes.length] as number) ^ (1 << (b % 8));
			return bytes;
		}),
	"replace a character": (token, a, b) => replaceAt(token, at(token, a), 1, characters[b % characters.length] as string),
	"insert a character": (token, a, b) => replaceAt(token, at(token, a), 0, characters[b % characters.length] as string),
	"insert text": (token, a, _, text) => replaceAt(token, at(token, a), 0, text),
	"delete characters": (token, a, b) => replaceAt(token, at(token, a), 1 + (b % 40), ""),
	"swap two characters": (token, a, b) => {
		const [first, second] = [token[at(token, a)] as string, token[at(token, b)] as string];
		return replaceAt(replaceAt(token, at(token, a), 1, second), at(token, b), 1, first);
	},
	"swap two segments": (token, a) => {
		const [header = "", payload = "", signature = ""] = token.split(".");
		return (
			[
				[payload, header, signature],
				[header, signature, payload],
				[signature, payload, header],
				[header, header, signature],
				[header, payload, payload],
			][a % 5]?.join(".") ?? ""
		);
	},
	"cut off the end": (token, a) => token.slice(0, at(token, a)),
	"cut off the beginning": (token, a) => token.slice(1 + at(token, a)),
	"double a part": (token, a, b) => token + token.slice(at(token, a), at(token, a) + (b % 60)),
	"change the letter case": (token, a) =>
		replaceAt(
			token,
			at(token, a),
			1,
			/[a-z]/.test(token[at(token, a)] as string)
				? (token[at(token, a)] as string).toUpperCase()
				: (token[at(token, a)] as string).toLowerCase(),
		),
	"spell it as base64": (token, a) => inSegment(token, a, (segment) => Buffer.from(segment, "base64url").toString("base64")),
	"spell it as hex": (token, a) => inSegment(token, a, (segment) => Buffer.from(segment, "base64url").toString("hex")),
	"encode it twice": (token, a) => inSegment(token, a, base64url),
	"decode it": (token, a) => inSegment(token, a, (segment) => Buffer.from(segment, "base64url").toString("latin1")),
	"pad it": (token, a, b) => inSegment(token, a, (segment) => segment + "=".repeat(1 + (b % 3))),
	"set unused bits": (token, a, b) =>
		inSegment(token, a, (segment) => replaceAt(segment, segment.length - 1, 1, characters[b % 64] as string)),
	"escape it for a URL": (token, a) => replaceAt(token, at(token, a), 1, `%${token.charCodeAt(at(token, a)).toString(16)}`),
	"set a member": (token, a, b, text) =>
		inJson(token, a, (object) => ({ ...object, [Object.keys(object)[b % Object.keys(object).length] as string]: text })),
	"add a member": (token, a, _, text) => inJson(token, a, (object) => ({ ...object, [text]: true })),
	"remove a member": (token, a, b) =>
		inJson(token, a, (object) => Object.fromEntries(Object.entries(object).filter((_, index) => index !== b % Object.keys(object).length))),
	"reorder the members": (token, a) => inJson(token, a, (object) => Object.fromEntries(Object.entries(object).reverse())),
	"name a member twice": (token, a, _, text) =>
		inSegment(token, a % 2, (segment) =>
			base64url(
				Buffer.from(segment, "base64url")
					.toString()
					.replace("{", `{${JSON.stringify(text)}:1,${JSON.stringify(text)}:2,`),
			),
		),
	"choose another algorithm": (token, a, b) =>
		inJson(token, 0, (object) => ({ ...object, alg: ["none", "None", "HS384", "RS256", "ES256", "hs256", ""][(a + b) % 7] })),
	"format the JSON": (token, a) =>
		inSegment(token, a % 2, (segment) => base64url(JSON.stringify(JSON.parse(Buffer.from(segment, "base64url").toString()), null, 1))),
	"leave the signature out": (token) => token.slice(0, token.lastIndexOf(".") + 1),
	"zero the signature": (token) => `${token.slice(0, token.lastIndexOf(".") + 1)}${"A".repeat(token.length - token.lastIndexOf(".") - 1)}`,
};

const names = Object.keys(mutations);
const step = fc.tuple(fc.nat(names.length - 1), fc.nat(), fc.nat(), fc.string({ unit: "binary", maxLength: 8 }));
const perRun = 250;

/** Mutates a token in one to three steps each, and expects that nothing but the token itself verifies. Returns how many mutants there were. */
async function attack(verify: Verify, token: string, mutants: number): Promise<number> {
	let count = 0;
	expect(await verify(token)).toMatchObject({ verified: true });
	await fc.assert(
		fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: perRun, maxLength: perRun }), async (batch) => {
			for (const steps of batch) {
				const mutant = steps.reduce(
					(text, [which, a, b, filler]) => applySafely(mutations[names[which] as string] as Mutation, text, a, b, filler),
					token,
				);
				if (mutant === token) continue;
				count++;
				const result = await verify(mutant);
				if (result.verified) throw new Error(`verified after: ${steps.map(([which]) => names[which]).join(", ")}`);
			}
		}),
		{ numRuns: Math.ceil((mutants * 1.05) / perRun), endOnFailure: true },
	);
	expect(await verify(token)).toMatchObject({ verified: true });
	return count;
}

// A second step can meet a text that is no token any more.
function applySafely(mutation: Mutation, text: string, a: number, b: number, filler: string): string {
	try {
		return text === "" ? filler : mutation(text, a, b, filler);
	} catch {
		return text.slice(1);
	}
}

describe("no mutant of a token verifies", () => {
	it("of 80,000 of an HS256 token with several keys", async () => {
		const { token } = await createMint(jupid, { env, now })(ada);
		const verify = verifier(jupid, { secret: [secret, env.JUPID_EMBED_SECRET as string] });
		expect(await attack(verify, token, 80_000)).toBeGreaterThanOrEqual(80_000);
	});

	it("of 25,000 of a token with plain claims, whose key is found by a look-up", async () => {
		const { token } = await createMint(hilal, { secret, now })(ada);
		expect(await attack(verifier(hilal, { keys: async () => secret }), token, 25_000)).toBeGreaterThanOrEqual(25_000);
	});

	it("of 10,000 of a token whose id and address are easily taken for another's", async () => {
		const hostile = { ...ada, id: "\u212aate zoe\u0308\u200b\ufb01|K", email: "zoe\u0308.\u212a\u0131@example.com", name: "Zoe\u0308" };
		const { token } = await createMint(hilal, { secret, now })(hostile);
		const verify = verifier(hilal);
		expect(await verify(token)).toMatchObject({ identity: { id: hostile.id, email: hostile.email } });
		expect(await attack(verify, token, 10_000)).toBeGreaterThanOrEqual(10_000);
	});

	it("of 4,000 of an RS256 token", async () => {
		const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
		const { token } = await createMint(customGpt, { secret: privateKey, now, role: () => ["Support"] })(ada);
		expect(await attack(verifier(customGpt, { secret: publicKey }), token, 4_000)).toBeGreaterThanOrEqual(4_000);
	});

	it("of 2,000 of an ES256 token", async () => {
		const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
		const widget = vary<JwtContract>(contract, { algorithm: "ES256", key: { env: "KEY", encoding: "pem" } });
		const { token } = await createMint(widget, { secret: privateKey, now })(ada);
		const verify = verifier(widget, { secret: publicKey });
		expect(await attack(verify, token, 2_000)).toBeGreaterThanOrEqual(2_000);
		// The encoding of other protocols for the same numbers (RFC 7518 §3.4 wants the plain one).
		const input = token.slice(0, token.lastIndexOf("."));
		expect(
			await verify(`${input}.${base64url(signBytes("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "der" }))}`),
		).toMatchObject({ verified: false });
	});
});
