import { createMemoryReplayStore, judgeClaims } from "@widget-token/core/verify";
import { jupid } from "@widget-token/widgets";
import { describe, expect, it } from "vitest";
import { codeOf, env, now, nowInSeconds } from "./minting.ts";
import { claims, contract, outcomeOf, sign, verifier } from "./verifying.ts";

const quiet = { onEvent: () => undefined };

describe.each<[string, unknown]>([
	["NaN", Number.NaN],
	["undefined", undefined],
	["null", null],
	["Infinity", Number.POSITIVE_INFINITY],
	["-Infinity", Number.NEGATIVE_INFINITY],
	["a time before 1970", -1],
	["text", String(now())],
	["a BigInt", BigInt(now())],
	["a Date", new Date(now())],
	["a promise", Promise.resolve(now())],
])("a clock that returns %s", (_, time) => {
	const broken = (): number => time as number;

	it.each([
		["has expired", { ...claims, exp: 1 }],
		["is valid", claims],
		["is not valid yet", { ...claims, nbf: nowInSeconds + 1e6 }],
	])("verifies no token: one that %s", async (_, payload) => {
		expect(await codeOf(() => verifier(contract, { now: broken, ...quiet })(sign(payload)))).toBe("options_invalid");
	});

	it("judges no claims", async () => {
		expect(await codeOf(() => judgeClaims(contract, { sub: "u_1", exp: 1 }, { now: broken }))).toBe("options_invalid");
	});

	it.each(["refuse", "accept"] as const)("lets no replay pass by a store in memory (%s)", async (whenUnavailable) => {
		const replay = { store: createMemoryReplayStore({ now: broken }), whenUnavailable };
		const verify = verifier(jupid, { secret: env.JUPID_EMBED_SECRET, settings: { partnerId: "p" }, replay, ...quiet });
		const token = sign({ iss: "p", aud: "jupid-embed", ...claims, jti: "1" }, { alg: "HS256" }, env.JUPID_EMBED_SECRET);
		expect(await codeOf(() => verify(token))).toBe("options_invalid");
	});
});

it("a clock with fractions of a millisecond is one", async () => {
	expect(await outcomeOf(verifier(contract, { now: () => now() + 0.25 })(sign()))).toBe("verified");
});
