import { type CustomClaimRule, createMint, type Identity, type JsonValue, type MintOptions } from "@widget-token/core";
import { afterEach, describe, expect, it } from "vitest";
import { ada, claimsOf, codeOf, contractWith, env, now, nowInSeconds, payloadOf, profile, refusalOf } from "./minting.ts";

const withoutEmail: Identity = { id: "u_1", provider: "my-app", name: "Ada" };
const unverified: Identity = { ...ada, emailVerified: false };

describe("claims", () => {
	it("come from identity, settings, constants and the generator, in the contract's order", async () => {
		const contract = contractWith(
			{
				tenant: { from: "setting", setting: "tenantId" },
				scope: { from: "constant", value: "user" },
				resource: { from: "constant", value: { dashboard: [1, null, "ü"] } },
				sub: { from: "identity", field: "id" },
				iat: { from: "generated", generate: "issuedAt" },
				jti: { from: "generated", generate: "uuid" },
			},
			{ settings: { tenantId: { env: "TENANT_ID", description: "The tenant" } } },
		);
		const { token } = await createMint(contract, { env: { ...env, TENANT_ID: "t_1" }, now, jti: () => "j_1" })(ada);
		expect(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).toBe(
			`{"tenant":"t_1","scope":"user","resource":{"dashboard":[1,null,"ü"]},"sub":"u_1","iat":${nowInSeconds},"jti":"j_1","exp":${nowInSeconds + 600}}`,
		);
	});

	it("leave out what the identity does not have", async () => {
		expect(Object.keys(await claimsOf(profile, { id: "u_1", provider: "my-app" }))).toEqual(["id", "exp"]);
	});

	it.each([
		"id",
		"email",
		"name",
		"picture",
		"phoneNumber",
		"locale",
		"organization.id",
		"organization.slug",
		"organization.name",
		"organization.role",
	] as const)("refuse the token when a required one is missing, by its name: %s", async (field) => {
		const contract = contractWith({ the_claim: { from: "identity", field, required: true } });
		const error = await refusalOf(() =>
			claimsOf(contract, { id: field === "id" ? undefined : "u_1", provider: "my-app", organization: {} }),
		);
		expect(error.code).toBe(field === "id" ? "provider_misconfigured" : "claim_missing");
		if (field !== "id") expect(error.detail).toContain("the_claim");
	});

	it("fall back to another field where the contract says so", async () => {
		const contract = contractWith({ name: { from: "identity", field: "name", fallbackField: "email" } });
		expect(await claimsOf(contract, ada)).toMatchObject({ name: "Ada" });
		expect(await claimsOf(contract, { ...ada, name: " " })).toMatchObject({ name: "Ada@Example.com" });
		expect(await claimsOf(contract, { ...unverified, name: undefined })).not.toHaveProperty("name");
	});

	it("are lower-cased where the contract says so", async () => {
		const contract = contractWith({ email: { from: "identity", field: "email", transform: "lowercase" } });
		expect(await claimsOf(contract, ada)).toMatchObject({ email: "ada@example.com" });
		// Letters beyond ASCII one by one, whatever stands around them.
		expect(await claimsOf(contract, { ...ada, email: "ÄÑЖ@example.com" })).toMatchObject({ email: "äñж@example.com" });
		expect(await claimsOf(contract, { ...ada, email: "ας.ασ@example.com" })).toMatchObject({ email: "ας.ασ@example.com" });
	});

	it.each([
		["the Kelvin sign, whose lower case is an ASCII k", "\u212aate@example.com"],
		["a dotted capital I, whose lower case is longer", "\u0130da@example.com"],
		["a sigma, whose lower case depends on its place", "ΟΔΥΣΣΕΥΣ@example.com"],
		["the Angstrom sign, whose lower case is another letter's", "\u212bke@example.com"],
		["a sharp S, whose lower case has another capital", "\u1e9e@example.com"],
	])("are refused where they were to be lower-cased and hold %s", async (_, email) => {
		const contract = contractWith({ email: { from: "identity", field: "email", transform: "lowercase" } });
		expect(await codeOf(() => claimsOf(contract, { ...ada, email }))).toBe("identity_invalid");
		expect(await claimsOf(profile, { ...ada, email })).toMatchObject({ email });
	});

	it("tell whether the address is verified, as a boolean", async () => {
		expect(await claimsOf(profile, ada)).toMatchObject({ email_verified: true });
		expect(await claimsOf(profile, unverified)).toMatchObject({ email_verified: false });
		expect(await claimsOf(profile, { ...ada, emailVerified: undefined })).not.toHaveProperty("email_verified");
		expect(await claimsOf(profile, { ...ada, emailVerified: "true" })).not.toHaveProperty("email_verified");
	});

	it("demand one of a group where the contract says so", async () => {
		const contract = contractWith(
			{ email: { from: "identity", field: "email" }, phone: { from: "identity", field: "phoneNumber" } },
			{ oneOf: [["email", "phone"]] },
		);
		expect(await claimsOf(contract, { ...withoutEmail, phoneNumber: "+49" })).toMatchObject({ phone: "+49" });
		expect(await claimsOf(contract, ada)).toMatchObject({ email: "Ada@Example.com" });
		const error = await refusalOf(() =>
			claimsOf(contract, unverified.phoneNumber === undefined ? unverified : { ...unverified, phoneNumber: undefined }),
		);
		expect(error).toMatchObject({ code: "claim_missing", detail: "profile requires one of email, phone" });
	});

	it("take the name that a setting gives", async () => {
		const settings = { nameOfClaim: { env: "CLAIM", description: "The claim's name", default: "subject" } };
		const contract = contractWith({ sub: { from: "identity", field: "id", nameSetting: "nameOfClaim" } }, { settings });
		expect(await claimsOf(contract, ada)).toEqual({ subject: "u_1", exp: nowInSeconds + 600 });
		expect(await claimsOf(contract, ada, { settings: { nameOfClaim: "https://example.com/sub" } })).toMatchObject({
			"https://example.com/sub": "u_1",
		});
		expect(await codeOf(() => claimsOf(contract, ada, { settings: { nameOfClaim: "exp" } }))).toBe("claim_reserved");
	});
});

