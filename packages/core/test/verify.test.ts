import { createMint, defineContract, type JwtContract } from "@widget-token/core";
import { createVerify, verificationCodes } from "@widget-token/core/verify";
import { createWidgetKeys, fiveWidgets } from "@widget-token/test-kit/widget-keys";
import { customGpt, hilal, onPilot } from "@widget-token/widgets";
import { describe, expect, it } from "vitest";
import { ada, codeOf, contractWith, env, now, nowInSeconds } from "./minting.ts";
import { claims, contract, expectCode, outcomeOf, secret, sign, verifier } from "./verifying.ts";

describe("both ends of the handshake", () => {
	const keys = createWidgetKeys();
	const role = (): string => "admin";

	it.each(fiveWidgets)("agree on the tokens of $id", async (widget) => {
		const needsRole = widget.scheme === "jwt" && Object.values(widget.claims).some(({ from }) => from === "role");
		const { token } = await createMint(widget, { env: keys.env, ...(needsRole ? { role } : {}) })(ada);
		const result = await createVerify(widget, { env: keys.env, secret: keys.verificationKey(widget) })(token);
		expect(result).toMatchObject({ verified: true, identity: { widget: widget.id, email: expect.stringMatching(/^ada@example\.com$/i) } });
	});

	it("agree where the setting that names the key is a claim too", async () => {
		const named = defineContract({
			id: "key-name",
			name: "Key name",
			documentation: ["https://example.com/docs"],
			scheme: "jwt",
			algorithm: "HS256",
			key: { env: "KEY_NAME_SECRET", encoding: "utf8" },
			settings: { appId: { env: "KEY_NAME_APP_ID", description: "The app" } },
			header: { kid: "appId" },
			claims: {
				iss: { from: "setting", setting: "appId", required: true },
				sub: { from: "identity", field: "id", required: true },
				exp: { from: "generated", generate: "expirationTime", required: true },
			},
			lifetime: { defaultSeconds: 60, maximumSeconds: 60 },
		});
		const variables = { KEY_NAME_SECRET: "9f2c7e51b8a04d36c1e5f7a2b9d8034e", KEY_NAME_APP_ID: "app_1" };
		const { token } = await createMint(named, { env: variables })(ada);
		expect(await createVerify(named, { env: variables, secret: variables.KEY_NAME_SECRET })(token)).toMatchObject({ verified: true });
	});

	it("tell the visitor in the words of the identity, and nothing that the token does not say", async () => {
		const everything = contractWith({
			external_id: { from: "identity", field: "id", required: true },
			mail: { from: "identity", field: "email", transform: "lowercase" },
			mail_ok: { from: "identity", field: "emailVerified" },
			name: { from: "identity", field: "name" },
			avatar: { from: "identity", field: "picture" },
			tel: { from: "identity", field: "phoneNumber" },
			lang: { from: "identity", field: "locale" },
			org: { from: "identity", field: "organization.id" },
			org_name: { from: "identity", field: "organization.name" },
		});
		const { token } = await createMint(everything, { secret, now })(ada);
		expect(await verifier(everything)(token)).toEqual({
			verified: true,
			claims: expect.objectContaining({ external_id: "u_1", exp: nowInSeconds + 600 }),
			identity: {
				widget: "profile",
				id: "u_1",
				email: "ada@example.com",
				emailVerified: true,
				name: "Ada",
				picture: ada.picture,
				phoneNumber: ada.phoneNumber,
				locale: "en-GB",
				organization: { id: "org_1", name: "Example" },
			},
		});
		const bare = await verifier(everything)(sign({ external_id: "u_1", mail: null, name: "", exp: nowInSeconds + 60 }));
		expect(bare).toMatchObject({ verified: true });
		expect(bare.verified && bare.identity).toEqual({ widget: "profile", id: "u_1" });
	});
});

