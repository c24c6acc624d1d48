import { type JwtContract, WidgetTokenError } from "@widget-token/core";
import { createVerify, type VerifyHint } from "@widget-token/core/verify";
import { hilal } from "@widget-token/widgets";
import { describe, expect, it } from "vitest";
import { vary } from "./contract-variants.ts";
import { codeOf, now, refusalOf } from "./minting.ts";
import { base64url, claims, contract, expectCode, outcomeOf, secret, sign, verifier } from "./verifying.ts";

const quiet = { onEvent: () => undefined };

describe("a tenant's key", () => {
	const botSecret = "bot-secret-7Qm2xT9vLp4Rk8Zs3Yc6Wd";
	const keys = ({ tenant }: VerifyHint): string | null => (tenant === "bot_1" ? botSecret : null);

	it("goes before the deployment-wide one, which is not taken in its place", async () => {
		const verify = createVerify(hilal, { keys, secret, now });
		const [own, common] = [sign({ ...claims, sub: "own" }, { alg: "HS256" }, botSecret), sign(claims)];
		expect(await outcomeOf(verify(own, { tenant: "bot_1" }))).toBe("verified");
		expect(await outcomeOf(verify(common, { tenant: "bot_1" }))).toBe("signature_invalid");
		expect(await outcomeOf(verify(common, { tenant: "bot_2" }))).toBe("verified");
		expect(await outcomeOf(verify(own, { tenant: "bot_2" }))).toBe("signature_invalid");
		expect(await outcomeOf(verify(common))).toBe("verified");
	});

	it.each([null, undefined, []])("that is not there, with no other, is not_configured: %j", async (nothing) => {
		expect(await createVerify(hilal, { keys: () => nothing, env: {} })(sign())).toMatchObject({
			verified: false,
			reason: "not_configured",
		});
		expect(await createVerify(hilal, { keys: async () => nothing, env: {} })(sign())).toMatchObject({
			verified: false,
			reason: "not_configured",
		});
	});

	it("is looked up with what the token and the caller say", async () => {
		const hints: VerifyHint[] = [];
		const look = (hint: VerifyHint): string => {
			hints.push(hint);
			return secret;
		};
		const verify = createVerify(hilal, { keys: look, now });
		await verify(sign(claims, { alg: "HS256", kid: "k_1" }), { tenant: "bot_1" });
		await verify(sign());
		expect(hints).toEqual([
			{ widget: "hilal", kid: "k_1", tenant: "bot_1" },
			{ widget: "hilal", kid: undefined, tenant: undefined },
		]);
	});

	it("is not looked up for what is no token of the contract", async () => {
		const never = (): never => expect.unreachable("a key was looked up");
		for (const token of ["", "a.b.c", sign(claims, { alg: "none" }), "x".repeat(9000)])
			await expectCode(token, await outcomeOf(verifier()(token)), contract, { keys: never });
	});

	it("refuses at once when it is revoked, however often it has verified", async () => {
		let current: string | null = secret;
		const verify = verifier(contract, { keys: () => current, env: {} });
		const token = sign();
		for (let index = 0; index < 3; index++) expect(await outcomeOf(verify(token))).toBe("verified");
		current = botSecret;
		expect(await outcomeOf(verify(token))).toBe("signature_invalid");
		current = null;
		expect(await outcomeOf(verify(token))).toBe("key_missing");
	});
});

describe("a look-up that fails", () => {
	const failures: readonly (readonly [string, () => never | Promise<never>])[] = [
		[
			"throws",
			() => {
				throw new Error("the database at 10.0.0.1 is down");
			},
		],
		["rejects", () => Promise.reject(new Error("the database at 10.0.0.1 is down"))],
		["rejects with nothing", () => Promise.reject()],
		["does not answer", () => new Promise<never>(() => undefined)],
	];

	it.each(failures)("is an outage and not not_configured when it %s", async (_, fail) => {
		for (const options of [{ keys: fail }, { secret: fail }, { isRevoked: fail, secret }]) {
			const verify = createVerify(contract, { now, timeoutSeconds: 0.02, ...quiet, ...options });
			const error = await refusalOf(() => verify(sign(claims, { alg: "HS256", kid: "k_1" })));
			expect(error).toMatchObject({ code: "key_unavailable", status: 503, retryAfterSeconds: 5 });
			expect(error.message).not.toContain("10.0.0.1");
		}
	});

	it("passes on the code that it names itself", async () => {
		const keys = (): never => {
			throw new WidgetTokenError("secret_missing", { detail: "bot_1" });
		};
		expect(await codeOf(() => createVerify(contract, { keys, now, ...quiet })(sign()))).toBe("secret_missing");
	});
});