describe("an e-mail address", () => {
	const required = contractWith({ email: { from: "identity", field: "email", required: true } });
	const optional = contractWith({ email: { from: "identity", field: "email" } });

	it("goes out when the provider has verified it", async () => {
		expect(await claimsOf(required, ada)).toMatchObject({ email: "Ada@Example.com" });
	});

	it.each([false, undefined, null, "true", 1])(
		"that is not verified (%s) is left out where it is optional, and refuses the token where it is required",
		async (emailVerified) => {
			expect(await claimsOf(optional, { ...ada, emailVerified })).not.toHaveProperty("email");
			expect(await codeOf(() => claimsOf(required, { ...ada, emailVerified }))).toBe("email_unverified");
		},
	);

	it("that is missing is not called unverified", async () => {
		expect(await codeOf(() => claimsOf(required, withoutEmail))).toBe("claim_missing");
		expect(await codeOf(() => claimsOf(required, { ...withoutEmail, emailVerified: true }))).toBe("claim_missing");
	});

	it("goes out unverified only by an explicit option", async () => {
		expect(await claimsOf(required, unverified, { allowUnverifiedEmail: true })).toMatchObject({ email: "Ada@Example.com" });
		expect(await codeOf(() => claimsOf(required, unverified, { allowUnverifiedEmail: false }))).toBe("email_unverified");
	});

	it("can be demanded where the widget does not need one", async () => {
		const options = { requireVerifiedEmail: true };
		const contract = contractWith({ sub: { from: "identity", field: "id" } });
		expect(await claimsOf(contract, ada, options)).toMatchObject({ sub: "u_1" });
		expect(await codeOf(() => claimsOf(contract, unverified, options))).toBe("email_unverified");
		for (const email of [undefined, null]) expect(await codeOf(() => claimsOf(contract, { ...ada, email }, options))).toBe("claim_missing");
		for (const email of ["", " ", "ada", " ada@example.com"])
			expect(await codeOf(() => claimsOf(contract, { ...ada, email }, options))).toBe("identity_invalid");
	});

	it("cannot be both waived and demanded", async () => {
		expect(await codeOf(() => createMint(optional, { env, allowUnverifiedEmail: true, requireVerifiedEmail: true }))).toBe(
			"options_invalid",
		);
	});
});

