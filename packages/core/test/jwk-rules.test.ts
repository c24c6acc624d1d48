import { generateKeyPairSync, randomBytes } from "node:crypto";
import { type Contract, createMint, type JwtContract, type SecretValue } from "@widget-token/core";
import { describe, expect, it } from "vitest";
import { contractFor, text } from "./keys.ts";
import { ada, now, refusalOf } from "./minting.ts";
import { outcomeOf, sign, verifier } from "./verifying.ts";

const quiet = { onEvent: () => undefined };
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const [hs256, rs256, es256] = (["HS256", "RS256", "ES256"] as const).map((algorithm) => contractFor(algorithm, {}, "jwk-rules")) as [
	JwtContract,
	JwtContract,
	JwtContract,
];

interface Kind {
	readonly widget: Contract;
	readonly privateJwk: JsonWebKey;
	readonly publicJwk: JsonWebKey;
}
const secretJwk = { kty: "oct", k: Buffer.from(text).toString("base64url") };
const kinds: Readonly<Record<string, Kind>> = {
	HS256: { widget: hs256, privateJwk: secretJwk, publicJwk: secretJwk },
	RS256: { widget: rs256, privateJwk: rsa.privateKey.export({ format: "jwk" }), publicJwk: rsa.publicKey.export({ format: "jwk" }) },
	ES256: { widget: es256, privateJwk: ec.privateKey.export({ format: "jwk" }), publicJwk: ec.publicKey.export({ format: "jwk" }) },
};
const mint = async (widget: Contract, secret: SecretValue): Promise<string> =>
	(await createMint(widget, { secret, now, env: {} })(ada)).token;

describe.each(Object.entries(kinds))("a JWK for %s", (_, { widget, privateJwk, publicJwk }) => {
	// Wycheproof: json_web_signature tcId 353 to 356, json_web_key tcId 6 and 21.
	it.each<[string, object]>([
		["use enc", { use: "enc" }],
		["use in another case", { use: "SIG" }],
		["use null", { use: null }],
		["key_ops for encryption", { key_ops: ["encrypt", "decrypt"] }],
		["key_ops for encryption, with use sig", { use: "sig", key_ops: ["encrypt"] }],
		["no key_ops at all", { key_ops: [] }],
		["key_ops that are text", { key_ops: "sign verify" }],
		["key_ops twice", { key_ops: ["sign", "verify", "verify", "sign"] }],
		["key_ops that are no text", { key_ops: ["sign", "verify", 1] }],
		["another alg", { alg: "A256GCM" }],
		["a kid that is no text", { kid: 1 }],
		["an empty kid", { kid: "" }],
	])("is refused with %s, for signing and for verifying", async (_, members) => {
		const bad = (jwk: JsonWebKey): SecretValue => ({ ...jwk, ...members }) as JsonWebKey;
		expect(await refusalOf(() => mint(widget, bad(privateJwk)))).toMatchObject({
			code: "secret_invalid",
			detail: expect.stringContaining("JWK"),
		});
		const token = await mint(widget, privateJwk);
		for (const options of [{ secret: bad(publicJwk) }, { secret: bad(privateJwk) }, { keys: () => bad(publicJwk) }]) {
			expect(await refusalOf(() => verifier(widget, { ...options, ...quiet })(token))).toMatchObject({
				code: "secret_invalid",
				detail: expect.stringContaining("JWK"),
			});
		}
	});

	it("is taken for what its use and key_ops say", async () => {
		for (const members of [{ use: "sig" }, { key_ops: ["sign"] }, { use: "sig", key_ops: ["sign"], kid: "k_1" }]) {
			const token = await mint(widget, { ...privateJwk, ...members } as JsonWebKey);
			const operations = "key_ops" in members ? { key_ops: ["verify"] } : {};
			const secret = { ...publicJwk, ...members, ...operations } as JsonWebKey;
			expect(await outcomeOf(verifier(widget, { secret })(token))).toBe("verified");
		}
	});

	// Wycheproof: json_web_key tcId 4.
	it("is refused in a list where another has the same kid", async () => {
		const token = await mint(widget, { ...privateJwk, kid: "k_1" } as JsonWebKey);
		const named = (jwk: JsonWebKey, kid: string): JsonWebKey => ({ ...jwk, kid }) as JsonWebKey;
		for (const options of [
			{ secret: [named(publicJwk, "k_1"), named(publicJwk, "k_1")] },
			{ secret: [named(publicJwk, "k_2"), named(publicJwk, "k_1"), named(publicJwk, "k_2")] },
			{ keys: async () => [named(publicJwk, "k_1"), named(publicJwk, "k_1")] },
		]) {
			const verify = verifier(widget, { ...options, ...quiet });
			for (let attempt = 0; attempt < 2; attempt++)
				expect(await refusalOf(() => verify(token))).toMatchObject({ code: "secret_invalid", detail: expect.stringContaining("kid") });
		}
		const distinct = [named(publicJwk, "k_1"), named(publicJwk, "k_2"), publicJwk, publicJwk];
		expect(await outcomeOf(verifier(widget, { secret: distinct })(token))).toBe("verified");
	});
});

