import { createHmac, createSecretKey, generateKeyPairSync, verify, webcrypto } from "node:crypto";
import { Secret, type SecretSource, type SecretValue } from "@widget-token/core";
import { describe, expect, it } from "vitest";
import { vary } from "./contract-variants.ts";
import { contractFor, hmacContract, text, tokenWith } from "./keys.ts";
import { headerOf } from "./minting.ts";

const bytes = new TextEncoder().encode(text);
const jwk = { kty: "oct", k: Buffer.from(text).toString("base64url"), alg: "HS256" };
const importHmac = (extractable: boolean): Promise<CryptoKey> =>
	crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, extractable, ["sign"]);

const sharedForms: readonly (readonly [string, () => SecretValue | Promise<SecretValue>])[] = [
	["a string", () => text],
	["a Secret around a string", () => new Secret(text)],
	["a Secret around bytes", () => new Secret(bytes)],
	["a Uint8Array", () => bytes],
	["a Buffer", () => Buffer.from(text)],
	[
		"a part of a larger buffer",
		() => new Uint8Array(Buffer.concat([Buffer.from("before"), bytes, Buffer.from("after")])).subarray(6, 6 + bytes.length),
	],
	["an ArrayBuffer", () => bytes.buffer as ArrayBuffer],
	["a JWK", () => jwk],
	["a KeyObject", () => createSecretKey(bytes)],
	["a CryptoKey", () => importHmac(true)],
	["a CryptoKey that cannot be exported", () => importHmac(false)],
	["a remote signer", () => ({ alg: "HS256", sign: async (data) => new Uint8Array(createHmac("sha256", text).update(data).digest()) })],
];

