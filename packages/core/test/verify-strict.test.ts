import { generateKeyPairSync } from "node:crypto";
import type { JwtContract } from "@widget-token/core";
import { describe, expect, it } from "vitest";
import { vary } from "./contract-variants.ts";
import { contractWith, nowInSeconds } from "./minting.ts";
import { base64url, claims, contract, expectCode, outcomeOf, secret, sign, signSegments, verifier } from "./verifying.ts";

const token = sign();
const [header = "", payload = "", signature = ""] = token.split(".");

describe("segments", () => {
	it.each([
		["none", "abc"],
		["two", `${header}.${payload}`],
		["four", `${token}.`],
		["five, as of an encrypted token", `${header}.${payload}.${signature}.${payload}.${signature}`],
		["a JSON serialisation", JSON.stringify({ protected: header, payload, signature })],
	])("are refused: %s", async (_, mutant) => {
		await expectCode(mutant, "segments_invalid");
	});

	it("may not be empty", async () => {
		await expectCode("..", "header_invalid");
		await expectCode(`.${payload}.${signature}`, "header_invalid");
		await expectCode(`${header}.${payload}.`, "signature_invalid");
		await expectCode(signSegments(header, ""), "payload_invalid");
	});
});

describe("canonical base64url", () => {
	// 42 characters hold 31.5 bytes: the last one has bits to spare.
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const withTrailingBits = (segment: string): string => segment.slice(0, -1) + alphabet[alphabet.indexOf(segment.at(-1) ?? "") + 1];
	const spellings: readonly (readonly [string, (segment: string) => string])[] = [
		["padding", (segment) => `${segment}=`],
		["two paddings", (segment) => `${segment}==`],
		["a space before", (segment) => ` ${segment}`],
		["a space after", (segment) => `${segment} `],
		["a line break", (segment) => `${segment.slice(0, 8)}\n${segment.slice(8)}`],
		["a CRLF", (segment) => `${segment.slice(0, 8)}\r\n${segment.slice(8)}`],
		["a tab", (segment) => `${segment}\t`],
		["a null", (segment) => `${segment}\0`],
		["a soft hyphen", (segment) => `${segment}\u00ad`],
		["a zero-width space", (segment) => `${segment.slice(0, 4)}\u200b${segment.slice(4)}`],
		["a lone surrogate", (segment) => `${segment}\ud800`],
		["a letter whose low byte is one of the alphabet", (segment) => String.fromCharCode(segment.charCodeAt(0) + 0x100) + segment.slice(1)],
		["a full-width letter", (segment) => `\uff25${segment.slice(1)}`],
		["one character too many", (segment) => `${segment}${"A".repeat((5 - (segment.length % 4)) % 4 || 4)}`],
	];

	it.each(spellings)("refuses %s in the signature", async (_, spell) => {
		const result = await verifier()(`${header}.${payload}.${spell(signature)}`);
		expect(result.verified).toBe(false);
	});

	it.each(spellings.slice(0, -1))("refuses %s in a payload that is signed as it stands", async (_, spell) => {
		await expectCode(signSegments(header, spell(payload)), "base64url_invalid");
	});

	it.each(spellings.slice(0, -1))("refuses %s in a header that is signed as it stands", async (_, spell) => {
		await expectCode(signSegments(spell(header), payload), "base64url_invalid");
	});

	it("refuses bits to spare that are not zero", async () => {
		expect(signature).toHaveLength(43);
		await expectCode(`${header}.${payload}.${withTrailingBits(signature)}`, "base64url_invalid");
		const spare = base64url(`${JSON.stringify(claims)} `.padEnd(100));
		expect(spare.length % 4).toBe(2);
		await expectCode(signSegments(header, withTrailingBits(spare)), "base64url_invalid");
		await expectCode(signSegments(header, spare), "verified");
	});

	it("refuses the alphabet of base64", async () => {
		const text = JSON.stringify({ ...claims, name: "???>>>~~~" });
		expect(base64url(text)).toMatch(/[-_]/);
		await expectCode(signSegments(header, Buffer.from(text).toString("base64").replace(/=+$/, "")), "base64url_invalid");
		await expectCode(sign(text), "verified");
	});
});

