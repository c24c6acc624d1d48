import { createHmac, generateKeyPairSync, verify } from "node:crypto";
import { createMint, defineContract, type HmacContract, type JwtContract, type MintOptions, maximumTokenBytes } from "@widget-token/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { vary } from "./contract-variants.ts";
import { ada, claimsOf, codeOf, contractWith, env, headerOf, now, nowInSeconds, payloadOf, refusalOf } from "./minting.ts";

const contract = contractWith({
	sub: { from: "identity", field: "id" },
	iat: { from: "generated", generate: "issuedAt" },
	jti: { from: "generated", generate: "uuid" },
});

afterEach(() => {
	vi.unstubAllEnvs();
});

describe("a token", () => {
	it.each([
		["HS256", "sha256"],
		["HS384", "sha384"],
		["HS512", "sha512"],
	] as const)("is signed with %s over header and payload", async (algorithm, hash) => {
		const secret = `${algorithm}-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ`;
		const { token } = await createMint(vary(contract, { algorithm }), { secret, now })(ada);
		const [header, payload, signature] = token.split(".");
		expect(signature).toBe(createHmac(hash, secret).update(`${header}.${payload}`).digest("base64url"));
		expect(headerOf(token)).toEqual({ alg: algorithm, typ: "JWT" });
	});

	it.each([
		["RS256", generateKeyPairSync("rsa", { modulusLength: 2048 })],
		["ES256", generateKeyPairSync("ec", { namedCurve: "P-256" })],
	] as const)("is signed with %s, as the public key confirms", async (algorithm, { privateKey, publicKey }) => {
		const { token } = await createMint(vary(contract, { algorithm, key: { env: "KEY", encoding: "pem" } }), {
			secret: privateKey,
			now,
		})(ada);
		const [header, payload, signature] = token.split(".");
		const isValid = verify(
			"sha256",
			Buffer.from(`${header}.${payload}`),
			{ key: publicKey, dsaEncoding: "ieee-p1363" },
			Buffer.from(signature ?? "", "base64url"),
		);
		expect(isValid).toBe(true);
		expect(headerOf(token)).toEqual({ alg: algorithm, typ: "JWT" });
	});

	it("is base64url without padding in all three parts", async () => {
		const mint = createMint(contract, { env });
		for (let length = 0; length < 12; length++)
			expect((await mint({ ...ada, id: `ü${"x".repeat(length)}` })).token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
	});

	it("names its key where the vendor wants it: by a setting, else by the key's own id", async () => {
		const settings = { keyId: { env: "KEY_ID", description: "The key's id" } };
		const named = vary<JwtContract>(contract, { settings, header: { typ: "JWT", kid: "keyId" } });
		expect(headerOf((await createMint(named, { env, settings: { keyId: "k_1" } })(ada)).token)).toEqual({
			alg: "HS256",
			typ: "JWT",
			kid: "k_1",
		});
		expect(await codeOf(() => createMint(named, { env })(ada))).toBe("setting_missing");
		const jwk = { kty: "oct", k: Buffer.from("a-secret-of-thirty-two-characters").toString("base64url"), kid: "k_2" };
		expect(headerOf((await createMint(contract, { secret: jwk })(ada)).token)).toEqual({ alg: "HS256", typ: "JWT", kid: "k_2" });
	});

	it("has an id of its own", async () => {
		const mint = createMint(contract, { env });
		const ids = await Promise.all(Array.from({ length: 50 }, async () => payloadOf((await mint(ada)).token).jti));
		expect(new Set(ids).size).toBe(50);
		for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
		expect(await claimsOf(contract, ada, { jti: () => "fixed" })).toMatchObject({ jti: "fixed" });
	});

	it("never exceeds 8 KiB", async () => {
		expect(maximumTokenBytes).toBe(8192);
		const free = contractWith({ payload: { from: "custom", type: "string" } });
		const lengthOf = async (characters: number): Promise<number> =>
			(await createMint(free, { env, now, claims: { payload: "x".repeat(characters) } })(ada)).token.length;
		let longest = 5500;
		while ((await lengthOf(longest + 1).catch(() => 0)) > 0) longest++;
		expect(await lengthOf(longest)).toBeLessThanOrEqual(8192);
		expect(await lengthOf(longest)).toBeGreaterThan(8190);
		expect(await codeOf(() => lengthOf(longest + 1))).toBe("token_too_large");
		expect(await codeOf(() => lengthOf(1_000_000))).toBe("token_too_large");
		expect(await codeOf(() => createMint(free, { env, claims: { payload: "ü".repeat(3500) } })(ada))).toBe("token_too_large");
	});
});

describe("the lifetime", () => {
	it("is the contract's, measured from now, in whole seconds", async () => {
		const mint = createMint(contract, { env, now });
		const { token, expiresIn } = await mint(ada);
		expect(expiresIn).toBe(600);
		expect(payloadOf(token)).toMatchObject({ iat: nowInSeconds, exp: nowInSeconds + 600 });
	});

	it("is the option's within the contract's maximum", async () => {
		for (const lifetimeSeconds of [1, 3600]) {
			const { token, expiresIn } = await createMint(contract, { env, now, lifetimeSeconds })(ada);
			expect(expiresIn).toBe(lifetimeSeconds);
			expect(payloadOf(token).exp).toBe(nowInSeconds + lifetimeSeconds);
		}
	});

	it.each([0, -1, 1.5, 3601, Number.NaN, Number.POSITIVE_INFINITY, "600", null, 600n])("cannot be %s", async (lifetimeSeconds) => {
		const error = await refusalOf(() => createMint(contract, { env, lifetimeSeconds: lifetimeSeconds as number }));
		expect(error).toMatchObject({ code: "lifetime_invalid" });
		expect(error.message).toContain("3600");
	});

	it("starts when the token is made, not when the mint is", async () => {
		let milliseconds = now();
		const mint = createMint(contract, { env, now: () => milliseconds });
		await mint(ada);
		milliseconds += 60_000;
		expect(payloadOf((await mint(ada)).token)).toMatchObject({ iat: nowInSeconds + 60, exp: nowInSeconds + 660 });
	});

	it("is measured with the clock of the machine by default", async () => {
		const before = Math.floor(Date.now() / 1000);
		const { iat } = payloadOf((await createMint(contract, { env })(ada)).token) as { iat: number };
		expect(iat).toBeGreaterThanOrEqual(before);
		expect(iat).toBeLessThanOrEqual(Date.now() / 1000);
	});
});

describe("settings", () => {
	const settings = {
		tenantId: { env: "TENANT_ID", description: "The tenant" },
		audience: { env: "AUDIENCE", description: "The audience", default: "acme" },
	};
	const tenant = contractWith(
		{ iss: { from: "setting", setting: "tenantId" }, aud: { from: "setting", setting: "audience" } },
		{ settings },
	);
	const claims = (options: MintOptions): Promise<Record<string, unknown>> => claimsOf(tenant, ada, options);

	it("are the option, else the variable, else the default", async () => {
		expect(await claims({ settings: { tenantId: "a", audience: "b" } })).toMatchObject({ iss: "a", aud: "b" });
		expect(await claims({ env: { ...env, TENANT_ID: "c", AUDIENCE: "d" } })).toMatchObject({ iss: "c", aud: "d" });
		expect(await claims({ env: { ...env, TENANT_ID: "c", AUDIENCE: "d" }, settings: { audience: "b" } })).toMatchObject({
			iss: "c",
			aud: "b",
		});
		expect(await claims({ settings: { tenantId: "a" } })).toMatchObject({ aud: "acme" });
		expect(await claims({ settings: { tenantId: "a" }, env: { ...env, AUDIENCE: "" } })).toMatchObject({ aud: "acme" });
	});

	it("lose white space around them", async () => {
		expect(await claims({ env: { ...env, TENANT_ID: " t_1\n" } })).toMatchObject({ iss: "t_1" });
	});

	it("are refused when missing or empty, by the name of option and variable", async () => {
		for (const options of [
			{},
			{ settings: { tenantId: "" } },
			{ settings: { tenantId: " " } },
			{ env: { ...env, TENANT_ID: "" } },
			{ settings: { tenantId: 7 as unknown as string } },
		]) {
			const error = await refusalOf(() => claims(options));
			expect(error).toMatchObject({ code: "setting_missing", remedy: "Set TENANT_ID, or pass it as `settings.tenantId`." });
		}
	});

	it("are refused when the widget has none of that name", async () => {
		const error = await refusalOf(() => createMint(tenant, { env, settings: { tenant: "a" } }));
		expect(error).toMatchObject({ code: "setting_unknown", detail: "tenant; profile has tenantId, audience" });
	});
});

describe("a mint", () => {
	it("needs no secret and no setting before its first token, so that a build needs none", async () => {
		const settings = { tenantId: { env: "TENANT_ID", description: "The tenant" } };
		const mint = createMint(contractWith({ iss: { from: "setting", setting: "tenantId" } }, { settings }), { env: {} });
		expect(await codeOf(() => mint(ada))).toBe("secret_missing");
	});

	it("reads the environment of the process by default", async () => {
		vi.stubEnv("ACME_SECRET", "from-the-process-0123456789abcdef");
		const { token } = await createMint(contract)(ada);
		const [header, payload, signature] = token.split(".");
		expect(signature).toBe(createHmac("sha256", "from-the-process-0123456789abcdef").update(`${header}.${payload}`).digest("base64url"));
	});

	it("is bound to its options as they were when it was made", async () => {
		const options = { env, now, lifetimeSeconds: 60, claims: undefined as undefined | Record<string, string> };
		const mint = createMint(contract, options);
		options.lifetimeSeconds = 999_999;
		options.claims = { sub: "eve" };
		const { token, expiresIn } = await mint(ada);
		expect(expiresIn).toBe(60);
		expect(payloadOf(token).sub).toBe("u_1");
		expect(Object.isFrozen(options)).toBe(false);
	});

	it("is bound to the contract as it was when it was made", async () => {
		const data = structuredClone(contract) as { id: string; claims: Record<string, unknown> };
		const mint = createMint(defineContract(data), { env, now, jti: () => "j" });
		data.claims.admin = { from: "constant", value: true };
		expect(Object.keys(payloadOf((await mint(ada)).token))).toEqual(["sub", "iat", "jti", "exp"]);
		expect(Object.isFrozen(mint) && Object.isFrozen(mint.contract)).toBe(true);
		expect(mint.contract).toEqual(contract);
	});

	it("refuses a contract that has not been checked when it is made", async () => {
		expect(await codeOf(() => createMint({ ...contract, algorithm: "HS512" }))).toBe("contract_invalid");
	});

	it.each([[undefined], [null], [false], [true], ["u_1"], [7], [{}], [[]], [{ provider: "my-app" }]])(
		"gives %j no token, for it is no identity",
		async (identity) => {
			expect(
				await codeOf(() =>
					createMint(contractWith({ role: { from: "role", type: "string" } }), { env, role: () => "admin" })(identity as never),
				),
			).toBe("provider_misconfigured");
		},
	);

	it("keeps concurrent users apart", async () => {
		const mint = createMint(contract, { env, role: undefined });
		const ids = Array.from({ length: 200 }, (_, index) => `u_${index}`);
		const subjects = await Promise.all(ids.map(async (id) => payloadOf((await mint({ id, provider: "my-app" })).token).sub));
		expect(subjects).toEqual(ids);
	});
});

describe("an HMAC contract", () => {
	const hmac = defineContract({
		id: "acme-hmac",
		name: "Acme HMAC",
		documentation: [],
		scheme: "hmac",
		algorithm: "HS256",
		key: { env: "ACME_HMAC_SECRET", encoding: "utf8" },
		message: { field: "email", transform: "lowercase" },
	}) as HmacContract;

	it("gives the HMAC-SHA256 of the field in hexadecimal, which never expires", async () => {
		const minted = await createMint(hmac, { env })(ada);
		expect(minted).toEqual({
			token: createHmac("sha256", env.ACME_HMAC_SECRET ?? "")
				.update("ada@example.com")
				.digest("hex"),
		});
	});

	it("signs the field as it is without a transform", async () => {
		const { token } = await createMint(vary(hmac, { message: { field: "id" } }), { env })({ ...ada, id: "U\u0308 1" });
		expect(token).toBe(
			createHmac("sha256", env.ACME_HMAC_SECRET ?? "")
				.update("U\u0308 1")
				.digest("hex"),
		);
	});

	it("takes a key in hexadecimal where the vendor issues one", async () => {
		const key = "8f3a5c7e9b1d2f4060718293a4b5c6d7".repeat(2);
		const { token } = await createMint(vary(hmac, { key: { env: "ACME_HEX", encoding: "hex" } }), { env: { ACME_HEX: key } })(ada);
		expect(token).toBe(createHmac("sha256", Buffer.from(key, "hex")).update("ada@example.com").digest("hex"));
	});

	it("follows the same rules of e-mail addresses and text", async () => {
		const mint = createMint(hmac, { env });
		expect(await codeOf(() => mint({ ...ada, emailVerified: false }))).toBe("email_unverified");
		expect(await codeOf(() => mint({ ...ada, email: undefined }))).toBe("claim_missing");
		expect(await codeOf(() => mint({ ...ada, email: "a\u0000@example.com" }))).toBe("identity_invalid");
		expect(await codeOf(() => mint({ ...ada, email: "\u212aate@example.com" }))).toBe("identity_invalid");
		expect(await codeOf(() => mint({ ...ada, id: " u_1" }))).toBe("identity_invalid");
		expect(await codeOf(() => mint({ ...ada, id: undefined as unknown as string }))).toBe("provider_misconfigured");
		expect((await createMint(hmac, { env, allowUnverifiedEmail: true })({ ...ada, emailVerified: false })).token).toMatch(/^[0-9a-f]{64}$/);
		expect(
			await codeOf(() =>
				createMint(vary(hmac, { message: { field: "id" } }), { env, requireVerifiedEmail: true })({ ...ada, emailVerified: false }),
			),
		).toBe("email_unverified");
	});

	it.each([{ role: () => "admin" }, { claims: {} }, { lifetimeSeconds: 60 }])("has no claims and no lifetime to set", async (options) => {
		expect(await codeOf(() => createMint(hmac, { env, ...options }))).toBe("options_invalid");
	});
});