describe("the half of a key", () => {
	it.each(["RS256", "ES256"])("that signs verifies too, whose key_ops is sign: %s", async (name) => {
		const { widget, privateJwk } = kinds[name] as Kind;
		const token = await mint(widget, privateJwk);
		expect(await outcomeOf(verifier(widget, { secret: { ...privateJwk, key_ops: ["sign"] } })(token))).toBe("verified");
	});

	it("that may only sign does not verify, where it is one secret", async () => {
		const verify = verifier(hs256, { secret: { ...secretJwk, key_ops: ["sign"] }, ...quiet });
		expect((await refusalOf(() => verify(sign()))).code).toBe("secret_invalid");
		expect((await refusalOf(() => mint(hs256, { ...secretJwk, key_ops: ["verify"] }))).code).toBe("secret_invalid");
	});
});

const base64url = (value: bigint): string => {
	const hex = value.toString(16);
	return Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex").toString("base64url");
};
const jwkOf = (n: bigint, e: bigint): JsonWebKey => ({ kty: "RSA", n: base64url(n), e: base64url(e) });
const modulus = BigInt(`0x${Buffer.from(rsa.publicKey.export({ format: "jwk" }).n as string, "base64url").toString("hex")}`);

describe("an RSA key", () => {
	const token = sign({ sub: "u_1" }, { alg: "RS256" });
	const forms = async (jwk: JsonWebKey): Promise<SecretValue[]> => [
		jwk,
		await crypto.subtle.importKey("jwk", jwk, { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, false, ["verify"]),
	];

	// Wycheproof: json_web_key tcId 9. With the exponent 1 a signature is the padded hash itself, which anybody can write.
	it.each([1n, 2n, 4n, 65_536n])("with the public exponent %s is refused", async (exponent) => {
		for (const secret of await forms(jwkOf(modulus, exponent))) {
			const error = await refusalOf(() => verifier(rs256, { secret, ...quiet })(token));
			expect(error).toMatchObject({ code: "secret_invalid", detail: expect.stringContaining("public exponent") });
		}
	});

	it.each([3n, 17n, 65_537n, 2n ** 32n + 1n])("with the public exponent %s is taken", async (exponent) => {
		for (const secret of await forms(jwkOf(modulus, exponent)))
			expect(await outcomeOf(verifier(rs256, { secret })(token))).toBe("signature_invalid");
	});

	const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048, publicExponent: 3 });
	it("with the public exponent 3 signs too", async () => {
		expect(await outcomeOf(verifier(rs256, { secret: privateKey })(await mint(rs256, privateKey)))).toBe("verified");
	});
});

describe("a modulus of the Infineon library (ROCA, CVE-2017-15361)", () => {
	// Its primes are k·M + (65537^a mod M), where M is the product of the first 126 primes for a modulus of 2048 bits.
	const isPrime = (candidate: number): boolean =>
		!Array.from({ length: 25 }, (_, index) => index + 2).some((d) => d < candidate && candidate % d === 0);
	const primes = Array.from({ length: 700 }, (_, index) => index + 2)
		.filter(isPrime)
		.slice(0, 126);
	const primorial = primes.reduce((product, prime) => product * BigInt(prime), 1n);
	const random = (bits: number): bigint => BigInt(`0x${randomBytes(bits / 8).toString("hex")}`);
	const powerOf65537 = (exponent: bigint): bigint => {
		let [result, square] = [1n, 65_537n];
		for (let rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % primorial)
			if (rest & 1n) result = (result * square) % primorial;
		return result;
	};
	const top = (2n ** 1024n - 2n ** 1010n) / primorial;
	const factor = (): bigint => (top + random(32)) * primorial + powerOf65537(random(256));
	const token = sign({}, { alg: "RS256" });

	it("is refused, as a JWK and as a CryptoKey", async () => {
		expect(primes.at(-1)).toBe(701);
		for (let round = 0; round < 20; round++) {
			const jwk = jwkOf(factor() * factor(), 65_537n);
			const key = await crypto.subtle.importKey("jwk", jwk, { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, true, ["verify"]);
			expect((key.algorithm as RsaHashedKeyAlgorithm).modulusLength).toBe(2048);
			for (const secret of [jwk, key]) {
				const error = await refusalOf(() => verifier(rs256, { secret, ...quiet })(token));
				expect(error).toMatchObject({ code: "secret_invalid", detail: expect.stringContaining("CVE-2017-15361") });
			}
		}
	});

	it("is told from one that differs in a single residue", async () => {
		for (let round = 0; round < 20; round++) {
			let n = factor() * factor();
			// The powers of 65537 modulo 17 are 1, 2, 4, 8, 9, 13, 15, 16.
			while (n % 17n !== 3n) n += primorial / 17n;
			expect(await outcomeOf(verifier(rs256, { secret: jwkOf(n, 65_537n) })(token))).toBe("signature_invalid");
		}
	});
});
