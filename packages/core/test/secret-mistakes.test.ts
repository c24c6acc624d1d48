import { createSecretKey, generateKeyPairSync, webcrypto } from "node:crypto";
import { type Contract, createMint, defineContract, type SecretSource } from "@widget-token/core";
import { describe, expect, it } from "vitest";
import { vary } from "./contract-variants.ts";
import { contractFor, hmacContract, text, tokenWith } from "./keys.ts";
import { ada, refusalOf } from "./minting.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const rsa1024 = generateKeyPairSync("rsa", { modulusLength: 1024 });
const rsaPss = generateKeyPairSync("rsa-pss", { modulusLength: 2048 });
const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" });
const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" });
const ed25519 = generateKeyPairSync("ed25519");
const pem = (key: typeof rsa.privateKey, type: "pkcs1" | "pkcs8" | "sec1" = "pkcs8"): string =>
	key.export({ type, format: "pem" } as { type: "pkcs8"; format: "pem" }) as string;
const encrypted = (type: "pkcs1" | "pkcs8"): string =>
	rsa.privateKey.export({ type, format: "pem", cipher: "aes-256-cbc", passphrase: "p" } as { type: "pkcs8"; format: "pem" }) as string;
const importRsa = (name: string, hash: string, usage: "sign" | "decrypt"): Promise<CryptoKey> =>
	webcrypto.subtle.importKey("pkcs8", rsa.privateKey.export({ type: "pkcs8", format: "der" }), { name, hash }, false, [
		usage,
	]) as Promise<CryptoKey>;
const importHmac = (bytes: string, hash: string, usage: "sign" | "verify"): Promise<CryptoKey> =>
	crypto.subtle.importKey("raw", new TextEncoder().encode(bytes), { name: "HMAC", hash }, false, [usage]);

const jwkOf = (secret: string): JsonWebKey => ({ kty: "oct", k: Buffer.from(secret).toString("base64url") });

type Mistake = readonly [mistake: string, code: string, contract: Contract, make: () => unknown];
const hs256 = contractFor("HS256");
const rs256 = contractFor("RS256");
const es256 = contractFor("ES256");

