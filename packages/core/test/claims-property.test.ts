import {
	type ClaimRule,
	createMint,
	defineContract,
	type Identity,
	type IdentityField,
	identityLimits,
	type JwtContract,
	WidgetTokenError,
} from "@widget-token/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { env } from "./minting.ts";

/** The claims of an identity as a plain object: the rules once more, by another way. */
function referenceClaims(
	contract: JwtContract,
	identity: Identity,
	{
		role,
		custom,
		issuedAt,
		expiresIn,
		settings,
	}: { role: unknown; custom: Record<string, unknown>; issuedAt: number; expiresIn: number; settings: Record<string, string> },
): Record<string, unknown> {
	const claims: Record<string, unknown> = {};
	const textOf = (field: string): unknown => {
		if (field === "email" && identity.emailVerified !== true) return undefined;
		const value = field.split(".").reduce<unknown>((node, name) => (node as Record<string, unknown> | undefined)?.[name], identity);
		const isShown = ["name", "picture", "locale", "organization.name"].includes(field);
		const text = typeof value === "string" && isShown ? value.trim().normalize("NFC") : value;
		if (text === undefined || text === null || text === "") return undefined;
		const limit = identityLimits[field as IdentityField];
		return typeof text === "string" && text.length > limit ? `${text.slice(0, limit - 1).trimEnd()}…` : String(text);
	};
	for (const [key, rule] of Object.entries(contract.claims)) {
		const name = rule.nameSetting === undefined ? key : settings[rule.nameSetting];
		let value: unknown;
		if (rule.from === "identity") {
			value =
				rule.field === "emailVerified"
					? identity.emailVerified
					: (textOf(rule.field) ?? (rule.fallbackField && textOf(rule.fallbackField)));
			if (rule.transform === "lowercase" && typeof value === "string") value = value.toLowerCase();
		}
		if (rule.from === "setting") value = settings[rule.setting];
		if (rule.from === "constant") value = rule.value;
		if (rule.from === "generated") value = { issuedAt, expirationTime: issuedAt + expiresIn, uuid: "jti-1" }[rule.generate];
		if (rule.from === "role") value = role;
		if (rule.from === "custom") value = rule.type === "json-string" ? JSON.stringify(custom[key]) : custom[key];
		if (value !== undefined) claims[name as string] = value;
	}
	return claims;
}

const fields = Object.keys(identityLimits) as IdentityField[];
const letters = [..."abcdefghijklmnopqrstuvwxyzABCXYZ0123456789 -_.,:;\"'\\/<>{}[]()&%$#äöüßéñ漢字仮名あЖя😀👩🏽🚀َعא\u0301\u200d"];
const name = fc.string({ unit: fc.constantFrom(...letters), maxLength: 40 });
const identifier = fc.string({ unit: fc.constantFrom(...'abcXYZ019|:-_/"\\ü'), minLength: 1, maxLength: 30 });
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

const identities: fc.Arbitrary<Identity> = fc.record({
	id: fc.oneof(
		identifier,
		fc.nat().map((id) => id as unknown as string),
	),
	provider: fc.constant("my-app"),
	email: optional(identifier.map((local) => `${local.replaceAll("@", "")}@Example.com`)),
	emailVerified: fc.constantFrom(true, false, undefined),
	name: optional(name),
	picture: optional(identifier.map((path) => `https://example.com/${path}`)),
	phoneNumber: optional(fc.stringMatching(/^\+[0-9]{5,12}$/)),
	locale: fc.constantFrom("en", "de-DE", undefined),
	organization: optional(fc.record({ id: identifier, slug: optional(identifier), name: optional(name), role: optional(identifier) })),
});

const claimNames = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_:./-]{0,12}$/).filter((claim) => claim !== "exp");
const rules: fc.Arbitrary<ClaimRule> = fc.oneof(
	fc.record(
		{
			from: fc.constant("identity" as const),
			field: fc.constantFrom(...fields, "emailVerified" as const),
			transform: fc.constant("lowercase" as const),
			fallbackField: fc.constantFrom(...fields),
		},
		{ requiredKeys: ["from", "field"] },
	),
	fc.record({ from: fc.constant("setting" as const), setting: fc.constantFrom("tenantId", "claimName") }),
	fc.record({ from: fc.constant("constant" as const), value: fc.jsonValue() as fc.Arbitrary<never> }),
	fc.record({ from: fc.constant("generated" as const), generate: fc.constantFrom("issuedAt" as const, "uuid" as const) }),
	fc.record({ from: fc.constant("role" as const), type: fc.constant("string-or-array" as const) }),
	fc.record({ from: fc.constant("custom" as const), type: fc.constantFrom("object" as const, "json-string" as const) }),
);