describe("several keys", () => {
	const [oldKey, newKey] = ["old-key-9Zx3Vb7Nm1Qw5Er2Ty6Ui8Op", "new-key-4As8Df2Gh6Jk1Lz9Xc3Vb7Nm"];
	const jwk = (key: string, kid?: string): JsonWebKey => ({ kty: "oct", k: base64url(key), ...(kid === undefined ? {} : { kid }) });
	const signedBy = (key: string, kid?: string): string => sign(claims, { alg: "HS256", ...(kid === undefined ? {} : { kid }) }, key);

	it("all verify during a rotation", async () => {
		const verify = verifier(contract, { secret: [newKey, oldKey] });
		for (const key of [oldKey, newKey]) expect(await outcomeOf(verify(signedBy(key)))).toBe("verified");
		expect(await outcomeOf(verify(signedBy(secret)))).toBe("signature_invalid");
	});

	it("are narrowed down by the token's kid, which decides nothing else", async () => {
		const verify = verifier(contract, { secret: [jwk(newKey, "new"), jwk(oldKey, "old")] });
		expect(await outcomeOf(verify(signedBy(newKey, "new")))).toBe("verified");
		expect(await outcomeOf(verify(signedBy(newKey, "old")))).toBe("signature_invalid");
		expect(await outcomeOf(verify(signedBy(newKey, "third")))).toBe("unknown_kid");
		expect(await outcomeOf(verify(signedBy(oldKey)))).toBe("verified");
		for (const kid of ["__proto__", "constructor", "../../etc/passwd", "' OR 1=1 --"])
			expect(await outcomeOf(verify(signedBy(newKey, kid)))).toBe("unknown_kid");
	});

	it("of which some have no name fit every token", async () => {
		const verify = verifier(contract, { secret: [jwk(newKey, "new"), oldKey] });
		expect(await outcomeOf(verify(signedBy(oldKey, "any")))).toBe("verified");
		expect(await outcomeOf(verify(signedBy(newKey, "any")))).toBe("signature_invalid");
	});

	it("can be revoked by name, although a list still holds them", async () => {
		const revoked = new Set<string>();
		const verify = verifier(contract, { secret: [jwk(newKey, "new"), jwk(oldKey, "old")], isRevoked: (kid) => revoked.has(kid) });
		expect(await outcomeOf(verify(signedBy(oldKey, "old")))).toBe("verified");
		revoked.add("old");
		expect(await outcomeOf(verify(signedBy(oldKey, "old")))).toBe("key_revoked");
		expect(await outcomeOf(verify(signedBy(newKey, "new")))).toBe("verified");
		expect(await outcomeOf(verify(signedBy(oldKey)))).toBe("unknown_kid");
	});

	it("must be named where the contract says so", async () => {
		const named = vary<JwtContract>(contract, {
			settings: { keyId: { env: "KEY_ID", description: "The key's id" } },
			header: { typ: "JWT", kid: "keyId" },
		});
		await expectCode(signedBy(secret), "unknown_kid", named);
		await expectCode(signedBy(secret, "k_1"), "verified", named);
	});
});

describe("a secret read in another way than it is meant", () => {
	const hex = "8f3a5c7e9b1d2f4060718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d8";
	const base64 = Buffer.from(hex, "hex").toString("base64");
	const encoded = (encoding: "utf8" | "hex" | "base64"): JwtContract => vary(contract, { key: { ...contract.key, encoding } });

	it.each([
		["hex text that was decoded", "utf8", hex, Buffer.from(hex, "hex"), "key_decoded"],
		["hex text that was taken for base64", "utf8", hex, Buffer.from(hex, "base64"), "key_decoded"],
		["base64 text that was decoded", "utf8", base64, Buffer.from(base64, "base64"), "key_decoded"],
		["hex that was not decoded", "hex", hex, hex, "key_not_decoded"],
		["base64 that was not decoded", "base64", base64, base64, "key_not_decoded"],
		["another key", "utf8", hex, "8f3a5c7e9b1d2f4060718293a4b5c6d7", "signature_invalid"],
	] as const)("is named: %s", async (_, encoding, text, used, code) => {
		const token = sign(claims, { alg: "HS256" }, used);
		expect(await verifier(encoded(encoding), { secret: text })(token)).toMatchObject({ reason: "invalid_signature", code });
		const other = encoding === "utf8" ? secret : Buffer.from(secret).toString(encoding);
		expect(await outcomeOf(verifier(encoded(encoding), { secret: [other, text] })(token))).toBe(code);
	});

	it("is named where the key is bytes", async () => {
		await expectCode(sign(claims, { alg: "HS256" }, Buffer.from(hex, "hex")), "key_decoded", contract, { secret: Buffer.from(hex) });
		await expectCode(sign(claims, { alg: "HS256" }, hex), "key_not_decoded", encoded("hex"), { secret: Buffer.from(hex, "hex") });
	});

	it("verifies in the reading that is meant", async () => {
		await expectCode(sign(claims, { alg: "HS256" }, hex), "verified", encoded("utf8"), { secret: hex });
		await expectCode(sign(claims, { alg: "HS256" }, Buffer.from(hex, "hex")), "verified", encoded("hex"), { secret: hex });
		await expectCode(sign(claims, { alg: "HS256" }, Buffer.from(base64, "base64")), "verified", encoded("base64"), { secret: base64 });
	});
});
