import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { algorithms, type SecretValue } from "@widget-token/core";
import { importPKCS8, importSPKI, type CryptoKey as JoseKey } from "jose";
import { describe, expect, it } from "vitest";
import { text, tokenWith } from "./keys.ts";
import { refusalOf } from "./minting.ts";
import { contractOf, curves, names, pairOf, pairs, pem, rfc7518, rsa, signLike, verdict } from "./rfc7518.ts";
import { outcomeOf, verifier } from "./verifying.ts";

describe.each(pairs)("the keys of %s", (algorithm) => {
	const { privateKey, publicKey } = pairOf(algorithm);
	const contract = contractOf(algorithm);

	it("are taken in every form", async () => {
		const token = await tokenWith(contract, privateKey);
		const webKey = (extractable: boolean): Promise<JoseKey> => importPKCS8(pem(privateKey), algorithm, { extractable });
		const jwk = { ...privateKey.export({ format: "jwk" }), alg: algorithm } as JsonWebKey;
		for (const form of [pem(privateKey), Buffer.from(pem(privateKey)), jwk, await webKey(false), await webKey(true)] as SecretValue[])
			expect(await verdict(await tokenWith(contract, form), algorithm)).toBe("verified");
		const publicForms = [
			pem(publicKey),
			{ ...publicKey.export({ format: "jwk" }), alg: algorithm, use: "sig" },
			await importSPKI(pem(publicKey), algorithm),
			pem(privateKey),
			jwk,
			await webKey(true),
		];
		for (const form of publicForms as SecretValue[]) expect(await verdict(token, algorithm, form)).toBe("verified");
	});

	it("are refused by name where they are for another algorithm", async () => {
		const [kind] = rfc7518[algorithm];
		const foreign = pairs.filter((name) => rfc7518[name][0] !== kind);
		const needs = kind === "RSA" ? "needs an RSA key (rsaEncryption) of 2048 bits or more" : `needs an EC key on the curve ${kind}`;
		for (const other of foreign) {
			const wrong = pairOf(other);
			const asJwk = (key: KeyObject): JsonWebKey => key.export({ format: "jwk" }) as JsonWebKey;
			for (const secret of [wrong.privateKey, pem(wrong.privateKey), asJwk(wrong.privateKey)] as SecretValue[]) {
				const error = await refusalOf(() => tokenWith(contract, secret));
				expect(error).toMatchObject({ code: "secret_invalid", detail: expect.stringContaining(`${algorithm}, which ${needs}`) });
			}
			for (const secret of [wrong.publicKey, pem(wrong.publicKey), asJwk(wrong.publicKey), pem(wrong.privateKey)] as SecretValue[]) {
				const error = await refusalOf(() => verdict(signLike(algorithm), algorithm, secret));
				expect(error).toMatchObject({ code: "secret_invalid", detail: expect.stringContaining(`${algorithm}, which ${needs}`) });
			}
		}
		for (const other of names.filter((name) => name !== algorithm)) {
			const jwk = (key: KeyObject): JsonWebKey => ({ ...key.export({ format: "jwk" }), alg: other }) as JsonWebKey;
			const detail = expect.stringContaining(`for another algorithm than ${algorithm}`);
			expect(await refusalOf(() => tokenWith(contract, jwk(privateKey)))).toMatchObject({ code: "secret_invalid", detail });
			expect(await refusalOf(() => verdict(signLike(algorithm), algorithm, jwk(publicKey)))).toMatchObject({
				code: "secret_invalid",
				detail,
			});
			expect(await refusalOf(() => tokenWith(contract, { alg: other, sign: async () => new Uint8Array(512) }))).toMatchObject({ detail });
		}
	});

	it("are refused as CryptoKeys of another family, hash or curve, and for another use", async () => {
		const { name, hash, namedCurve } = algorithms[algorithm].importParameters;
		const detail = expect.stringContaining(`key for ${algorithm}, which is ${name} with ${hash ?? namedCurve}`);
		for (const other of pairs.filter((each) => each !== algorithm)) {
			const signing = await importPKCS8(pem(pairOf(other).privateKey), other);
			expect(await refusalOf(() => tokenWith(contract, signing)), other).toMatchObject({ code: "secret_invalid", detail });
			const verifying = await importSPKI(pem(pairOf(other).publicKey), other);
			const error = await refusalOf(() => verdict(signLike(algorithm), algorithm, verifying));
			expect(error, other).toMatchObject({ code: "secret_invalid", detail });
		}
		const verifying = await importSPKI(pem(publicKey), algorithm);
		expect(await refusalOf(() => tokenWith(contract, verifying))).toMatchObject({
			code: "secret_invalid",
			detail: expect.stringContaining(`is not a private key for ${algorithm}`),
		});
		const jwk = publicKey.export({ format: "jwk" }) as JsonWebKey;
		const useless = await crypto.subtle.importKey("jwk", jwk, algorithms[algorithm].importParameters, false, []);
		expect(await refusalOf(() => verdict(signLike(algorithm), algorithm, useless))).toMatchObject({
			code: "secret_invalid",
			detail: expect.stringContaining("is a key that may not verify"),
		});
	});
});

