import { createSecretKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { createMint, type JwtContract, Secret, type SecretSource, type SecretValue } from "@widget-token/core";
import { selfSignedCertificate } from "@widget-token/test-kit/backends/self-signed-certificate";
import { afterEach, describe, expect, it } from "vitest";
import { vary } from "./contract-variants.ts";
import { ada, codeOf, now } from "./minting.ts";
import { base64url, claims, contract, expectCode, outcomeOf, secret, sign, verifier } from "./verifying.ts";

const quiet = { onEvent: () => undefined };

describe("the forms of a shared secret", () => {
	const bytes = new TextEncoder().encode(secret);

	it.each([
		["text", secret],
		["a wrapped text", new Secret(secret)],
		["bytes", bytes],
		["a buffer", Buffer.from(secret)],
		["an ArrayBuffer", bytes.buffer.slice(0)],
		["a KeyObject", createSecretKey(bytes)],
		["a JWK", { kty: "oct", k: base64url(secret), alg: "HS256" }],
	] as [string, SecretSource][])("verify: %s", async (_, value) => {
		await expectCode(sign(), "verified", contract, { secret: value });
		await expectCode(sign(claims, { alg: "HS256" }, `${secret}.`), "signature_invalid", contract, { secret: value });
		await expectCode(sign(), "verified", contract, { secret: async () => [value as SecretValue] });
	});

	it("verify as a CryptoKey that cannot be exported", async () => {
		const algorithm = { name: "HMAC", hash: "SHA-256" };
		const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["verify"]);
		await expectCode(sign(), "verified", contract, { secret: key });
		await expectCode(sign(claims, { alg: "HS256" }, `${secret}.`), "signature_invalid", contract, { secret: key });
		await expectCode(`${sign()}=`, "base64url_invalid", contract, { secret: key });
		const signing = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
		expect(await codeOf(() => verifier(contract, { secret: signing, ...quiet })(sign()))).toBe("secret_invalid");
		const sha512 = await crypto.subtle.importKey("raw", new Uint8Array(64), { name: "HMAC", hash: "SHA-512" }, false, ["verify"]);
		expect(await codeOf(() => verifier(contract, { secret: sha512, ...quiet })(sign()))).toBe("secret_invalid");
	});

	const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
	const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
	const pem = rsa.publicKey.export({ format: "pem", type: "spki" }).toString();

	it.each([
		["a public key as PEM", pem, "secret_is_pem"],
		["a public key as the bytes of a PEM file", Buffer.from(pem), "secret_is_pem"],
		["a public key as DER", rsa.publicKey.export({ format: "der", type: "spki" }), "secret_invalid"],
		["another public key as DER", ec.publicKey.export({ format: "der", type: "spki" }), "secret_invalid"],
		["a private key as DER", rsa.privateKey.export({ format: "der", type: "pkcs8" }), "secret_invalid"],
		["a public KeyObject", rsa.publicKey, "secret_invalid"],
		["a public JWK", rsa.publicKey.export({ format: "jwk" }), "secret_invalid"],
		["the text of a public JWK", JSON.stringify(rsa.publicKey.export({ format: "jwk" })), "secret_is_jwk"],
		["the bytes of a public JWK", Buffer.from(JSON.stringify(ec.publicKey.export({ format: "jwk" }))), "secret_is_jwk"],
		["a short text", "short-1aB", "secret_too_short"],
		["a placeholder", "your-secret-goes-here-0123456789ab", "secret_placeholder"],
		["a JWK of another algorithm", { kty: "oct", k: base64url(secret), alg: "HS512" }, "secret_invalid"],
		["a remote signer", { alg: "HS256", sign: async () => new Uint8Array(32) }, "secret_invalid"],
	] as [string, SecretValue, string][])("do not include %s", async (_, value, code) => {
		expect(await codeOf(() => verifier(contract, { secret: value, ...quiet })(sign()))).toBe(code);
		expect(await codeOf(() => verifier(contract, { keys: async () => value, ...quiet })(sign()))).toBe(code);
	});
});

it("a look-up that returns what is no key is a mistake of the configuration", async () => {
	for (const value of [4711, true, Symbol("key")])
		expect(await codeOf(() => verifier(contract, { keys: () => value as never, ...quiet })(sign()))).toBe("secret_missing");
});

