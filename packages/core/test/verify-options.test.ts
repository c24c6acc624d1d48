import type { Contract } from "@widget-token/core";
import {
	createMemoryReplayStore,
	createVerify,
	createVerifyHandler,
	type VerifyHandlerOptions,
	type VerifyOptions,
} from "@widget-token/core/verify";
import { customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";
import { describe, expect, it } from "vitest";
import { refusalOf } from "./minting.ts";
import { secret, sign, verifier } from "./verifying.ts";

type Mistake = readonly [option: string, values: readonly unknown[], widget?: Contract];

const store = createMemoryReplayStore();
const mistakes: readonly Mistake[] = [
	["keys", ["secret", null, {}, []]],
	["secret", [null, 4711, true]],
	["jwksUrl", [null, 4711, "", "ftp://example.com/", "example.com/jwks.json"], customGpt],
	["isRevoked", [true, [], new Set(["k_1"])]],
	["settings", [null, "tenant_1", { tenantId: 4711 }, { tenantId: null }, { tenantId: ["a"] }], onPilot],
	["knownRoles", [null, "admin", [1], new Set(["admin"])], onPilot],
	[
		"replay",
		[null, store.claim, {}, { store: null }, { store: {} }, { store: { claim: true } }, { store, whenUnavailable: "allow" }],
		jupid,
	],
	["clockToleranceSeconds", [-1, 301, Number.NaN, "5", null]],
	["timeoutSeconds", [0, -1, 301, Number.NaN, Number.POSITIVE_INFINITY, "5", null]],
	["onEvent", [null, console]],
	["env", [null, "production"]],
	["now", [0, null, new Date()]],
];

describe("an option of createVerify", () => {
	it.each(mistakes.map(([option, values, widget = hilal]) => ({ option, values, widget })))(
		"is refused by its name at construction: $option",
		async ({ option, values, widget }) => {
			for (const value of values) {
				const error = await refusalOf(() => createVerify(widget, { [option]: value } as VerifyOptions));
				expect(error).toMatchObject({ code: "options_invalid", detail: expect.stringContaining(`\`${option}`) });
			}
		},
	);

	it.each(["clockTolerance", "audience", "revoked", "jwksUri", "constructor", "hasOwnProperty"])(
		"that does not exist is refused: %s",
		async (option) => {
			const options = { [option]: () => true } as VerifyOptions;
			expect(await refusalOf(() => createVerify(hilal, options))).toMatchObject({
				code: "options_invalid",
				detail: `\`${option}\` is not an option of createVerify`,
			});
			expect((await refusalOf(() => createVerifyHandler({ widget: hilal, ...options }))).code).toBe("options_invalid");
		},
	);

	it("may be undefined", () => {
		for (const [option] of mistakes) expect(() => createVerify(hilal, { [option]: undefined } as VerifyOptions)).not.toThrow();
	});
});

describe("an option of createVerifyHandler", () => {
	const limiter = { consume: async () => undefined };
	it.each<[string, VerifyHandlerOptions]>([
		["`tenant`", { widget: hilal, tenant: "bot_1" as never }],
		["`client`", { widget: hilal, client: "cf-connecting-ip" as never }],
		["`rateLimiter`", { widget: hilal, rateLimiter: {} as never, client: () => "a" }],
		["`rateLimiter` needs `client`", { widget: hilal, rateLimiter: limiter }],
		["`allowedOrigins`", { widget: hilal, allowedOrigins: "https://example.com" as never }],
		["`allowedOrigins`", { widget: hilal, allowedOrigins: true as never }],
		["`widget`", { widget: (() => true) as never }],
		["`now`", { widget: hilal, now: 0 as never }],
	])("is refused at construction: %s", async (detail, options) => {
		expect(await refusalOf(() => createVerifyHandler(options))).toMatchObject({
			code: "options_invalid",
			detail: expect.stringContaining(detail),
		});
	});
});

describe("a tenant that is not text", () => {
	it.each([1, null, ["bot_1"], { id: "bot_1" }, true])("has no key: %j", async (tenant) => {
		const verify = verifier(hilal, { keys: () => secret });
		expect(await verify(sign({ sub: "u_1", exp: 1_700_000_060, iat: 1_700_000_000 }), { tenant: tenant as never })).toMatchObject({
			code: "key_missing",
		});
	});
});