describe("the size of a key", () => {
	const small = generateKeyPairSync("rsa", { modulusLength: 1024 });
	const large = generateKeyPairSync("rsa", { modulusLength: 3072 });

	it.each(pairs.filter((name) => rfc7518[name][0] === "RSA"))("is 2048 bits or more: %s", async (algorithm) => {
		const contract = contractOf(algorithm);
		const error = { code: "secret_too_short", detail: expect.stringContaining(`has 1024 bits; ${algorithm} needs 2048`) };
		for (const secret of [small.privateKey, pem(small.privateKey)])
			expect(await refusalOf(() => tokenWith(contract, secret))).toMatchObject(error);
		for (const secret of [small.publicKey, pem(small.publicKey)])
			expect(await refusalOf(() => verdict(signLike(algorithm), algorithm, secret))).toMatchObject(error);
		expect(await verdict(await tokenWith(contract, large.privateKey), algorithm, large.publicKey)).toBe("verified");
	});

	it.each(["HS256", "HS384", "HS512"] as const)("is that of the hash or more: %s", async (algorithm) => {
		const bytes = Number(algorithm.slice(2)) / 8;
		const secret = (length: number): Uint8Array => Buffer.from(`${text}${text}`).subarray(0, length);
		const error = { code: "secret_too_short", detail: expect.stringContaining(`has ${bytes - 1} bytes; ${algorithm} needs ${bytes}`) };
		expect(await refusalOf(() => tokenWith(contractOf(algorithm), secret(bytes - 1)))).toMatchObject(error);
		expect(await verdict(await tokenWith(contractOf(algorithm), secret(bytes)), algorithm, secret(bytes))).toBe("verified");
	});
});

describe("keys that look right", () => {
	it.each(["PS256", "PS384", "PS512"] as const)("of the kind id-RSASSA-PSS are refused by name: %s", async (algorithm) => {
		// WebCrypto imports only rsaEncryption, and which of the two it is does not show in the label of the file.
		const { privateKey, publicKey } = generateKeyPairSync("rsa-pss", { modulusLength: 2048 });
		const detail = expect.stringContaining("an RSA key (rsaEncryption)");
		for (const secret of [privateKey, pem(privateKey)])
			expect(await refusalOf(() => tokenWith(contractOf(algorithm), secret))).toMatchObject({ code: "secret_invalid", detail });
		for (const secret of [publicKey, pem(publicKey)])
			expect(await refusalOf(() => verdict(signLike(algorithm), algorithm, secret))).toMatchObject({ code: "secret_invalid", detail });
	});

	it("of the curve secp256k1 are not for ES256", async () => {
		const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
		for (const secret of [privateKey, pem(privateKey)])
			expect(await refusalOf(() => tokenWith(contractOf("ES256"), secret))).toMatchObject({ code: "secret_invalid" });
		expect(await refusalOf(() => verdict(signLike("ES256"), "ES256", publicKey))).toMatchObject({ code: "secret_invalid" });
	});
});

describe("a JWK Set", () => {
	it.each(["PS384", "ES384", "ES512"] as const)("serves %s, where a key of another family has the same id", async (algorithm) => {
		const keys = [rsa, ...Object.values(curves)].map(({ publicKey }) => ({
			...publicKey.export({ format: "jwk" }),
			kid: "k_1",
			use: "sig",
		}));
		const server = createServer((_, response) =>
			response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys })),
		).listen(0, "127.0.0.1");
		await new Promise((resolve) => server.once("listening", resolve));
		const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
		const jwk = { ...pairOf(algorithm).privateKey.export({ format: "jwk" }), kid: "k_1" } as JsonWebKey;
		const token = await tokenWith(contractOf(algorithm), jwk);
		const verify = verifier(contractOf(algorithm), { jwksUrl });
		expect(await outcomeOf(verify(token))).toBe("verified");
		expect(await outcomeOf(verify(`${token.slice(0, -6)}AAAAAA`))).toBe("signature_invalid");
		server.close();
	});
});
