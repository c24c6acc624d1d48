import type { JsonValue, JwtContract } from "@widget-token/core";
import { type JudgeClaimsOptions, judgeClaims } from "@widget-token/core/verify";
import { customGpt, jupid, onPilot } from "@widget-token/widgets";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { vary } from "./contract-variants.ts";
import { contractWith, now, nowInSeconds } from "./minting.ts";
import { sign, verifier } from "./verifying.ts";

const widget = contractWith(
	{
		iss: { from: "setting", setting: "issuer", required: true },
		sub: { from: "identity", field: "id", required: true },
		email: { from: "identity", field: "email", transform: "lowercase" },
		phone: { from: "identity", field: "phoneNumber" },
		role: { from: "role", type: "string-or-array", oneOf: ["user", "admin"], nameSetting: "roleClaim" },
		plan: { from: "constant", value: ["a", 1] },
		iat: { from: "generated", generate: "issuedAt" },
	},
	{
		settings: {
			issuer: { env: "ISSUER", description: "Issuer" },
			roleClaim: { env: "ROLE_CLAIM", description: "Claim", default: "roles" },
		},
		oneOf: [["email", "phone"]],
	},
);
const settings = { issuer: "tenant_1", roleClaim: "https://example.com/roles" };
const good = { iss: "tenant_1", sub: "u_1", email: "ada@example.com", exp: nowInSeconds + 60 };

const judge = (payload: Readonly<Record<string, JsonValue>>, options: JudgeClaimsOptions = {}): Readonly<Record<string, string>> =>
	Object.fromEntries(
		judgeClaims(widget, payload, { settings, now, ...options }).map(({ name, verdict, code }) => [
			name,
			code === undefined ? verdict : `${verdict} ${code}`,
		]),
	);

