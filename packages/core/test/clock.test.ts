import { randomBytes } from "node:crypto";
import { createMint, type HmacContract } from "@widget-token/core";
import { describe, expect, it } from "vitest";
import { vary } from "./contract-variants.ts";
import { hmacContract } from "./keys.ts";
import { ada, contractWith, env, now, payloadOf, refusalOf } from "./minting.ts";

const contract = contractWith({ iat: { from: "generated", generate: "issuedAt" }, jti: { from: "generated", generate: "uuid" } });
const secretOf = new Map(["profile", "clock-hmac"].map((id) => [id, randomBytes(32).toString("hex")]));

/** No milliseconds since the epoch: nothing, text, a time of another unit. */
const unusable: readonly unknown[] = [
	undefined,
	null,
	Number.NaN,
	Number.POSITIVE_INFINITY,
	-1,
	Date.now() * 1000,
	Number.MAX_SAFE_INTEGER,
	"1700000000000",
	1_700_000_000_000n,
	new Date(),
	Promise.resolve(Date.now()),
];

describe("a clock", () => {
	it.each(unusable.map((time) => [time]))("that gives %s mints nothing", async (time) => {
		const broken = (): number => time as number;
		for (const options of [{ env }, { secret: () => secretOf.get("profile") ?? "" }, { env, role: () => "a" }]) {
			const widget = "role" in options ? contractWith({ role: { from: "role", type: "string" } }) : contract;
			const error = await refusalOf(() => createMint(widget, { ...options, now: broken })(ada));
			expect(error).toMatchObject({ code: "options_invalid", status: 500 });
			expect(error.message).toContain("`now`");
		}
	});

	it.each(unusable.map((time) => [time]))("that gives %s later ends the use of a key that has to be asked for again", async (time) => {
		const widgets = [contract, vary<HmacContract>(hmacContract, { id: "clock-hmac" })];
		for (const widget of widgets) {
			let current: unknown = now();
			const mint = createMint(widget, { secret: () => secretOf.get(widget.id) ?? "", now: () => current as number });
			await mint(ada);
			current = time;
			expect(await refusalOf(() => mint(ada))).toMatchObject({ code: "options_invalid" });
			current = now();
			await mint(ada);
		}
	});

	it("may stand at the epoch", async () => {
		expect(payloadOf((await createMint(contract, { env, now: () => 0 })(ada)).token)).toMatchObject({ iat: 0, exp: 600 });
	});
});

describe("a generator of token ids", () => {
	it.each([[undefined], [null], [""], [7], [Promise.resolve("j_1")], [{}], ["j".repeat(256)], ["j\u0000"], ["j\ud800"]])(
		"that gives %s mints nothing",
		async (id) => {
			const error = await refusalOf(() => createMint(contract, { env, now, jti: () => id as string })(ada));
			expect(error).toMatchObject({ code: "options_invalid", status: 500 });
			expect(error.message).toContain("`jti`");
		},
	);
});
