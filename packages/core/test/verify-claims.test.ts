import type { JwtContract, SettingRule } from "@widget-token/core";
import type { VerifyOptions } from "@widget-token/core/verify";
import { bestChatBot, customGpt, jupid, onPilot } from "@widget-token/widgets";
import { describe, expect, it } from "vitest";
import { vary } from "./contract-variants.ts";
import { codeOf, contractWith, nowInSeconds } from "./minting.ts";
import { contract, expectCode, outcomeOf, sign, verifier } from "./verifying.ts";

describe("time", () => {
	const timed = (times: Record<string, unknown>): string => sign({ sub: "u_1", ...times });
	const iat = nowInSeconds;

	it.each([
		["a second before its expiry", { exp: nowInSeconds + 1 }, "verified"],
		["within the tolerance of 5 seconds", { exp: nowInSeconds - 4 }, "verified"],
		["at the end of the tolerance", { exp: nowInSeconds - 5 }, "expired"],
		["long after", { exp: 1 }, "expired"],
		["at the beginning of time", { exp: 0 }, "expired"],
		["without an expiry", {}, "lifetime_too_long"],
		["with an expiry that is null", { exp: null }, "lifetime_too_long"],
		["with an expiry in milliseconds", { exp: (nowInSeconds + 60) * 1000 }, "exp_in_milliseconds"],
		["with an expiry in microseconds", { exp: (nowInSeconds + 60) * 1e6 }, "claim_invalid"],
		["with an expiry that is text", { exp: String(nowInSeconds + 60) }, "claim_invalid"],
		["with a fraction", { exp: nowInSeconds + 60.5 }, "claim_invalid"],
		["with an expiry below zero", { exp: -1 }, "claim_invalid"],
		["with an expiry that is true", { exp: true }, "claim_invalid"],
		["issued within the tolerance", { iat: nowInSeconds + 5, exp: nowInSeconds + 60 }, "verified"],
		["issued in the future", { iat: nowInSeconds + 7, exp: nowInSeconds + 60 }, "not_yet_valid"],
		["issued in milliseconds", { iat: nowInSeconds * 1000, exp: nowInSeconds + 60 }, "claim_invalid"],
		["issued at a text", { iat: "now", exp: nowInSeconds + 60 }, "claim_invalid"],
		["valid from within the tolerance on", { nbf: nowInSeconds + 5, exp: nowInSeconds + 60 }, "verified"],
		["valid from later on", { nbf: nowInSeconds + 7, exp: nowInSeconds + 60 }, "not_yet_valid"],
		["valid from a text on", { nbf: "now", exp: nowInSeconds + 60 }, "claim_invalid"],
		["of the longest lifetime", { iat, exp: iat + 3600 }, "verified"],
		["of a longer lifetime", { iat, exp: iat + 3601 }, "lifetime_too_long"],
		["of a longer lifetime that is nearly over", { iat: iat - 7200, exp: iat + 60 }, "lifetime_too_long"],
		["of an unknown lifetime that is within the maximum", { exp: nowInSeconds + 3600 }, "verified"],
		["of an unknown lifetime that is above the maximum", { exp: nowInSeconds + 3700 }, "lifetime_too_long"],
	] as const)("judges a token %s", async (_, times, code) => {
		await expectCode(timed(times), code);
	});

	it.each(["1e400", "-1e400", "1e308", "1.7e9", "1700000600.0", "99999999999999999999999"])(
		"takes %s for no time beyond reason",
		async (exp) => {
			const expected = { "1.7e9": "verified", "1700000600.0": "verified" }[exp];
			await expectCode(sign(`{"sub":"u_1","exp":${exp}}`), (expected ?? "claim_invalid") as "claim_invalid");
		},
	);

	it("has a tolerance in seconds, which may be none", async () => {
		const options: VerifyOptions = { clockToleranceSeconds: 0 };
		await expectCode(timed({ exp: nowInSeconds + 1 }), "verified", contract, options);
		await expectCode(timed({ exp: nowInSeconds }), "expired", contract, options);
		await expectCode(timed({ exp: nowInSeconds - 59 }), "verified", contract, { clockToleranceSeconds: 60 });
	});
});