describe("the forms of a public key", () => {
	const rs = vary<JwtContract>(contract, { algorithm: "RS256", key: { env: "KEY", encoding: "pem" } });
	const es = vary<JwtContract>(contract, { algorithm: "ES256", key: { env: "KEY", encoding: "pem" } });
	const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
	const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
	const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
	const pem = (key: KeyObject): string => key.export({ format: "pem", type: key.type === "public" ? "spki" : "pkcs8" }).toString();
	const jwk = (key: KeyObject, extra: object = {}): JsonWebKey => ({ ...key.export({ format: "jwk" }), ...extra });
	const mint = async (widget: JwtContract, key: KeyObject): Promise<string> => (await createMint(widget, { secret: key, now })(ada)).token;

	it.each([
		["PEM", pem(rsa.publicKey)],
		["PEM on one line", pem(rsa.publicKey).replaceAll("\n", "\\n")],
		["base64 of PEM", Buffer.from(pem(rsa.publicKey)).toString("base64")],
		["the bytes of PEM", Buffer.from(pem(rsa.publicKey))],
		["a KeyObject", rsa.publicKey],
		["a JWK", jwk(rsa.publicKey, { alg: "RS256", use: "sig" })],
		["a private PEM, of which the public half is used", pem(rsa.privateKey)],
		["a private PKCS#1 PEM", rsa.privateKey.export({ format: "pem", type: "pkcs1" }).toString()],
		["a private JWK", jwk(rsa.privateKey)],
		["a private KeyObject", rsa.privateKey],
		["a wrapped PEM", new Secret(pem(rsa.publicKey))],
	] as [string, SecretValue][])("verify RS256: %s", async (_, value) => {
		await expectCode(await mint(rs, rsa.privateKey), "verified", rs, { secret: value });
		await expectCode(await mint(rs, other.privateKey), "signature_invalid", rs, { secret: value });
	});

	it.each([
		["PEM", pem(ec.publicKey)],
		["a JWK", jwk(ec.publicKey)],
		["a private PEM", pem(ec.privateKey)],
	] as [string, SecretValue][])("verify ES256: %s", async (_, value) => {
		await expectCode(await mint(es, ec.privateKey), "verified", es, { secret: value });
		await expectCode(await mint(es, generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey), "signature_invalid", es, {
			secret: value,
		});
	});

	it("verify as CryptoKey", async () => {
		const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
		const token = await mint(rs, rsa.privateKey);
		const publicKey = await crypto.subtle.importKey("jwk", jwk(rsa.publicKey), algorithm, false, ["verify"]);
		const privateKey = await crypto.subtle.importKey("jwk", jwk(rsa.privateKey), algorithm, true, ["sign"]);
		const sealed = await crypto.subtle.importKey("jwk", jwk(rsa.privateKey), algorithm, false, ["sign"]);
		for (const key of [publicKey, privateKey]) await expectCode(token, "verified", rs, { secret: key });
		expect(await codeOf(() => verifier(rs, { secret: sealed, ...quiet })(token))).toBe("secret_invalid");
	});

	it("verify as a certificate", async () => {
		const certificate = selfSignedCertificate(rsa.privateKey, "widgets.example.com");
		await expectCode(await mint(rs, rsa.privateKey), "verified", rs, { secret: certificate });
		await expectCode(await mint(rs, other.privateKey), "signature_invalid", rs, { secret: certificate });
	});

	it.each([
		["a shared secret", secret, "secret_invalid"],
		["a shared JWK", { kty: "oct", k: base64url(secret) }, "secret_invalid"],
		["a shared KeyObject", createSecretKey(Buffer.from(secret)), "secret_invalid"],
		["a key of another kind", pem(ec.publicKey), "secret_invalid"],
		["a JWK of another kind", jwk(ec.publicKey), "secret_invalid"],
		["a JWK for encryption", jwk(rsa.publicKey, { use: "enc" }), "secret_invalid"],
		["a JWK for another algorithm", jwk(rsa.publicKey, { alg: "PS256" }), "secret_invalid"],
		["a short key", generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey, "secret_too_short"],
		["no PEM at all", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "secret_invalid"],
		["a PKCS#1 public key", rsa.publicKey.export({ format: "pem", type: "pkcs1" }).toString(), "secret_invalid"],
	] as [string, SecretValue, string][])("do not include %s", async (_, value, code) => {
		const token = await mint(rs, rsa.privateKey);
		expect(await codeOf(() => verifier(rs, { secret: value, ...quiet })(token))).toBe(code);
	});

	it("of a curve other than P-256 do not verify ES256", async () => {
		const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
		expect(await codeOf(async () => verifier(es, { secret: publicKey, ...quiet })(await mint(es, ec.privateKey)))).toBe("secret_invalid");
	});

	it("are kept in their imported form: a thousand verifications import nothing", async () => {
		const verify = verifier(rs, { keys: async () => pem(rsa.publicKey) });
		const token = await mint(rs, rsa.privateKey);
		const imports = countImports();
		for (let index = 0; index < 100; index++) expect(await outcomeOf(verify(token))).toBe("verified");
		expect(imports()).toBe(1);
	});
});

function countImports(): () => number {
	let count = 0;
	const { subtle } = crypto;
	const importKey = subtle.importKey;
	subtle.importKey = ((...parameters: Parameters<typeof importKey>) => {
		count++;
		return importKey.apply(subtle, parameters);
	}) as typeof importKey;
	restore = () => {
		subtle.importKey = importKey;
	};
	return () => count;
}

let restore = (): void => undefined;
afterEach(() => {
	restore();
	restore = () => undefined;
});