describe("a role", () => {
	const one = contractWith({ role: { from: "role", type: "string", oneOf: ["admin", "user"] } });
	const any = contractWith({ roles: { from: "role", type: "string-or-array", required: true } });
	const roleOf = async (role: unknown): Promise<unknown> => (await claimsOf(any, ada, { role: () => role as string })).roles;

	it("is mapped from the identity and the provider's raw user, at once or later", async () => {
		const identity = { ...ada, user: { isAdmin: true } };
		expect(await claimsOf<{ isAdmin: boolean }>(one, identity, { role: (_, user) => (user.isAdmin ? "admin" : "user") })).toMatchObject({
			role: "admin",
		});
		expect(await claimsOf(one, identity, { role: async ({ roles }) => (roles?.includes("staff") ? "admin" : "user") })).toMatchObject({
			role: "admin",
		});
	});

	it("has no default", async () => {
		expect(await claimsOf(one, ada)).not.toHaveProperty("role");
		for (const nothing of [undefined, null, "", []]) expect(await claimsOf(one, ada, { role: () => nothing })).not.toHaveProperty("role");
	});

	it("must be mapped where the widget requires one", async () => {
		expect(await codeOf(() => createMint(any, { env }))).toBe("role_unmapped");
		for (const nothing of [undefined, null, "", []]) expect(await codeOf(() => roleOf(nothing))).toBe("role_missing");
	});

	it("is refused where the widget has none", async () => {
		expect(await codeOf(() => createMint(profile, { env, role: () => "admin" }))).toBe("options_invalid");
	});

	it("is one that the widget knows", async () => {
		const error = await refusalOf(() => claimsOf(one, ada, { role: () => "root-4711" }));
		expect(error).toMatchObject({ code: "claim_invalid" });
		expect(error.message).toContain("admin, user");
		expect(error.message).not.toContain("root-4711");
		expect(await codeOf(() => claimsOf(one, ada, { role: () => ["admin"] }))).toBe("claim_invalid");
		expect(await codeOf(() => claimsOf(one, ada, { role: () => "Admin" }))).toBe("claim_invalid");
	});

	it("may be an array or a comma-separated string where the widget takes both", async () => {
		expect(await roleOf(["Accounting Team", "Bu\u0308ro"])).toEqual(["Accounting Team", "Bu\u0308ro"]);
		expect(await roleOf("Accounting Team, Support Team")).toBe("Accounting Team, Support Team");
		const many = Array.from({ length: 20 }, (_, index) => `Accounting Team of Region ${index}`).join(", ");
		expect(await roleOf(many)).toBe(many);
	});

	it("obeys the rules of an identity's text", async () => {
		for (const role of ["a\u0000", "a\u202eb", "\ud800", 1.5, {}, ["a", "b\nc"], "a".repeat(2049), ["a".repeat(256)]])
			expect(await codeOf(() => roleOf(role))).toBe("identity_invalid");
	});

	it("is signed as it is or refused, for a role that is cleaned could become another", async () => {
		for (const role of [" admin", "admin\u00a0", ["Support", " admin"], ["Support", " "], ["Support", ""]])
			expect(await codeOf(() => roleOf(role))).toBe("identity_invalid");
	});

	it("is asked anew for each token", async () => {
		const mint = createMint(any, { env, role: ({ roles }) => roles });
		const rolesOf = async (roles: string[]): Promise<unknown> => payloadOf((await mint({ ...ada, roles })).token).roles;
		expect(await rolesOf(["a"])).toEqual(["a"]);
		expect(await rolesOf(["b"])).toEqual(["b"]);
		const text = createMint(any, { env, role: ({ roles }) => roles?.[0] });
		expect(payloadOf((await text({ ...ada, roles: ["a"] })).token).roles).toBe("a");
		expect(payloadOf((await text({ ...ada, roles: ["b"] })).token).roles).toBe("b");
	});
});