const cases = fc
	.record({
		claims: fc.dictionary(claimNames, rules, { minKeys: 1, maxKeys: 8 }),
		renamed: fc.boolean(),
		identity: identities,
		role: fc.constantFrom("admin", ["a", "b"], "a, b", undefined),
		settings: fc.record({ tenantId: identifier.map((text) => `t${text}`), claimName: fc.stringMatching(/^renamed-[a-z]{1,8}$/) }),
		custom: fc.dictionary(identifier, fc.oneof(fc.constantFrom<unknown>(1.5, true, null, [1, "a"]), identifier), {
			maxKeys: 3,
			noNullPrototype: true,
		}),
		milliseconds: fc.integer({ min: 0, max: 4_102_444_800_000 }),
		expiresIn: fc.integer({ min: 1, max: 3600 }),
	})
	.map(({ claims, renamed, ...rest }) => {
		const entries = Object.entries(claims);
		if (renamed && entries[0]) entries[0][1] = { ...entries[0][1], nameSetting: "claimName" };
		return {
			...rest,
			claims: Object.fromEntries([...entries, ["exp", { from: "generated", generate: "expirationTime" }]]) as JwtContract["claims"],
		};
	});

describe("the payload of any contract for any identity", () => {
	it("is the JSON of the claims, each once, in the contract's order, with whole seconds and identifiers as text", async () => {
		let minted = 0;
		await fc.assert(
			fc.asyncProperty(cases, async ({ claims, identity, role, settings, custom, milliseconds, expiresIn }) => {
				const contract = defineContract({
					id: "profile",
					name: "Any",
					documentation: [],
					scheme: "jwt",
					algorithm: "HS256",
					key: { env: "ACME_SECRET", encoding: "utf8" },
					settings: {
						tenantId: { env: "TENANT_ID", description: "The tenant" },
						claimName: { env: "CLAIM_NAME", description: "A claim's name" },
					},
					claims,
					lifetime: { defaultSeconds: expiresIn, maximumSeconds: 3600 },
				}) as JwtContract;
				const kinds = Object.values(claims).map(({ from }) => from);
				const customClaims = Object.fromEntries(
					Object.entries(claims).flatMap(([key, rule]) => (rule.from === "custom" ? [[key, custom]] : [])),
				);
				const mint = createMint(contract, {
					env,
					settings,
					now: () => milliseconds,
					jti: () => "jti-1",
					...(kinds.includes("role") ? { role: () => role } : {}),
					...(kinds.includes("custom") ? { claims: customClaims as Record<string, never> } : {}),
				});
				const answer = await mint(identity).catch((error: unknown) => error);
				// Some of the generated text holds marks that an identifier may not hold.
				if (answer instanceof WidgetTokenError) {
					expect(["identity_invalid", "token_too_large"]).toContain(answer.code);
					return;
				}
				minted++;
				const payload = Buffer.from((answer as { token: string }).token.split(".")[1] ?? "", "base64url").toString();
				const issuedAt = Math.floor(milliseconds / 1000);
				const expected = referenceClaims(contract, identity, { role, custom: customClaims, issuedAt, expiresIn, settings });
				const parsed = JSON.parse(payload) as Record<string, unknown>;
				expect(parsed).toEqual(JSON.parse(JSON.stringify(expected)));
				// Byte by byte: no member is there twice, none is out of order, and nothing is escaped that needs no escape.
				expect(payload).toBe(JSON.stringify(expected));
				expect(Number.isSafeInteger(parsed["exp"])).toBe(true);
				expect(parsed["exp"]).toBe(issuedAt + expiresIn);
				for (const [key, rule] of Object.entries(claims)) {
					const sent = parsed[rule.nameSetting === undefined ? key : settings.claimName];
					if (rule.from === "identity" && rule.field !== "emailVerified" && sent !== undefined) expect(typeof sent).toBe("string");
					if (rule.from === "generated" && rule.generate === "issuedAt") expect(sent).toBe(issuedAt);
				}
			}),
			{ numRuns: 1500 },
		);
		expect(minted).toBeGreaterThan(1000);
	});
});