describe("the claims of a contract", () => {
	const setting = (env: string): SettingRule => ({ env, description: env });
	const widget: JwtContract = contractWith(
		{
			iss: { from: "setting", setting: "issuer", required: true },
			aud: { from: "setting", setting: "audience" },
			bot: { from: "setting", setting: "bot" },
			scope: { from: "constant", value: "user" },
			resource: { from: "constant", value: { dashboard: 1, params: ["a"] } },
			sub: { from: "identity", field: "id", required: true },
			email: { from: "identity", field: "email", transform: "lowercase" },
			verified: { from: "identity", field: "emailVerified" },
			role: { from: "role", type: "string", oneOf: ["admin", "user"] },
			text: { from: "custom", type: "string" },
			number: { from: "custom", type: "number" },
			flag: { from: "custom", type: "boolean" },
			object: { from: "custom", type: "object" },
			array: { from: "custom", type: "array" },
			json: { from: "custom", type: "json-string" },
			jti: { from: "generated", generate: "uuid" },
		},
		{ settings: { issuer: setting("ISSUER"), audience: setting("AUDIENCE"), bot: setting("BOT") } },
	);
	const options: VerifyOptions = { settings: { issuer: "tenant-1", audience: "widget", bot: "bot-1" } };
	const base = { iss: "tenant-1", sub: "u_1", exp: nowInSeconds + 60 };

	it.each([
		[{}, "verified"],
		[{ iss: "tenant-2" }, "issuer_mismatch"],
		[{ iss: "Tenant-1" }, "issuer_mismatch"],
		[{ iss: ["tenant-1"] }, "claim_invalid"],
		[{ iss: undefined }, "claim_missing"],
		[{ iss: "" }, "claim_missing"],
		[{ aud: "widget" }, "verified"],
		[{ aud: ["other", "widget"] }, "verified"],
		[{ aud: "other" }, "audience_mismatch"],
		[{ aud: ["other"] }, "audience_mismatch"],
		[{ aud: [] }, "audience_mismatch"],
		[{ aud: ["widget", 1] }, "claim_invalid"],
		[{ aud: 1 }, "claim_invalid"],
		[{ bot: "bot-1" }, "verified"],
		[{ bot: "bot-2" }, "claim_mismatch"],
		[{ bot: 1 }, "claim_invalid"],
		[{ scope: "user" }, "verified"],
		[{ scope: "admin" }, "claim_mismatch"],
		[{ resource: { params: ["a"], dashboard: 1 } }, "verified"],
		[{ resource: { params: ["a", "b"], dashboard: 1 } }, "claim_mismatch"],
		[{ resource: { params: { 0: "a" }, dashboard: 1 } }, "claim_mismatch"],
		[{ resource: { dashboard: 1 } }, "claim_mismatch"],
		[{ resource: null }, "verified"],
		[{ sub: undefined }, "claim_missing"],
		[{ sub: null }, "claim_missing"],
		[{ sub: "" }, "claim_missing"],
		[{ sub: 1 }, "claim_invalid"],
		[{ sub: { toString: "u_1" } }, "claim_invalid"],
		[{ sub: "\ud800" }, "claim_invalid"],
		[{ sub: " u_1" }, "claim_invalid"],
		[{ sub: "u_1\u00a0" }, "claim_invalid"],
		[{ sub: "u\u00001" }, "claim_invalid"],
		[{ sub: "zoe\u0308" }, "verified"],
		[{ email: "ada" }, "claim_invalid"],
		[{ email: " ada@example.com" }, "claim_invalid"],
		[{ email: "a\u200bda@example.com" }, "claim_invalid"],
		[{ email: "\u212aate@example.com" }, "email_not_lowercase"],
		[{ email: "ας@example.com" }, "verified"],
		[{ email: "ada@example.com" }, "verified"],
		[{ email: "Ada@example.com" }, "email_not_lowercase"],
		[{ email: "ÄDA@example.com" }, "email_not_lowercase"],
		[{ email: ["ada@example.com"] }, "claim_invalid"],
		[{ verified: true }, "verified"],
		[{ verified: "true" }, "claim_invalid"],
		[{ role: "admin" }, "verified"],
		[{ role: "Admin" }, "role_unknown"],
		[{ role: "root" }, "role_unknown"],
		[{ role: ["admin"] }, "claim_invalid"],
		[{ text: "a" }, "verified"],
		[{ text: 1 }, "claim_invalid"],
		[{ number: 1.5 }, "verified"],
		[{ number: "1" }, "claim_invalid"],
		[{ flag: false }, "verified"],
		[{ flag: 0 }, "claim_invalid"],
		[{ object: { a: 1 } }, "verified"],
		[{ object: [] }, "claim_invalid"],
		[{ array: [1] }, "verified"],
		[{ array: { length: 1 } }, "claim_invalid"],
		[{ json: '{"a":[1]}' }, "verified"],
		[{ json: '{"a":1,"a":2}' }, "claim_invalid"],
		[{ json: '1,"a":2' }, "claim_invalid"],
		[{ json: { a: 1 } }, "claim_invalid"],
		[{ jti: "any-text" }, "verified"],
		[{ jti: 1 }, "claim_invalid"],
		[{ jti: "j".repeat(256) }, "claim_invalid"],
		[{ unknown: { to: "the contract" } }, "verified"],
	] as const)("are judged: %j", async (changed, code) => {
		await expectCode(sign({ ...base, ...changed }), code, widget, options);
	});

	it("are named in the refusal", async () => {
		const result = await verifier(widget, options)(sign({ ...base, email: "Ada@example.com" }));
		expect(result).toMatchObject({ claim: "email" });
	});

	it("may be needed in groups", async () => {
		const either = contractWith(
			{ email: { from: "identity", field: "email" }, user_id: { from: "identity", field: "id" } },
			{ oneOf: [["email", "user_id"]] },
		);
		const exp = nowInSeconds + 60;
		await expectCode(sign({ exp, email: "ada@example.com" }), "verified", either);
		await expectCode(sign({ exp, user_id: "u_1" }), "verified", either);
		await expectCode(sign({ exp, name: "Ada" }), "claim_missing", either);
		await expectCode(sign({ exp, email: null, user_id: "" }), "claim_missing", either);
	});
});