describe("JSON", () => {
	it.each([
		["an array", "[]"],
		["a text", '"claims"'],
		["a number", "1"],
		["null", "null"],
		["nothing", ""],
		["a trailing comma", '{"sub":"u_1",}'],
		["a comment", '{"sub":"u_1"/**/}'],
		["single quotes", "{'sub':'u_1'}"],
		["two documents", "{}{}"],
		["a byte order mark", `\ufeff${JSON.stringify(claims)}`],
		["NaN", '{"sub":"u_1","exp":NaN}'],
		["a control character in a text", '{"sub":"u\n1"}'],
		["a null after the end", `${JSON.stringify(claims)}\0`],
	])("refuses %s", async (_, text) => {
		await expectCode(sign(text), "payload_invalid");
		await expectCode(sign(claims, text), "header_invalid");
	});

	it.each([
		["a byte that begins nothing", [0xff]],
		["a character that is cut off", [0xc3]],
		["an overlong slash", [0xc0, 0xaf]],
		["a surrogate", [0xed, 0xa0, 0x80]],
		["a code point above the last", [0xf4, 0x90, 0x80, 0x80]],
	])("refuses %s in UTF-8", async (_, bytes) => {
		const text = Buffer.concat([Buffer.from('{"alg":"HS256","sub":"'), Buffer.from(bytes), Buffer.from(`","exp":${nowInSeconds + 60}}`)]);
		await expectCode(sign(text), "payload_invalid");
		await expectCode(sign(claims, text), "header_invalid");
	});

	it.each([
		["twice", '{"sub":"u_1","sub":"u_2","exp":1700000600}'],
		["twice with the same value", '{"sub":"u_1","exp":1700000600,"sub":"u_1"}'],
		["in two spellings", '{"sub":"u_1","s\\u0075b":"u_2","exp":1700000600}'],
		["twice as __proto__", '{"sub":"u_1","__proto__":{},"__proto__":{},"exp":1700000600}'],
		["twice further down", '{"sub":"u_1","exp":1700000600,"a":[{"b":{"c":1,"d":2,"c":3}}]}'],
		["twice as nothing", '{"sub":"u_1","exp":1700000600,"":1,"":2}'],
		["twice as a number", '{"1":1,"sub":"u_1","exp":1700000600,"1":2}'],
	])("refuses a member that is named %s", async (_, text) => {
		await expectCode(sign(text), "member_duplicated");
	});

	it("refuses a header that names its algorithm twice", async () => {
		await expectCode(sign(claims, '{"alg":"none","alg":"HS256"}'), "member_duplicated");
		await expectCode(sign(claims, '{"alg":"HS256","typ":"JWT","alg":"HS256"}'), "member_duplicated");
	});

	it("takes one name in two objects, and colons and quotes within texts", async () => {
		await expectCode(sign({ ...claims, a: { sub: 1, b: [{ sub: 2 }, { sub: '":"\\" : "sub":' }] }, "a:b": "\\", '"': ":" }), "verified");
		await expectCode(sign(` {\r\n\t"sub" : "u_1" ,\n"exp":1700000600.0e0 } `), "verified");
	});

	it("bounds the depth", async () => {
		const nested = (depth: number): string => `{"sub":"u_1","exp":1700000600,"x":${"[".repeat(depth)}${"]".repeat(depth)}}`;
		await expectCode(sign(nested(31)), "verified");
		await expectCode(sign(nested(32)), "payload_invalid");
		await expectCode(sign(nested(2900)), "payload_invalid");
		await expectCode(sign(claims, `{"alg":"HS256","x":${"[".repeat(300)}${"]".repeat(300)}}`), "header_invalid");
	});

	it("keeps a member called __proto__ a member", async () => {
		const result = await verifier()(sign('{"sub":"u_1","exp":1700000600,"__proto__":{"name":"root"}}'));
		expect(result.verified && Object.getPrototypeOf(result.claims)).toBe(Object.prototype);
		expect(result.verified && result.claims.name).toBeUndefined();
		await expectCode(sign('{"exp":1700000600,"__proto__":{"sub":"u_1"}}'), "claim_missing");
	});
});