describe("a shared secret", () => {
	const contract = contractFor("HS256");

	it.each(sharedForms)("given as %s makes the same token", async (_, make) => {
		const secret = await make();
		const expected = await tokenWith(contract, text);
		const [header, payload, signature] = expected.split(".");
		expect(signature).toBe(createHmac("sha256", text).update(`${header}.${payload}`).digest("base64url"));
		const sources: SecretSource[] = [
			secret,
			[secret, "another-secret-of-thirty-two-bytes"],
			() => secret,
			async () => secret,
			async () => [secret],
		];
		for (const source of sources) expect(await tokenWith(contract, source)).toBe(expected);
	});

	it.each(sharedForms)("given as %s makes the same HMAC", async (_, make) => {
		const expected = createHmac("sha256", text).update("u_1").digest("hex");
		const secret = make();
		expect(await tokenWith(vary(hmacContract, { id: contract.id }), await secret)).toBe(expected);
	});

	it("is taken from the contract's variable when none is given", async () => {
		expect(await tokenWith(contract, undefined, { env: { KEY_OF_THE_TEST: text } })).toBe(await tokenWith(contract, text));
	});

	it("of 64 hexadecimal characters is used as text where the vendor says so", async () => {
		const hex = "8f3a5c7e9b1d2f4060718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7";
		const [header, payload, signature] = (await tokenWith(contract, hex)).split(".");
		expect(signature).toBe(createHmac("sha256", Buffer.from(hex, "utf8")).update(`${header}.${payload}`).digest("base64url"));
	});

	it.each([
		["hex", Buffer.from(text).toString("hex")],
		["hex", Buffer.from(text).toString("hex").toUpperCase()],
		["base64", Buffer.from(text).toString("base64")],
		["base64", Buffer.from(text).toString("base64url")],
	] as const)("is decoded where the vendor issues it in %s", async (encoding, encoded) => {
		const decoded = contractFor("HS256", { encoding });
		expect(await tokenWith(decoded, encoded)).toBe(await tokenWith(contract, text));
	});

	it("in text other than ASCII is its UTF-8 bytes", async () => {
		const secret = "ein-Schlüssel-mit-Umläuten-für-den-Test";
		const [header, payload, signature] = (await tokenWith(contract, secret)).split(".");
		expect(signature).toBe(createHmac("sha256", Buffer.from(secret)).update(`${header}.${payload}`).digest("base64url"));
	});

	it("is copied: bytes that are wiped later do not change the key", async () => {
		const own = Uint8Array.from(bytes);
		const { createMint } = await import("@widget-token/core");
		const mint = createMint(contract, { secret: own, now: () => 0 });
		const before = (await mint({ id: "u_1", provider: "my-app" })).token;
		own.fill(0);
		expect((await mint({ id: "u_1", provider: "my-app" })).token).toBe(before);
	});
});

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pkcs8 = rsa.privateKey.export({ type: "pkcs8", format: "pem" }) as string;
const pkcs1 = rsa.privateKey.export({ type: "pkcs1", format: "pem" }) as string;
const oneLine = (pem: string): string => pem.replaceAll("\n", "\\n");
const importRsa = (extractable: boolean): Promise<CryptoKey> =>
	webcrypto.subtle.importKey(
		"pkcs8",
		rsa.privateKey.export({ type: "pkcs8", format: "der" }),
		{ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
		extractable,
		["sign"],
	) as Promise<CryptoKey>;

const rsaForms: readonly (readonly [string, () => SecretValue | Promise<SecretValue>])[] = [
	["PEM in PKCS#8", () => pkcs8],
	["PEM in PKCS#1", () => pkcs1],
	["PEM in PKCS#8 on one line with \\n escaped", () => oneLine(pkcs8)],
	["PEM in PKCS#1 on one line with \\n escaped", () => oneLine(pkcs1)],
	["PEM with the line ends of Windows, escaped", () => pkcs8.replaceAll("\n", "\\r\\n")],
	["PEM with the line ends of Windows", () => pkcs8.replaceAll("\n", "\r\n")],
	["PEM with spaces for line breaks", () => pkcs8.replaceAll("\n", " ")],
	["PEM without a line break at its end", () => pkcs8.trimEnd()],
	["PEM with white space around it", () => `\n  ${pkcs1}\n\n`],
	["base64 of PEM in PKCS#8", () => Buffer.from(pkcs8).toString("base64")],
	["base64 of PEM in PKCS#1", () => Buffer.from(pkcs1).toString("base64")],
	[
		"base64 in lines, as the base64 tool writes it",
		() =>
			(
				Buffer.from(pkcs8)
					.toString("base64")
					.match(/.{1,76}/g) ?? []
			).join("\n"),
	],
	["base64 of one-line PEM", () => Buffer.from(oneLine(pkcs8)).toString("base64url")],
	["a Secret around PEM", () => new Secret(pkcs8)],
	["bytes of a PEM file", () => Buffer.from(pkcs8)],
	["an ArrayBuffer of a PEM file", () => Uint8Array.from(Buffer.from(pkcs1)).buffer],
	["a JWK", () => rsa.privateKey.export({ format: "jwk" })],
	["a KeyObject", () => rsa.privateKey],
	["a CryptoKey", () => importRsa(true)],
	["a CryptoKey that cannot be exported", () => importRsa(false)],
	[
		"a remote signer",
		() => ({
			alg: "RS256",
			sign: async (data) =>
				new Uint8Array(await crypto.subtle.sign("RSASSA-PKCS1-v1_5", await importRsa(false), data as Uint8Array<ArrayBuffer>)),
		}),
	],
];

describe("a private key for RS256", () => {
	it.each(rsaForms)("given as %s makes the same token", async (_, make) => {
		const secret = await make();
		const token = await tokenWith(contractFor("RS256"), secret);
		const [header, payload, signature] = token.split(".");
		expect(verify("sha256", Buffer.from(`${header}.${payload}`), rsa.publicKey, Buffer.from(signature ?? "", "base64url"))).toBe(true);
		expect(await tokenWith(contractFor("RS256"), async () => secret)).toBe(token);
	});

	it.each(["pem", "base64-pem"] as const)("is read from the contract's variable, in either form of it: %s", async (encoding) => {
		const contract = contractFor("RS256", { encoding });
		const expected = await tokenWith(contract, pkcs8);
		for (const value of [pkcs8, oneLine(pkcs1), Buffer.from(pkcs8).toString("base64")]) {
			expect(await tokenWith(contract, undefined, { env: { KEY_OF_THE_TEST: value } })).toBe(expected);
		}
	});

	it.each([2048, 3072, 4096])("of %i bits is taken from PKCS#1 and PKCS#8", async (modulusLength) => {
		const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength });
		for (const type of ["pkcs1", "pkcs8"] as const) {
			const [header, payload, signature] = (
				await tokenWith(contractFor("RS256"), privateKey.export({ type, format: "pem" }) as string)
			).split(".");
			expect(verify("sha256", Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature ?? "", "base64url"))).toBe(true);
		}
	});
});

describe("a private key for ES256", () => {
	const der = ec.privateKey.export({ type: "pkcs8", format: "der" });
	const importEc = (): Promise<CryptoKey> =>
		webcrypto.subtle.importKey("pkcs8", der, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]) as Promise<CryptoKey>;

	it.each([
		["PEM in PKCS#8", () => ec.privateKey.export({ type: "pkcs8", format: "pem" }) as string],
		["PEM on one line", () => oneLine(ec.privateKey.export({ type: "pkcs8", format: "pem" }) as string)],
		["a JWK with an id", () => ({ ...ec.privateKey.export({ format: "jwk" }), kid: "k_1" })],
		["a KeyObject", () => ec.privateKey],
		["a CryptoKey that cannot be exported", importEc],
	] as const)("given as %s signs in the form of RFC 7518, not in DER", async (name, make) => {
		const token = await tokenWith(contractFor("ES256"), await make());
		const [header, payload, signature] = token.split(".");
		const raw = Buffer.from(signature ?? "", "base64url");
		expect(raw).toHaveLength(64);
		expect(verify("sha256", Buffer.from(`${header}.${payload}`), { key: ec.publicKey, dsaEncoding: "ieee-p1363" }, raw)).toBe(true);
		expect(headerOf(token).kid).toBe(name.includes("id") ? "k_1" : undefined);
	});
});