describe("a free-form claim", () => {
	const customOf = async (type: CustomClaimRule["type"], value: unknown): Promise<unknown> =>
		(await claimsOf(contractWith({ extra: { from: "custom", type } }), ada, { claims: { extra: value as JsonValue } })).extra;

	it("is a value, a function of identity and raw user, or one function for all", async () => {
		const contract = contractWith({ a: { from: "custom", type: "string" }, b: { from: "custom", type: "string" } });
		const identity = { ...ada, user: { plan: "pro" } };
		expect(
			await claimsOf<{ plan: string }>(contract, identity, { claims: { a: "x", b: async ({ id }, user) => `${id} ${user.plan}` } }),
		).toMatchObject({ a: "x", b: "u_1 pro" });
		expect(
			await claimsOf<{ plan: string }>(contract, identity, { claims: async ({ id }, user) => ({ a: id, b: user.plan }) }),
		).toMatchObject({ a: "u_1", b: "pro" });
		expect(await claimsOf(contract, identity, { claims: () => undefined })).toEqual({ exp: nowInSeconds + 600 });
	});

	it.each([
		["string", "x", ""],
		["number", 1.5, 0],
		["boolean", true, false],
		["object", { a: { b: [1, null] } }, {}],
		["array", ["a", 1], []],
	] as const)("has the contract's type: %s", async (type, ...values) => {
		for (const value of values) expect(await customOf(type, value)).toEqual(value);
		for (const other of ["text", 7, true, { a: 1 }, [1]].filter((other) => (Array.isArray(other) ? "array" : typeof other) !== type)) {
			expect(await codeOf(() => customOf(type, other)), JSON.stringify(other)).toBe("claim_invalid");
		}
	});

	it("is the text of a JSON document where the vendor wants it so", async () => {
		expect(await customOf("json-string", { a: ['"'] })).toBe('{"a":["\\""]}');
	});

	it("is left out when there is no value, and refuses the token when it is required", async () => {
		const contract = contractWith({ extra: { from: "custom", type: "string", required: true } });
		for (const nothing of [undefined, null]) {
			expect(await customOf("string", nothing)).toBeUndefined();
			expect(await codeOf(() => claimsOf(contract, ada, { claims: { extra: nothing } }))).toBe("claim_missing");
		}
		expect(await codeOf(() => claimsOf(contract, ada))).toBe("claim_missing");
	});

	it("is never something else than what was meant", async () => {
		const circular: Record<string, unknown> = {};
		circular.self = circular;
		for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) expect(await codeOf(() => customOf("number", value))).toBe("claim_invalid");
		for (const value of [circular, { big: 1n }, { deep: [Number.NaN] }, new Date(0)])
			expect(await codeOf(() => customOf("object", value))).toBe("claim_invalid");
		expect(await codeOf(() => customOf("string", Symbol("x")))).toBe("claim_invalid");
		const thrower = {
			toJSON() {
				throw new Error("secret-4711");
			},
		};
		expect((await refusalOf(() => customOf("object", thrower))).message).not.toContain("4711");
	});

	it("is sent as it is, at any depth, or refused for a control character other than a tab or a line break", async () => {
		const company = { name: " Zoe\u0308 ", lines: ["a\nb\tc"] };
		expect(await customOf("object", { company })).toEqual({ company });
		expect(await customOf("string", " Zoe\u0308 ")).toBe(" Zoe\u0308 ");
		for (const text of ["a\u0000b", "a\u001b[31m", "a\u202eb", "a\ud800"]) {
			const error = await refusalOf(() => customOf("object", { company: [{ name: text }] }));
			expect(error).toMatchObject({ code: "identity_invalid" });
			expect(error.detail).toContain("extra");
		}
	});

	it("lets the error of the integrator's function through", async () => {
		const contract = contractWith({ extra: { from: "custom", type: "string" } });
		const failure = new Error("the plan could not be read");
		await expect(claimsOf(contract, ada, { claims: { extra: () => Promise.reject(failure) } })).rejects.toBe(failure);
	});
});