describe("the algorithm", () => {
	const letterCases = (name: string): string[] => {
		const spellings = Array.from({ length: 2 ** name.length }, (_, bits) =>
			[...name].map((letter, index) => (bits & (1 << index) ? letter.toUpperCase() : letter.toLowerCase())).join(""),
		);
		return [...new Set(spellings)];
	};

	it.each([...letterCases("none"), "", " none", "none\0", "nonE ", "null"])("refuses %j, with and without a signature", async (alg) => {
		await expectCode(sign(claims, { alg, typ: "JWT" }), "algorithm_not_allowed");
		await expectCode(`${base64url(JSON.stringify({ alg }))}.${payload}.`, "algorithm_not_allowed");
	});

	it.each([
		...letterCases("hs256").filter((name) => name !== "HS256"),
		"HS384",
		"HS512",
		"RS256",
		"ES256",
		"PS256",
		"EdDSA",
		"HS1",
		"HS256 ",
		"dir",
		"A128KW",
	])("refuses %j for HS256", async (alg) => {
		await expectCode(sign(claims, { alg }), "algorithm_not_allowed");
	});

	it.each([undefined, null, 256, true, ["HS256"], { name: "HS256" }])("refuses %j", async (alg) => {
		await expectCode(sign(claims, { typ: "JWT", alg }), "algorithm_not_allowed");
	});

	it.each([
		["HS384", "sha384"],
		["HS512", "sha512"],
	] as const)("is the contract's for %s", async (algorithm, hash) => {
		const widget = vary<JwtContract>(contract, { algorithm });
		const long = `${secret}${secret}`;
		await expectCode(sign(claims, { alg: algorithm }, long, hash), "verified", widget, { secret: long });
		await expectCode(sign(claims, { alg: "HS256" }, long), "algorithm_not_allowed", widget, { secret: long });
		await expectCode(sign(claims, { alg: algorithm }, long), "signature_invalid", widget, { secret: long });
	});

	it("cannot turn a public key into a shared secret", async () => {
		const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
		const pem = publicKey.export({ format: "pem", type: "spki" }).toString();
		const widget = vary<JwtContract>(contract, { algorithm: "RS256", key: { env: "KEY", encoding: "pem" } });
		for (const key of [pem, pem.trim(), publicKey.export({ format: "der", type: "spki" })]) {
			await expectCode(sign(claims, { alg: "HS256" }, key), "algorithm_not_allowed", widget, { secret: pem });
			await expectCode(sign(claims, { alg: "RS256" }, key), "signature_invalid", widget, { secret: pem });
		}
	});
});