const mistakes: readonly Mistake[] = [
	["missing", "secret_missing", hs256, () => undefined],
	["null", "secret_missing", hs256, () => null],
	["an empty list", "secret_missing", hs256, () => []],
	["empty", "secret_missing", hs256, () => ""],
	["a private key that is missing", "secret_missing", rs256, () => undefined],
	["a private key that is empty", "secret_missing", rs256, () => ""],

	["one byte too short", "secret_too_short", hs256, () => text.slice(1)],
	["bytes that are too short", "secret_too_short", hs256, () => new Uint8Array(31)],
	["a KeyObject that is too short", "secret_too_short", hs256, () => createSecretKey(Buffer.alloc(31, 7))],
	["a CryptoKey that is too short", "secret_too_short", hs256, () => importHmac(text.slice(1), "SHA-256", "sign")],
	["a JWK that is too short", "secret_too_short", hs256, () => jwkOf(text.slice(1))],
	["too short for HS384", "secret_too_short", contractFor("HS384"), () => text],
	["too short for HS512", "secret_too_short", contractFor("HS512"), () => `${text}-and-more-but-not-64-bytes`],
	[
		"hexadecimal of too few bytes",
		"secret_too_short",
		contractFor("HS256", { encoding: "hex" }),
		() => Buffer.from(text.slice(1)).toString("hex"),
	],
	["an RSA key of 1024 bits", "secret_too_short", rs256, () => pem(rsa1024.privateKey)],
	["a KeyObject of 1024 bits", "secret_too_short", rs256, () => rsa1024.privateKey],

	["a PEM file for a shared secret", "secret_is_pem", hs256, () => pem(rsa.privateKey)],
	["a public key for a shared secret", "secret_is_pem", hs256, () => rsa.publicKey.export({ type: "spki", format: "pem" })],
	["a one-line PEM file for a shared secret", "secret_is_pem", hs256, () => pem(rsa.privateKey).replaceAll("\n", "\\n")],
	["the text of a JWK for a shared secret", "secret_is_jwk", hs256, () => JSON.stringify(jwkOf(text))],

	...[
		"your-256-bit-secret-your-256-bit-secret",
		"your_embed_secret_from_the_dashboard",
		"changeme-changeme-changeme-changeme",
		"CHANGE_ME_CHANGE_ME_CHANGE_ME_1234",
		"<paste the signing key of your bot here>",
		"replace-me-with-the-real-signing-key",
		"replace this by the secret of the bot",
		"placeholder-placeholder-placeholder",
		"insert-your-key-here-insert-your-key",
		"example-secret-of-thirty-two-bytes-1",
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		"00000000000000000000000000000000",
		"secretsecretsecretsecretsecretsecret",
		"sk_live_....................1234567",
		"changeme",
	].map((placeholder): Mistake => [`the placeholder ${placeholder}`, "secret_placeholder", hs256, () => placeholder]),

	["in double quotes", "secret_quoted", hs256, () => `"${text}"`],
	["in single quotes", "secret_quoted", hs256, () => `'${text}'`],
	["in backticks with a line break", "secret_quoted", hs256, () => `\`${text}\`\n`],
	["a PEM file in quotes", "secret_quoted", rs256, () => `"${pem(rsa.privateKey).replaceAll("\n", "\\n")}"`],
	["with a line break at its end", "secret_whitespace", hs256, () => `${text}\n`],
	["with a line break of Windows at its end", "secret_whitespace", hs256, () => `${text}\r\n`],
	["with a space before it", "secret_whitespace", hs256, () => ` ${text}`],
	["with a tab after it", "secret_whitespace", hs256, () => `${text}\t`],
	["with a byte order mark before it", "secret_whitespace", hs256, () => `\ufeff${text}`],

	["not hexadecimal", "secret_invalid", contractFor("HS256", { encoding: "hex" }), () => `${text}${text}`],
	[
		"hexadecimal with half a byte",
		"secret_invalid",
		contractFor("HS256", { encoding: "hex" }),
		() => `${Buffer.from(text).toString("hex")}a`,
	],
	["not base64", "secret_invalid", contractFor("HS256", { encoding: "base64" }), () => `${text}!${text}`],
	[
		"base64 of an impossible length",
		"secret_invalid",
		contractFor("HS256", { encoding: "base64" }),
		() => "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ012345678",
	],
	["a public KeyObject for a shared secret", "secret_invalid", hs256, () => rsa.publicKey],
	["a private KeyObject for a shared secret", "secret_invalid", hs256, () => rsa.privateKey],
	["an RSA JWK for a shared secret", "secret_invalid", hs256, () => rsa.privateKey.export({ format: "jwk" })],
	["a JWK for another HMAC", "secret_invalid", hs256, () => ({ ...jwkOf(text), alg: "HS512" })],
	["a JWK without a key", "secret_invalid", hs256, () => ({ kty: "oct" })],
	["a JWK that is not base64", "secret_invalid", hs256, () => ({ kty: "oct", k: "!" })],
	["a CryptoKey for another hash", "secret_invalid", hs256, () => importHmac(text, "SHA-512", "sign")],
	["a CryptoKey that may only verify", "secret_invalid", hs256, () => importHmac(text, "SHA-256", "verify")],
	["an RSA CryptoKey for a shared secret", "secret_invalid", hs256, () => importRsa("RSASSA-PKCS1-v1_5", "SHA-256", "sign")],
	["an empty object", "secret_invalid", hs256, () => ({})],
	["a number", "secret_invalid", hs256, () => 12_345_678_901_234_567n],
	["true", "secret_invalid", hs256, () => true],

	["no PEM", "secret_invalid", rs256, () => text],
	["a public key", "secret_invalid", rs256, () => rsa.publicKey.export({ type: "spki", format: "pem" })],
	["a public key in PKCS#1", "secret_invalid", rs256, () => rsa.publicKey.export({ type: "pkcs1", format: "pem" })],
	["a certificate", "secret_invalid", rs256, () => "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"],
	["a public KeyObject", "secret_invalid", rs256, () => rsa.publicKey],
	["a public JWK", "secret_invalid", rs256, () => rsa.publicKey.export({ format: "jwk" })],
	["a shared KeyObject for RS256", "secret_invalid", rs256, () => createSecretKey(Buffer.from(text))],
	["a shared JWK for RS256", "secret_invalid", rs256, () => jwkOf(text)],
	["a PEM file with a passphrase", "secret_invalid", rs256, () => encrypted("pkcs8")],
	["a PEM file in PKCS#1 with a passphrase", "secret_invalid", rs256, () => encrypted("pkcs1")],
	["a truncated PEM file", "secret_invalid", rs256, () => pem(rsa.privateKey).split("\n").slice(0, 10).join("\n")],
	["a damaged PEM file", "secret_invalid", rs256, () => pem(rsa.privateKey).replace(/\n.{20}/, "\n!!!!!!!!!!!!!!!!!!!!")],
	[
		"a PEM file of PKCS#1 that holds something else",
		"secret_invalid",
		rs256,
		() => `-----BEGIN RSA PRIVATE KEY-----\n${btoa("nonsense")}\n-----END RSA PRIVATE KEY-----`,
	],
	["an RSA-PSS key", "secret_invalid", rs256, () => rsaPss.privateKey],
	["an EC key for RS256", "secret_invalid", rs256, () => pem(p256.privateKey)],
	["an EC KeyObject for RS256", "secret_invalid", rs256, () => p256.privateKey],
	["an EC JWK for RS256", "secret_invalid", rs256, () => p256.privateKey.export({ format: "jwk" })],
	["an Ed25519 key for RS256", "secret_invalid", rs256, () => pem(ed25519.privateKey)],
	["a JWK for another RSA algorithm", "secret_invalid", rs256, () => ({ ...rsa.privateKey.export({ format: "jwk" }), alg: "RS512" })],
	["a JWK that may only verify", "secret_invalid", rs256, () => ({ ...rsa.privateKey.export({ format: "jwk" }), key_ops: ["verify"] })],
	["a CryptoKey of another padding", "secret_invalid", rs256, () => importRsa("RSA-PSS", "SHA-256", "sign")],
	["a CryptoKey of another hash", "secret_invalid", rs256, () => importRsa("RSASSA-PKCS1-v1_5", "SHA-512", "sign")],
	["a CryptoKey that decrypts", "secret_invalid", rs256, () => importRsa("RSA-OAEP", "SHA-256", "decrypt")],
	["a shared CryptoKey", "secret_invalid", rs256, () => importHmac(text, "SHA-256", "sign")],

	["an RSA key for ES256", "secret_invalid", es256, () => pem(rsa.privateKey)],
	["an RSA key in PKCS#1 for ES256", "secret_invalid", es256, () => pem(rsa.privateKey, "pkcs1")],
	["a key of the curve P-384", "secret_invalid", es256, () => pem(p384.privateKey)],
	["a KeyObject of the curve P-384", "secret_invalid", es256, () => p384.privateKey],
	["a JWK of the curve P-384", "secret_invalid", es256, () => p384.privateKey.export({ format: "jwk" })],
	[
		"a CryptoKey of the curve P-384",
		"secret_invalid",
		es256,
		async () => (await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-384" }, false, ["sign"])).privateKey,
	],
	["a key in SEC1", "secret_invalid", es256, () => pem(p256.privateKey, "sec1")],

	["a remote signer for another algorithm", "secret_invalid", rs256, () => ({ alg: "RS512", sign: async () => new Uint8Array(256) })],
	["a remote signer without an algorithm", "secret_invalid", rs256, () => ({ sign: async () => new Uint8Array(256) })],
];

describe("a mistaken secret", () => {
	it.each(mistakes)("%s: %s", async (_, code, contract, make) => {
		const secret = (await make()) as SecretSource;
		for (const source of [secret, (): SecretSource => secret, async () => secret]) {
			const error = await refusalOf(() => tokenWith(contract, source as SecretSource));
			expect(error).toMatchObject({ code, status: 500 });
		}
	});

	it("is named by the variable that it came from, else by the option", async () => {
		for (const [value, code] of [
			["", "secret_missing"],
			["too-short", "secret_too_short"],
			[`"${text}"`, "secret_quoted"],
			["changeme", "secret_placeholder"],
		] as const) {
			const fromEnv = await refusalOf(() => tokenWith(hs256, undefined, { env: { KEY_OF_THE_TEST: value } }));
			expect(fromEnv).toMatchObject({ code });
			expect(fromEnv.message).toContain("KEY_OF_THE_TEST");
			expect((await refusalOf(() => tokenWith(hs256, value))).message).toContain("`secret` option of keys-hs256");
		}
		expect((await refusalOf(() => tokenWith(hs256, undefined))).message).toContain("KEY_OF_THE_TEST");
	});

	it("may be shorter where the vendor issues shorter ones", async () => {
		const short = contractFor("HS256", { minimumBytes: 16 });
		expect(await tokenWith(short, text.slice(0, 16))).toMatch(/^ey/);
		expect((await refusalOf(() => tokenWith(short, text.slice(0, 15)))).code).toBe("secret_too_short");
	});

	it("does not stay: the next token reads it again", async () => {
		let secret = "";
		const mint = createMint(hs256, { secret: () => secret });
		expect((await refusalOf(() => mint(ada))).code).toBe("secret_missing");
		secret = text;
		expect((await mint(ada)).token).toMatch(/^ey/);
	});
});

describe("a secret that a bundler publishes", () => {
	it.each(["NEXT_PUBLIC_KEY", "VITE_KEY", "PUBLIC_KEY", "REACT_APP_KEY", "EXPO_PUBLIC_KEY"])(
		"is refused when %s holds it too",
		async (name) => {
			const error = await refusalOf(() => tokenWith(hs256, undefined, { env: { KEY_OF_THE_TEST: text, [name]: text } }));
			expect(error).toMatchObject({ code: "secret_public", detail: name });
			expect((await refusalOf(() => tokenWith(hs256, text, { env: { [name]: text } }))).code).toBe("secret_public");
			expect((await refusalOf(() => createMint(vary(hs256, { key: { env: name, encoding: "utf8" } })))).code).toBe("contract_invalid");
		},
	);

	it("is not mistaken for another value with a public prefix, or for a private copy", async () => {
		expect(
			await tokenWith(hs256, text, { env: { NEXT_PUBLIC_SITE: "https://example.com", COPY_OF_THE_KEY: text, MY_VITE_KEY: text } }),
		).toMatch(/^ey/);
	});

	it("is found for private keys too", async () => {
		const key = pem(rsa.privateKey);
		expect((await refusalOf(() => tokenWith(rs256, key, { env: { VITE_KEY: key } }))).code).toBe("secret_public");
	});
});

describe("the same secret for two widgets", () => {
	const first = contractFor("HS256", {}, "first");
	const second = contractFor("HS256", {}, "second");
	const shared = "the-same-secret-for-two-vendors-4711";

	it("is refused whatever its form, since either vendor could sign for the other's widget", async () => {
		await tokenWith(first, shared);
		for (const form of [shared, Buffer.from(shared), createSecretKey(Buffer.from(shared)), jwkOf(shared), (): string => shared]) {
			const error = await refusalOf(() => tokenWith(second, form));
			expect(error).toMatchObject({ code: "secret_shared", detail: "first and second" });
			expect(error.message).not.toContain(shared);
		}
		expect((await refusalOf(() => tokenWith(vary(hmacContract, { id: "third" }), shared))).code).toBe("secret_shared");
	});

	it("is refused when the two decode it differently", async () => {
		const hex = Buffer.from("another-secret-for-two-vendors-0815").toString("hex");
		await tokenWith(first, hex);
		expect((await refusalOf(() => tokenWith(contractFor("HS256", { encoding: "hex" }, "second"), hex))).code).toBe("secret_shared");
	});

	it("is refused for private keys, however their lines break", async () => {
		const key = pem(rsa.privateKey);
		await tokenWith(contractFor("RS256", {}, "first"), key);
		for (const form of [key, key.replaceAll("\n", "\\n"), key.trim()])
			expect((await refusalOf(() => tokenWith(contractFor("RS256", {}, "second"), form))).code).toBe("secret_shared");
		const jwk = rsa.privateKey.export({ format: "jwk" });
		await tokenWith(contractFor("RS256", {}, "first"), jwk);
		expect((await refusalOf(() => tokenWith(contractFor("RS256", {}, "second"), jwk))).code).toBe("secret_shared");
	});

	it("is fine for two mints of one widget", async () => {
		const again = defineContract({ ...first, lifetime: { defaultSeconds: 60, maximumSeconds: 60 } });
		expect(await tokenWith(again, shared)).toMatch(/^ey/);
	});

	it("leaves the first widget working", async () => {
		expect(await tokenWith(first, shared)).toMatch(/^ey/);
	});
});