describe("what `role` and `claims` see", () => {
	const contract = contractWith(
		{ role: { from: "role", type: "string" }, payload: { from: "custom", type: "object" }, email: { from: "identity", field: "email" } },
		{ additionalClaims: true },
	);
	/** What both callbacks were given, and the token's claims. */
	const seenBy = async (identity: unknown, options: MintOptions = {}) => {
		const seen: Identity[] = [];
		const see = (given: Identity): undefined => void seen.push(given);
		const claims = await claimsOf(contract, identity, {
			role: see,
			claims: {
				payload: (given) => {
					see(given);
					return { email: given.email ?? null };
				},
				whole: (given) => JSON.stringify(given),
			},
			...options,
		});
		return { seen, claims };
	};

	it.each([false, undefined, null, "true"])("is without an address that may not go out (emailVerified: %s)", async (emailVerified) => {
		const { seen, claims } = await seenBy({ ...ada, emailVerified });
		expect(seen).toHaveLength(2);
		for (const identity of seen) expect(identity).not.toHaveProperty("email");
		expect(JSON.stringify(claims).toLowerCase()).not.toContain("ada@example.com");
		expect(claims).toMatchObject({ payload: { email: null } });
	});

	it("holds the address that the contract's own claim holds", async () => {
		const { claims } = await seenBy(ada);
		expect(claims).toMatchObject({ email: "Ada@Example.com", payload: { email: "Ada@Example.com" } });
		expect((await seenBy(unverified, { allowUnverifiedEmail: true })).claims).toMatchObject({ payload: { email: "Ada@Example.com" } });
	});

	it("is never an address that a claim would refuse, whether or not the contract has such a claim", async () => {
		const customOnly = contractWith({ payload: { from: "custom", type: "object" } });
		for (const email of ["", "ada", " ada@example.com", "a\u200bda@example.com", {}]) {
			expect(await codeOf(() => seenBy({ ...ada, email }))).toBe("identity_invalid");
			const claims = { payload: (): never => expect.unreachable("the address has not been checked") };
			expect(await codeOf(() => claimsOf(customOnly, { ...ada, email }, { claims }))).toBe("identity_invalid");
		}
	});

	it("has the id as the text that the claims have", async () => {
		const { seen } = await seenBy({ ...ada, id: 42 });
		expect(seen.map(({ id }) => id)).toEqual(["42", "42"]);
	});

	it("is the provider's own object where there is nothing to leave out, with the raw user beside it", async () => {
		const identity = { ...ada, user: { email: "eve@example.com" } };
		const { seen } = await seenBy(identity);
		for (const given of seen) expect(given).toBe(identity);
		const hidden = { ...identity, emailVerified: false };
		expect((await seenBy(hidden)).seen).toEqual([0, 1].map(() => expect.objectContaining({ id: "u_1", user: identity.user })));
		expect(hidden).toHaveProperty("email", "Ada@Example.com");
	});
});