describe("the header", () => {
	it.each([
		["crit", ["exp"]],
		["crit", ["b64"]],
		["crit", []],
		["crit", null],
		["b64", false],
		["b64", true],
	])("refuses %s: %j", async (name, value) => {
		await expectCode(sign(claims, { alg: "HS256", [name]: value }), "critical_header");
	});

	it("never uses a key, or the address of one, that it carries", async () => {
		const own = "the-key-that-the-attacker-has-made";
		for (const [name, value] of [
			["jwk", { kty: "oct", k: base64url(own) }],
			["jku", "https://attacker.example/jwks.json"],
			["x5u", "https://attacker.example/key.pem"],
			["x5c", ["MIIB"]],
		] as const) {
			await expectCode(sign(claims, { alg: "HS256", [name]: value }, own), "embedded_key");
			await expectCode(sign(claims, { alg: "HS256", [name]: value }), "embedded_key");
		}
	});

	it.each([
		["enc", "A256GCM"],
		["enc", null],
		["zip", "DEF"],
		["zip", "none"],
		["cty", "JWT"],
		["cty", "jwt"],
		["cty", "application/jwt"],
	])("refuses a payload that is encrypted, compressed or another token: %s %j", async (name, value) => {
		await expectCode(sign(claims, { alg: "HS256", [name]: value }), "payload_encoded");
	});

	it("takes another content type, as some vendors name their kind of token, if it is text", async () => {
		await expectCode(sign(claims, { alg: "HS256", cty: "acme-access;v=1" }), "verified");
		for (const cty of [null, 1, ["JWT"], {}]) await expectCode(sign(claims, { alg: "HS256", cty }), "header_invalid");
	});

	it.each(["at+jwt", "JOSE", "JWTX", "", null, 1, ["JWT"]])("refuses the type %j", async (typ) => {
		await expectCode(sign(claims, { alg: "HS256", typ }), "type_not_allowed");
	});

	it.each(["JWT", "jwt", undefined])("takes the type %j", async (typ) => {
		await expectCode(sign(claims, { alg: "HS256", typ }), "verified");
	});

	it.each([1, null, "", {}, ["k"], "k".repeat(256)])("refuses a kid that is no name: %j", async (kid) => {
		await expectCode(sign(claims, { alg: "HS256", kid }), "header_invalid");
	});

	it("is the same for a token that follows a good one", async () => {
		const verify = verifier();
		expect(await outcomeOf(verify(token))).toBe("verified");
		for (const [mutant, code] of [
			[sign(claims, { alg: "none", typ: "JWT" }), "algorithm_not_allowed"],
			[`${token.slice(0, -1)}${token.endsWith("A") ? "E" : "A"}`, "signature_invalid"],
			[sign({ ...claims, exp: 1 }), "expired"],
		] as const) {
			expect(await outcomeOf(verify(mutant))).toBe(code);
			expect(await outcomeOf(verify(token))).toBe("verified");
		}
	});
});

describe("size", () => {
	const widget = contractWith({ sub: { from: "identity", field: "id" }, payload: { from: "custom", type: "string" } });
	const sized = (bytes: number): string => sign({ sub: "u_1", exp: nowInSeconds + 60, payload: "x".repeat(bytes) });

	it("is capped at 8 KiB", async () => {
		const largest = sized(6040);
		expect(largest).toHaveLength(8192);
		await expectCode(largest, "verified", widget);
		await expectCode(sized(6041), "too_large", widget);
		await expectCode("x".repeat(100_000_000), "too_large", widget);
	});

	it("caps the header, which is read before the signature is checked", async () => {
		await expectCode(sign(claims, { alg: "HS256", x: "x".repeat(1000) }), "too_large");
	});
});

describe("the signature", () => {
	it("comes before any claim: what is not signed is not judged", async () => {
		for (const mutation of [{ exp: 1 }, { exp: nowInSeconds * 1000 }, { sub: 1 }, { sub: undefined }]) {
			await expectCode(sign({ ...claims, ...mutation }, { alg: "HS256" }, "another-secret-of-thirty-two-chars"), "signature_invalid");
		}
		await expectCode(sign("no JSON", { alg: "HS256" }, "another-secret-of-thirty-two-chars"), "signature_invalid");
	});

	it("covers both segments", async () => {
		const other = sign({ ...claims, sub: "u_2" });
		await expectCode(`${header}.${other.split(".")[1]}.${signature}`, "signature_invalid");
		await expectCode(`${base64url('{"typ":"JWT","alg":"HS256"}')}.${payload}.${signature}`, "signature_invalid");
	});
});
