import { type ClaimRule, createMint, defineContract, type JwtContract, type MintOptions } from "@widget-token/core";
import { createMemoryReplayStore, judgeClaims } from "@widget-token/core/verify";
import { describe, expect, it } from "vitest";
import { ada, codeOf, contractWith, now, nowInSeconds, payloadOf } from "./minting.ts";
import { outcomeOf, secret, sign, verifier } from "./verifying.ts";

// What every object has without anybody having set it.
const names = Object.getOwnPropertyNames(Object.prototype).filter((name) => name !== "__proto__");
const issuer = { issuer: { env: "ISSUER", description: "The issuer" } };
const times = { exp: nowInSeconds + 60 };

const rules: Readonly<Record<string, ClaimRule>> = {
	"a field of the identity": { from: "identity", field: "organization.slug" },
	"the verified address": { from: "identity", field: "emailVerified" },
	"a setting": { from: "setting", setting: "issuer" },
	"a constant": { from: "constant", value: "x" },
	"an id": { from: "generated", generate: "uuid" },
	"the issue": { from: "generated", generate: "issuedAt" },
	"a role": { from: "role", type: "string" },
	...Object.fromEntries(
		(["string", "number", "boolean", "object", "array", "json-string"] as const).map((type) => [
			`a custom ${type}`,
			{ from: "custom", type },
		]),
	),
};

describe.each(names)("a claim called %s", (name) => {
	const contractOf = (rule: ClaimRule): JwtContract =>
		contractWith({ sub: { from: "identity", field: "id", required: true }, [name]: rule }, { settings: issuer });
	const options = { settings: { issuer: "tenant_1" } };
	const bare = sign({ sub: "u_1", ...times });

	it.each(Object.entries(rules))("may be missing where it is optional: %s", async (_, rule) => {
		const result = await verifier(contractOf(rule), options)(bare);
		expect(result).toEqual({ verified: true, claims: { sub: "u_1", ...times }, identity: { widget: "profile", id: "u_1" } });
		const judged = judgeClaims(contractOf(rule), { sub: "u_1", ...times }, { ...options, now });
		expect(judged.find((claim) => claim.name === name)?.verdict).toBe("absent");
	});

	it.each(Object.entries(rules))("is missed where it is required: %s", async (_, rule) => {
		const result = await verifier(contractOf({ ...rule, required: true }), options)(bare);
		expect(result).toMatchObject({ verified: false, code: "claim_missing", claim: name });
	});

	it("is missed where it is one of several of which one is required", async () => {
		const widget = contractWith({ [name]: { from: "identity", field: "name" } }, { oneOf: [[name]] });
		expect(await verifier(widget)(bare)).toMatchObject({ code: "claim_missing", claim: name });
	});

	it("goes from the mint through the verification", async () => {
		const widget = contractOf({ from: "identity", field: "name" });
		const { token } = await createMint(widget, { secret, now, ...options })(ada);
		expect(await verifier(widget, options)(token)).toMatchObject({ verified: true, identity: { id: "u_1", name: "Ada" } });
		const { token: nameless } = await createMint(widget, { secret, now, ...options })({ id: "u_1", provider: "my-app" });
		expect(await outcomeOf(verifier(widget, options)(nameless))).toBe("verified");
	});

	it("can hold the times and the id of a token", async () => {
		const base = contractWith({ sub: { from: "identity", field: "id" } });
		const expiring = defineContract({ ...base, claims: { [name]: { from: "generated", generate: "expirationTime" } } });
		expect(await verifier(expiring)(sign({ [name]: nowInSeconds - 60 }))).toMatchObject({ code: "expired", claim: name });
		expect(await verifier(expiring)(sign({}))).toMatchObject({ code: "lifetime_too_long", claim: name });
		const single = verifier(contractOf({ from: "generated", generate: "uuid" }), {
			...options,
			replay: { store: createMemoryReplayStore() },
		});
		expect(await single(bare)).toMatchObject({ code: "claim_missing", claim: name });
	});
});

describe.each(names.filter((name) => /^[a-z]/.test(name)))("a setting called %s", (name) => {
	const widget = contractWith(
		{ iss: { from: "setting", setting: name, required: true }, sub: { from: "identity", field: "id", nameSetting: name } },
		{ settings: { [name]: { env: "ISSUER", description: "The issuer" } } },
	);
	const env = { ISSUER: "tenant_1" };

	it("is read from its variable", async () => {
		const { token } = await createMint(widget, { secret, env, now })(ada);
		expect(payloadOf(token)).toMatchObject({ iss: "tenant_1", tenant_1: "u_1" });
		expect(await outcomeOf(verifier(widget, { env })(token))).toBe("verified");
		expect(await outcomeOf(verifier(widget, { env, settings: {} })(token))).toBe("verified");
		expect(await outcomeOf(verifier(widget, { env: {}, settings: { [name]: "tenant_2" } })(token))).toBe("issuer_mismatch");
	});

	it("is not judged by where it is not given", () => {
		const verdicts = judgeClaims(widget, { iss: "x", ...times }, { now }).map((claim) => [claim.name, claim.verdict]);
		expect(verdicts).toEqual([
			["iss", "unjudged"],
			["sub", "absent"],
			["exp", "ok"],
		]);
	});

	it("is missing where nobody has set it", async () => {
		expect(await codeOf(() => createMint(widget, { secret, env: {}, now } as MintOptions)(ada))).toBe("setting_missing");
		expect(await codeOf(() => verifier(widget, { env: {}, onEvent: () => undefined })(sign()))).toBe("setting_missing");
	});
});

it("a claim called __proto__ is refused by its contract: assigning to that name sets no member", async () => {
	const claims = JSON.parse('{"__proto__":{"from":"identity","field":"name"},"exp":{"from":"generated","generate":"expirationTime"}}');
	const { claims: _, ...rest } = contractWith({});
	expect(await codeOf(() => defineContract({ ...rest, claims }))).toBe("contract_invalid");
});

it("the claims of a verified token are an ordinary object", async () => {
	const result = await verifier()(sign());
	expect(result.verified && Object.getPrototypeOf(result.claims)).toBe(Object.prototype);
});