describe("a claim of the integrator's", () => {
	const closed = contractWith({ sub: { from: "identity", field: "id" }, payload: { from: "custom", type: "object" } });
	const open = contractWith({ sub: { from: "identity", field: "id" } }, { additionalClaims: true });
	const renamed = contractWith(
		{ roles: { from: "role", type: "string", nameSetting: "roleClaim" } },
		{ additionalClaims: true, settings: { roleClaim: { env: "ROLE_CLAIM", description: "The role's claim", default: "groups" } } },
	);

	it.each(["sub", "exp"])("cannot be one that the contract owns: %s", async (name) => {
		for (const contract of [closed, open]) {
			expect(await codeOf(() => createMint(contract, { env, claims: { [name]: "mine" } }))).toBe("claim_reserved");
			expect(await codeOf(() => createMint(contract, { env, claims: { [name]: undefined } }))).toBe("claim_reserved");
			expect(await codeOf(() => claimsOf(contract, ada, { claims: () => ({ [name]: "mine" }) }))).toBe("claim_reserved");
		}
	});

	it("cannot be one that the contract owns by a setting's name", async () => {
		expect(await codeOf(() => createMint(renamed, { env, role: () => "a", claims: { groups: "mine" } }))).toBe("claim_reserved");
		expect(
			await codeOf(() => createMint(renamed, { env, role: () => "a", settings: { roleClaim: "teams" }, claims: { teams: "mine" } })),
		).toBe("claim_reserved");
		expect(
			await codeOf(() => createMint(renamed, { env: { ...env, ROLE_CLAIM: "teams" }, role: () => "a", claims: { teams: "mine" } })),
		).toBe("claim_reserved");
		expect(await codeOf(() => claimsOf(renamed, ada, { role: () => "a", claims: () => ({ groups: "mine" }) }))).toBe("claim_reserved");
	});

	it("cannot be one that the vendor does not take", async () => {
		expect(await codeOf(() => createMint(closed, { env, claims: { plan: "pro" } }))).toBe("claim_reserved");
		expect(await codeOf(() => createMint(contractWith({ sub: { from: "identity", field: "id" } }), { env, claims: () => ({}) }))).toBe(
			"claim_reserved",
		);
		expect(await codeOf(() => claimsOf(closed, ada, { claims: () => ({ plan: "pro" }) }))).toBe("claim_reserved");
	});

	it("may be any other where the vendor takes attributes", async () => {
		const claims = { plan: "pro", seats: 3, beta: false, teams: ["a"], nothing: null, left_out: undefined };
		expect(await claimsOf(open, ada, { claims })).toEqual({
			sub: "u_1",
			exp: nowInSeconds + 600,
			plan: "pro",
			seats: 3,
			beta: false,
			teams: ["a"],
			nothing: null,
		});
	});

	it("may have a name that objects have by birth", async () => {
		for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
			const claims = JSON.parse(`{"${name}":"x"}`) as Record<string, string>;
			const payload = await claimsOf(open, ada, { claims });
			expect(Object.hasOwn(payload, name) && payload[name], name).toBe("x");
			expect(await claimsOf(open, ada, { claims: () => claims })).toEqual(payload);
		}
		expect(
			await claimsOf(contractWith(Object.fromEntries([["constructor", { from: "custom", type: "string" }]])), ada, { claims: {} }),
		).toEqual({ exp: nowInSeconds + 600 });
	});

	describe("when another library has polluted the prototype of objects", () => {
		const prototype = Object.prototype as unknown as Record<string, unknown>;
		afterEach(() => {
			delete prototype.plan;
			delete prototype.payload;
		});

		it("is not taken from there", async () => {
			const [openMint, closedMint] = [createMint(open, { env, now, claims: () => ({}) }), createMint(closed, { env, now, claims: {} })];
			prototype.plan = "polluted";
			prototype.payload = { admin: true };
			expect(Object.keys(payloadOf((await openMint(ada)).token))).toEqual(["sub", "exp"]);
			expect(Object.keys(payloadOf((await closedMint(ada)).token))).toEqual(["sub", "exp"]);
		});
	});
});