describe("judgeClaims", () => {
	it("tells of each claim of the contract, in its order, then of the others", () => {
		expect(Object.entries(judge({ colour: "red", ...good }))).toEqual([
			["iss", "ok"],
			["sub", "ok"],
			["email", "ok"],
			["phone", "absent"],
			["https://example.com/roles", "absent"],
			["plan", "absent"],
			["iat", "absent"],
			["exp", "ok"],
			["colour", "extra"],
		]);
	});

	it("names all mistakes at once", () => {
		const payload = {
			iss: "tenant_2",
			email: "Ada@example.com",
			plan: ["a"],
			iat: nowInSeconds * 1000,
			exp: nowInSeconds * 1000,
			nbf: 1e10,
		};
		expect(judge({ ...payload, "https://example.com/roles": ["owner"] })).toMatchObject({
			iss: "wrong issuer_mismatch",
			sub: "missing claim_missing",
			email: "wrong email_not_lowercase",
			plan: "wrong claim_mismatch",
			iat: "wrong claim_invalid",
			exp: "wrong exp_in_milliseconds",
			nbf: "wrong not_yet_valid",
			"https://example.com/roles": "wrong role_unknown",
		});
	});

	it("counts a lifetime from the issue, and from now where that is not one", () => {
		expect(judge({ ...good, iat: nowInSeconds - 3600 })).toMatchObject({ iat: "ok", exp: "wrong lifetime_too_long" });
		expect(judge({ ...good, iat: nowInSeconds + 3600, exp: nowInSeconds + 5400 })).toMatchObject({
			iat: "wrong not_yet_valid",
			exp: "wrong lifetime_too_long",
		});
	});

	it("says of a claim with several mistakes what a verification says", () => {
		expect(judge({ ...good, iat: nowInSeconds - 7200, exp: nowInSeconds - 60 })).toMatchObject({ exp: "wrong expired" });
	});

	it("names the first of the claims of which one is enough", () => {
		const { email, ...others } = good;
		expect(judge(others)).toMatchObject({ email: "missing claim_missing", phone: "absent" });
		expect(judge({ ...others, phone: "+1" })).toMatchObject({ email: "absent", phone: "ok" });
	});

	it("refuses a token without an end, also where the contract does not require one", () => {
		expect(judge({ ...good, exp: null })).toMatchObject({ exp: "wrong lifetime_too_long" });
	});

	it("judges the times that the contract does not name", () => {
		expect(judge({ ...good, nbf: nowInSeconds })).toMatchObject({ nbf: "extra" });
		const { iat, ...claims } = widget.claims;
		const judged = judgeClaims(vary(widget, { claims }), { ...good, iat: "now" }, { settings, now });
		expect(judged.find(({ name }) => name === "iat")).toEqual({ name: "iat", verdict: "wrong", value: "now", code: "claim_invalid" });
	});

	it("does not judge by a setting that is not given", () => {
		expect(judge(good, { settings: {} })).toMatchObject({ iss: "unjudged", sub: "ok" });
		expect(judge({ ...good, iss: "" }, { settings: {} })).toMatchObject({ iss: "missing claim_missing" });
	});

	it("holds roles to those that the vendor knows", () => {
		const payload = { ...good, "https://example.com/roles": "admin" };
		expect(judge(payload, { knownRoles: ["Admin"] })).toMatchObject({ "https://example.com/roles": "ok" });
		expect(judge(payload, { knownRoles: ["user"] })).toMatchObject({ "https://example.com/roles": "wrong role_unknown" });
	});

	it("takes nothing from the payload's prototype", () => {
		const claims = { ...widget.claims, constructor: { from: "identity", field: "name" } } as JwtContract["claims"];
		const payload = JSON.parse(`{"__proto__":{"sub":"u_1"},"exp":${nowInSeconds + 60}}`) as Record<string, JsonValue>;
		const verdicts = Object.fromEntries(
			judgeClaims(vary(widget, { claims }), payload, { settings, now }).map(({ name, verdict }) => [name, verdict]),
		);
		expect(verdicts).toMatchObject({ sub: "missing", constructor: "absent" });
		expect(Object.keys(verdicts)).toContain("__proto__");
	});

	const names = [
		"iss",
		"sub",
		"aud",
		"email",
		"name",
		"role",
		"roles",
		"iat",
		"exp",
		"nbf",
		"jti",
		"payload",
		"copilot_id",
		"phone",
		"plan",
	];
	const values = fc.oneof(
		fc.constantFrom<JsonValue>("tenant_1", "u_1", "admin", "", null, true, "Ada@example.com", ["admin"], [], {}),
		fc.integer({ min: -7200, max: 7200 }).map((distance) => nowInSeconds + distance),
		fc.constantFrom<JsonValue>(nowInSeconds * 1000, 1.5, -1),
	);

	it("refuses exactly what a verification refuses, and finds what that names", async () => {
		const allSettings = { ...settings, roleClaim: "roles", tenantId: "tenant_1", copilotId: "u_1", partnerId: "tenant_1", audience: "u_1" };
		const contracts = [widget, onPilot, jupid, customGpt].map((contract) =>
			vary<JwtContract>(contract, { algorithm: "HS256", key: widget.key }),
		);
		const sound = {
			iss: "tenant_1",
			sub: "u_1",
			aud: "u_1",
			copilot_id: "u_1",
			email: "ada@example.com",
			name: "Ada",
			jti: "j_1",
			roles: "user",
		};
		const times = { iat: nowInSeconds, exp: nowInSeconds + 60 };
		let verified = 0;
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...contracts),
				fc.dictionary(fc.constantFrom(...names), values, { maxKeys: 4 }),
				fc.subarray(Object.keys({ ...sound, ...times }), { minLength: 8 }),
				async (contract, mistakes, kept) => {
					const all: Readonly<Record<string, JsonValue>> = { ...sound, ...times };
					const payload = { ...Object.fromEntries(kept.map((name) => [name, all[name] as JsonValue])), ...mistakes };
					const own = Object.fromEntries(Object.entries(allSettings).filter(([name]) => Object.hasOwn(contract.settings ?? {}, name)));
					const result = await verifier(contract, { settings: own })(sign(payload));
					const judged = judgeClaims(contract, payload, { settings: own, now });
					const refused = judged.filter(({ code }) => code !== undefined).map(({ name, code }) => `${name} ${code}`);
					if (result.verified) {
						verified++;
						expect(refused).toEqual([]);
					} else {
						expect(refused).toContain(`${result.claim} ${result.code}`);
					}
				},
			),
			{ numRuns: 3000 },
		);
		expect(verified).toBeGreaterThan(100);
	});
});
