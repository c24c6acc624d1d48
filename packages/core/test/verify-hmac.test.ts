import { createHmac } from "node:crypto";
import { createMint, type HmacContract } from "@widget-token/core";
import { createVerify } from "@widget-token/core/verify";
import { describe, expect, it } from "vitest";
import { vary } from "./contract-variants.ts";
import { hmacContract } from "./keys.ts";
import { ada, codeOf } from "./minting.ts";
import { base64url, outcomeOf, secret, verifier } from "./verifying.ts";

describe("an identifier's hash (scheme hmac)", () => {
	const hash = (text: string, key: string | Uint8Array = secret): string => createHmac("sha256", key).update(text).digest("hex");
	const byMail = vary<HmacContract>(hmacContract, { id: "by-mail", message: { field: "email", transform: "lowercase" } });

	it("is the mint's", async () => {
		const { token } = await createMint(byMail, { secret })(ada);
		expect(await verifier(byMail)(token, { identifier: "Ada@Example.com" })).toEqual({
			verified: true,
			claims: {},
			identity: { widget: "by-mail", email: "ada@example.com" },
		});
	});

	it("takes no identifier for its lower case's owner that the mint would not lower-case", async () => {
		expect(await outcomeOf(verifier(byMail)(hash("kate@example.com"), { identifier: "Kate@example.com" }))).toBe("verified");
		for (const identifier of ["\u212aate@example.com", "ΟΔΥΣΣΕΥΣ@example.com"]) {
			expect(await outcomeOf(verifier(byMail)(hash(identifier.toLowerCase()), { identifier }))).toBe("signature_invalid");
		}
	});

	it("takes no identifier that the mint would refuse", async () => {
		for (const identifier of [" u_1", "u_1\u00a0", "u\u0000", "u".repeat(256)])
			expect(await outcomeOf(verifier(hmacContract)(hash(identifier), { identifier }))).toBe("signature_invalid");
		for (const identifier of ["u 1", "zoe\u0308", "u_1\u200b"])
			expect(await verifier(hmacContract)(hash(identifier), { identifier })).toMatchObject({
				verified: true,
				identity: { id: identifier },
			});
	});

	it("proves that one identifier", async () => {
		const verify = verifier(hmacContract);
		expect(await verify(hash("u_1"), { identifier: "u_1" })).toMatchObject({ verified: true, identity: { id: "u_1" } });
		for (const [token, identifier, code] of [
			[hash("u_1"), "u_2", "signature_invalid"],
			[hash("u_1").toUpperCase(), "u_1", "signature_invalid"],
			[hash("u_1", "another-secret-of-thirty-two-chars"), "u_1", "signature_invalid"],
			[`${hash("u_1")} `, "u_1", "too_large"],
			[hash("u_1").slice(0, 62), "u_1", "signature_invalid"],
			[base64url("u_1"), "u_1", "signature_invalid"],
			[hash("\ufffd"), "\ud800", "signature_invalid"],
			[hash("u_1"), "", "identifier_missing"],
			[hash("u_1"), undefined, "identifier_missing"],
			["", "u_1", "token_missing"],
		] as const) {
			expect(await outcomeOf(verify(token, { identifier }))).toBe(code);
		}
	});

	it("names a secret that was read in another way, and a key that is not there", async () => {
		const hex = "8f3a5c7e9b1d2f4060718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d8";
		expect(await outcomeOf(verifier(hmacContract, { secret: hex })(hash("u_1", Buffer.from(hex, "hex")), { identifier: "u_1" }))).toBe(
			"key_decoded",
		);
		expect(await outcomeOf(createVerify(hmacContract, { env: {} })(hash("u_1"), { identifier: "u_1" }))).toBe("key_missing");
	});

	it("has neither claims nor a lifetime, so that options for them are a mistake", async () => {
		for (const options of [{ replay: { store: { claim: () => true } } }, { settings: {} }, { isRevoked: () => false }]) {
			expect(await codeOf(() => createVerify(hmacContract, options))).toBe("options_invalid");
		}
	});
});
