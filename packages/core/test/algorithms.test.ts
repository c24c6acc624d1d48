import { constants, createPublicKey, verify } from "node:crypto";
import { algorithms, type Contract, defineContract } from "@widget-token/core";
import { jwtVerify, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { tokenWith } from "./keys.ts";
import { headerOf, now, nowInSeconds, payloadOf } from "./minting.ts";
import { contractOf, names, pairOf, pairs, pem, rfc7518, rsa, signLike, verdict } from "./rfc7518.ts";
import { base64url } from "./verifying.ts";

describe.each(names)("%s", (algorithm) => {
	const { privateKey, publicKey } = pairOf(algorithm);
	const contract = contractOf(algorithm);
	const joseOptions = { algorithms: [algorithm], currentDate: new Date(now()) };

	it("makes tokens that verify here and by jose", async () => {
		const token = await tokenWith(contract, privateKey);
		expect(headerOf(token)).toEqual({ alg: algorithm, typ: "JWT" });
		expect(Buffer.from(token.split(".")[2] as string, "base64url")).toHaveLength(rfc7518[algorithm][2]);
		const { payload } = await jwtVerify(token, publicKey, joseOptions);
		expect(payload).toEqual(payloadOf(token));
		expect(await verdict(token, algorithm)).toBe("verified");
		expect(
			await verdict(
				token.replace(/\.(.)/, (_, first: string) => `.${first === "e" ? "f" : "e"}`),
				algorithm,
			),
		).toBe("signature_invalid");
	});

	it("takes the tokens of jose", async () => {
		const token = await new SignJWT({ id: "u_1", exp: nowInSeconds + 60 }).setProtectedHeader({ alg: algorithm }).sign(privateKey);
		expect(await verdict(token, algorithm)).toBe("verified");
		expect(await verdict(`${token}AAAA`, algorithm)).toBe("signature_invalid");
	});

	it("is the only one that its contract takes", async () => {
		for (const other of names.filter((name) => name !== algorithm)) {
			const token = await new SignJWT({ id: "u_1", exp: nowInSeconds + 60 })
				.setProtectedHeader({ alg: other })
				.sign(pairOf(other).privateKey);
			expect(await verdict(token, algorithm), other).toBe("algorithm_not_allowed");
		}
		const unsigned = `${base64url('{"alg":"none"}')}.${base64url(JSON.stringify({ id: "u_1", exp: nowInSeconds + 60 }))}.`;
		expect(await verdict(unsigned, algorithm)).toBe("algorithm_not_allowed");
	});

	it("takes a remote signer's signature of its length only", async () => {
		const [kind, , bytes] = rfc7518[algorithm];
		const answer = async (length: number): Promise<string> =>
			tokenWith(contract, { alg: algorithm, sign: async () => new Uint8Array(length) }).catch(({ code }: { code: string }) => code);
		expect(await answer(bytes)).toMatch(/^ey/);
		expect(await answer(bytes - 1)).toBe("secret_invalid");
		// The modulus of an RSA key may be longer.
		expect(await answer(bytes + 8)).toMatch(kind === "RSA" ? /^ey/ : /^secret_invalid$/);
	});
});

describe("the hash, padding, salt and encoding of a signature", () => {
	it.each(pairs)("verifies no signature of another: %s", async (algorithm) => {
		expect(await verdict(signLike(algorithm), algorithm)).toBe("verified");
		for (const hash of ["sha256", "sha384", "sha512"].filter((each) => each !== rfc7518[algorithm][1]))
			expect(await verdict(signLike(algorithm, { hash }), algorithm), hash).toBe("signature_invalid");
		if (rfc7518[algorithm][0] !== "RSA") {
			expect(await verdict(signLike(algorithm, { der: true }), algorithm)).toBe("signature_invalid");
			return;
		}
		const [PKCS1, PSS] = [constants.RSA_PKCS1_PADDING, constants.RSA_PKCS1_PSS_PADDING];
		const padding = rfc7518[algorithm][3] === PSS ? PKCS1 : PSS;
		expect(await verdict(signLike(algorithm, { padding }), algorithm)).toBe("signature_invalid");
		if (padding === PSS) return;
		for (const salt of [0, 20, constants.RSA_PSS_SALTLEN_MAX_SIGN])
			expect(await verdict(signLike(algorithm, { salt }), algorithm), String(salt)).toBe("signature_invalid");
	});
});

describe("the salt of RSA-PSS", () => {
	it.each(["PS256", "PS384", "PS512"] as const)("is as long as the hash: %s", async (algorithm) => {
		const [header, payload, signature = ""] = (await tokenWith(contractOf(algorithm), rsa.privateKey)).split(".");
		const isValid = (saltLength: number): boolean =>
			verify(
				rfc7518[algorithm][1],
				Buffer.from(`${header}.${payload}`),
				{ key: rsa.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength },
				Buffer.from(signature, "base64url"),
			);
		expect([32, 48, 64].filter(isValid)).toEqual([Number(algorithm.slice(2)) / 8]);
	});
});

describe("the table of algorithms", () => {
	it("cannot be changed by what reads it", () => {
		expect(Object.isFrozen(algorithms)).toBe(true);
		for (const rule of Object.values(algorithms))
			for (const part of [rule, rule.importParameters, rule.signParameters]) expect(Object.isFrozen(part)).toBe(true);
	});

	it("has no algorithm that signs nothing, and none that a contract could name by accident", () => {
		for (const algorithm of ["none", "None", "", "EdDSA", "ES256K", "RSA-OAEP", "constructor", "__proto__", "toString"]) {
			expect(() => defineContract({ ...contractOf("HS256"), algorithm } as unknown as Contract), algorithm).toThrow(
				expect.objectContaining({ code: "contract_invalid" }),
			);
		}
	});

	it("says of each algorithm what the RFC does", () => {
		for (const name of names) {
			const [kind, hash, bytes] = rfc7518[name];
			const { keyType, importParameters, ...rule } = algorithms[name];
			expect(keyType === "EC" ? importParameters.namedCurve : keyType).toBe(kind);
			expect(rule).toMatchObject({ hash, signatureBytes: bytes });
		}
		expect(createPublicKey(pem(rsa.privateKey)).asymmetricKeyDetails?.modulusLength).toBe(algorithms.PS256.minimumKeyBits);
	});
});