describe("the settings", () => {
	const token = sign({ iss: "tenant-1", sub: "u_1", copilot_id: "copilot-1", iat: nowInSeconds, exp: nowInSeconds + 60 });

	it("can be each tenant's own", async () => {
		const settings: VerifyOptions["settings"] = async ({ tenant, widget, kid }) => {
			expect({ widget, kid }).toEqual({ widget: "onpilot", kid: undefined });
			return tenant === undefined ? null : { tenantId: tenant, copilotId: "copilot-1" };
		};
		const verify = verifier(onPilot, { settings });
		expect(await outcomeOf(verify(token, { tenant: "tenant-1" }))).toBe("verified");
		expect(await outcomeOf(verify(token, { tenant: "tenant-2" }))).toBe("issuer_mismatch");
		expect(await verify(token)).toMatchObject({ reason: "not_configured" });
	});

	it("fail as an outage when they cannot be looked up", async () => {
		const verify = verifier(onPilot, { settings: () => Promise.reject(new Error("the database")), onEvent: () => undefined });
		expect(await codeOf(() => verify(token))).toBe("key_unavailable");
	});

	it("come from the environment, as for the mint", async () => {
		expect(await outcomeOf(verifier(onPilot)(token))).toBe("verified");
		const jupidToken = { iss: "partner-1", sub: "u_1", iat: nowInSeconds, exp: nowInSeconds + 60, jti: "1" };
		expect(await outcomeOf(verifier(jupid)(sign({ ...jupidToken, aud: "jupid-embed" })))).toBe("verified");
		expect(await outcomeOf(verifier(jupid)(sign({ ...jupidToken, aud: "another" })))).toBe("audience_mismatch");
		expect(await outcomeOf(verifier(jupid)(sign(jupidToken)))).toBe("claim_missing");
	});
});

describe("the roles of CustomGPT.ai", () => {
	const widget = vary<JwtContract>(customGpt, { algorithm: "HS256", key: { env: "KEY", encoding: "utf8" } });
	const knownRoles = ["Accounting Team", "Support Team"];
	const roles = async (value: unknown, options: VerifyOptions = { knownRoles }, name = "roles"): Promise<unknown> => {
		const result = await verifier(widget, options)(sign({ [name]: value, iat: nowInSeconds, exp: nowInSeconds + 60 }));
		return result.verified ? result.identity.roles : result.code;
	};

	it("are matched without regard to case, and spelt as the vendor does", async () => {
		expect(await roles(["accounting team"])).toEqual(["Accounting Team"]);
		expect(await roles(["SUPPORT TEAM", "Sales"])).toEqual(["Support Team"]);
		expect(await roles("Accounting Team, support team")).toEqual(["Accounting Team", "Support Team"]);
		expect(await roles(["Accounting  Team"])).toBe("role_unknown");
		expect(await roles("Sales")).toBe("role_unknown");
	});

	it("are not matched by a letter whose lower case is another's", async () => {
		expect(await roles(["Mar\u212aeting"], { knownRoles: ["marketing"] })).toBe("role_unknown");
		expect(await roles(["Mar\u212aeting"], { knownRoles: ["Mar\u212aeting"] })).toEqual(["Mar\u212aeting"]);
	});

	it("are a text or an array of texts", async () => {
		for (const value of [1, [1], { name: "Support Team" }, [["Support Team"]], ",", []])
			expect(await roles(value), JSON.stringify(value)).toBe("claim_invalid");
		expect(await roles(null)).toBe("claim_missing");
	});

	it("may be any where the vendor has not said which it knows, and each tenant's own", async () => {
		expect(await roles(["Sales"], {})).toEqual(["Sales"]);
		expect(await roles(["Sales"], { knownRoles: async () => ["SALES"] })).toEqual(["SALES"]);
		expect(await roles(["Sales"], { knownRoles: async () => null })).toBe("role_unknown");
	});

	it("are in the claim that the vendor's attribute name says", async () => {
		expect(await roles(["Support Team"], { knownRoles, settings: { roleClaim: "groups" } }, "groups")).toEqual(["Support Team"]);
		expect(await roles(["Support Team"], { knownRoles, settings: { roleClaim: "groups" } }, "roles")).toBe("claim_missing");
	});
});

it("gives the id of the token to the letter", async () => {
	for (const sub of ["ada", "Ada", "a b", "zo\u00eb", "zoe\u0308", "ada\u200b", "\ufb01"])
		expect(await verifier()(sign({ sub, iat: nowInSeconds, exp: nowInSeconds + 60 }))).toMatchObject({
			verified: true,
			identity: { id: sub },
		});
});

it("keys on the lower-cased address where the vendor does", async () => {
	const times = { iat: nowInSeconds, exp: nowInSeconds + 60 };
	await expectCode(sign({ email: "ada@example.com", ...times }), "verified", bestChatBot);
	await expectCode(sign({ email: "Ada@Example.com", ...times }), "email_not_lowercase", bestChatBot);
});