describe("a refusal", () => {
	it("names the vendor's reason, the code and the remedy, and no value of the token", async () => {
		const result = await verifier()(sign({ ...claims, sub: 4711 }));
		expect(result).toEqual({
			verified: false,
			reason: "malformed",
			code: "claim_invalid",
			remedy: verificationCodes.claim_invalid.remedy,
			claim: "sub",
		});
	});

	it("is one of the four reasons of the vendor's page", () => {
		for (const { reason, title, remedy } of Object.values(verificationCodes)) {
			expect(["invalid_signature", "expired", "not_configured", "malformed"]).toContain(reason);
			expect(title.length * remedy.length).toBeGreaterThan(0);
		}
	});

	it.each([
		["wrong secret", sign(claims, { alg: "HS256" }, "another-secret-of-thirty-two-chars"), "invalid_signature"],
		["exp in the past", sign({ ...claims, exp: nowInSeconds - 60 }), "expired"],
		["no JWT", "not a token", "malformed"],
		["none algorithm", sign(claims, { alg: "none" }), "invalid_signature"],
	])("has the reason that the page gives for %s", async (_, token, reason) => {
		expect(await verifier()(token)).toMatchObject({ verified: false, reason });
	});

	it("is not_configured where there is no key", async () => {
		expect(await createVerify(hilal, { env: {} })(sign())).toMatchObject({
			verified: false,
			reason: "not_configured",
			code: "key_missing",
		});
	});

	it.each([undefined, null, 0, {}, [], "", Symbol("token"), new Date(0)])(
		"and no exception answers what is no token: %s",
		async (token) => {
			await expectCode(token, "token_missing");
		},
	);
});

describe("the contract", () => {
	it("is judged at construction", async () => {
		expect(await codeOf(() => createVerify({ ...contract, algorithm: "none" } as unknown as JwtContract))).toBe("contract_invalid");
		expect(await codeOf(() => createVerify(onPilot, { settings: { tenant: "x" } }))).toBe("setting_unknown");
	});

	it.each([
		["a tolerance that is none", { clockToleranceSeconds: -1 }],
		["a tolerance that switches the expiry off", { clockToleranceSeconds: 86_400 }],
		["a time-out that is none", { timeoutSeconds: 0 }],
		["a key set for a shared secret", { jwksUrl: "https://example.com/jwks.json" }],
		["known roles for a widget without any", { knownRoles: ["admin"] }],
		["a replay store for tokens without an id", { replay: { store: { claim: () => true } } }],
	])("refuses %s", async (_, options) => {
		expect(await codeOf(() => createVerify(contract, options))).toBe("options_invalid");
	});

	it("refuses a key set on an address that others could alter, and a key set beside a key", async () => {
		expect(await codeOf(() => createVerify(customGpt, { jwksUrl: "http://example.com/jwks.json" }))).toBe("options_invalid");
		expect(await codeOf(() => createVerify(customGpt, { jwksUrl: "https://example.com/jwks.json", secret }))).toBe("options_invalid");
	});

	it("is told where a setting is missing, which is no fault of the token", async () => {
		expect(await codeOf(() => createVerify(onPilot, { secret, env: {}, onEvent: () => undefined })(sign()))).toBe("setting_missing");
	});
});

describe("events", () => {
	it("tell the outcome, and neither token nor secret nor claim", async () => {
		const events: unknown[] = [];
		const verify = verifier(contract, { onEvent: (event) => void events.push(event) });
		const good = sign({ ...claims, sub: "user-4711" });
		const bad = sign({ ...claims, sub: ["user-4711"] });
		await verify(good, { tenant: "bot_1" });
		await verify(bad);
		expect(events).toEqual([
			{ outcome: "verified", widget: "profile", tenant: "bot_1", durationMs: expect.any(Number) },
			{ outcome: "refused", code: "claim_invalid", claim: "sub", widget: "profile", durationMs: expect.any(Number) },
		]);
		const text = JSON.stringify(events);
		for (const hidden of ["4711", secret, good, bad]) expect(text).not.toContain(hidden);
	});

	it("cannot fail the verification", async () => {
		const throwing = () => {
			throw new Error("the observer");
		};
		expect(await outcomeOf(verifier(contract, { onEvent: throwing })(sign()))).toBe("verified");
		expect(await outcomeOf(verifier(contract, { onEvent: () => Promise.reject(new Error("the observer")) })(sign()))).toBe("verified");
	});
});

it("takes no key from a variable that browsers see", async () => {
	const verify = createVerify(contract, { env: { ACME_SECRET: secret, NEXT_PUBLIC_ACME_SECRET: secret }, now, onEvent: () => undefined });
	expect(await codeOf(() => verify(sign()))).toBe("secret_public");
	expect(await outcomeOf(createVerify(contract, { env: { ...env, ACME_SECRET: secret }, now })(sign()))).toBe("verified");
});
