import { createMint } from "@widget-token/core";
import { createMemoryReplayStore, type ReplayStore, type VerifyEvent, type VerifyOptions } from "@widget-token/core/verify";
import { hilal, jupid } from "@widget-token/widgets";
import { describe, expect, it } from "vitest";
import { ada, codeOf, contractWith, env, now, nowInSeconds, refusalOf } from "./minting.ts";
import { outcomeOf, secret, sign, verifier } from "./verifying.ts";

const mint = createMint(jupid, { env, now });
const tokenOf = async (): Promise<string> => (await mint(ada)).token;
const verify = (store: ReplayStore, options: VerifyOptions = {}): ReturnType<typeof verifier> =>
	verifier(jupid, { secret: env.JUPID_EMBED_SECRET, replay: { store }, ...options });

describe("a token with an id", () => {
	it("verifies once", async () => {
		const store = createMemoryReplayStore({ now });
		const [first, second] = [await tokenOf(), await tokenOf()];
		expect(await outcomeOf(verify(store)(first))).toBe("verified");
		expect(await verify(store)(first)).toMatchObject({ reason: "expired", code: "replayed", claim: "jti" });
		expect(await outcomeOf(verify(store)(second))).toBe("verified");
	});

	it("verifies once of a hundred times at once", async () => {
		const token = await tokenOf();
		const bound = verify(createMemoryReplayStore({ now }));
		const outcomes = await Promise.all(Array.from({ length: 100 }, () => outcomeOf(bound(token))));
		expect(outcomes.filter((outcome) => outcome === "verified")).toHaveLength(1);
	});

	it("is not used up by a refusal", async () => {
		const store = createMemoryReplayStore({ now });
		const token = await tokenOf();
		expect(await outcomeOf(verify(store, { now: () => now() - 3_600_000 })(token))).toBe("not_yet_valid");
		expect(await outcomeOf(verify(store, { settings: { partnerId: "partner-2" } })(token))).toBe("issuer_mismatch");
		expect(await outcomeOf(verify(store, { secret })(token))).toBe("signature_invalid");
		expect(await outcomeOf(verify(store)(token))).toBe("verified");
	});

	it("is its tenant's own", async () => {
		const token = await tokenOf();
		const bound = verify(createMemoryReplayStore({ now }));
		expect(await outcomeOf(bound(token, { tenant: "a" }))).toBe("verified");
		expect(await outcomeOf(bound(token, { tenant: "b" }))).toBe("verified");
		expect(await outcomeOf(bound(token, { tenant: "a" }))).toBe("replayed");
	});

	it("stays used for as long as the tolerance lets it verify", async () => {
		const token = await tokenOf();
		let time = now();
		const clock = (): number => time;
		const bound = verify(createMemoryReplayStore({ now: clock, maximumEntries: 1 }), { now: clock, clockToleranceSeconds: 30 });
		expect(await outcomeOf(bound(token))).toBe("verified");
		time = (nowInSeconds + 300 + 29) * 1000 + 999;
		expect(await outcomeOf(bound(token))).toBe("replayed");
		time += 1;
		expect(await outcomeOf(bound(token))).toBe("expired");
	});

	it("stays used by the store's own time, whatever the clock of the application does in between", async () => {
		const token = await tokenOf();
		let time = now();
		let elapsed = 0;
		const store = createMemoryReplayStore({ now: () => elapsed, maximumEntries: 1 });
		const bound = verify(store, { now: () => time });
		// Ahead by nearly the lifetime when the token is used, then right again.
		time = (nowInSeconds + 299) * 1000;
		expect(await outcomeOf(bound(token))).toBe("verified");
		time = now() + 200_000;
		elapsed = 200_000;
		await expect(bound(await tokenOf())).rejects.toMatchObject({ code: "replay_unavailable" });
		expect(await outcomeOf(bound(token))).toBe("replayed");
	});

	it("is remembered for its lifetime from its issue, the tolerance, and a minute for the clocks of other processes", async () => {
		const times: number[] = [];
		const store: ReplayStore = { claim: (_, milliseconds) => times.push(milliseconds) > 0 };
		const token = await tokenOf();
		for (const ahead of [0, 200_000]) await verify(store, { now: () => now() + ahead, clockToleranceSeconds: 7 })(token);
		const withoutIssue = contractWith({ sub: { from: "identity", field: "id" }, jti: { from: "generated", generate: "uuid" } });
		await verifier(withoutIssue, { replay: { store } })(sign({ sub: "u_1", exp: nowInSeconds + 50, jti: "1" }));
		expect(times).toEqual([367_000, 367_000, 114_001]);
	});

	it("must have it where the contract leaves it optional", async () => {
		const widget = contractWith({ sub: { from: "identity", field: "id" }, jti: { from: "generated", generate: "uuid" } });
		const bound = verifier(widget, { replay: { store: createMemoryReplayStore({ now }) } });
		expect(await bound(sign({ sub: "u_1", exp: nowInSeconds + 60 }))).toMatchObject({ code: "claim_missing", claim: "jti" });
		expect(await outcomeOf(bound(sign({ sub: "u_1", exp: nowInSeconds + 60, jti: "1" })))).toBe("verified");
	});
});

describe("a contract without token ids", () => {
	it("cannot be held to single use", async () => {
		expect(await codeOf(() => verifier(hilal, { replay: { store: createMemoryReplayStore() } }))).toBe("options_invalid");
		expect(await codeOf(() => verifier(jupid, { replay: { store: {} as ReplayStore } }))).toBe("options_invalid");
	});
});

describe("a store that is down", () => {
	const stores: readonly (readonly [string, ReplayStore])[] = [
		[
			"throws",
			{
				claim: () => {
					throw new Error("down");
				},
			},
		],
		["rejects", { claim: () => Promise.reject(new Error("down")) }],
		["hangs", { claim: () => new Promise(() => undefined) }],
	];

	it.each(stores)("refuses, as an outage, when it %s", async (_, store) => {
		const events: VerifyEvent[] = [];
		const bound = verify(store, { timeoutSeconds: 0.02, onEvent: (event) => void events.push(event) });
		expect(await refusalOf(async () => bound(await tokenOf()))).toMatchObject({ code: "replay_unavailable", status: 503 });
		expect(events).toMatchObject([{ outcome: "failed", code: "replay_unavailable" }]);
	});

	it.each(stores)("accepts and reports by option when it %s", async (_, store) => {
		const events: VerifyEvent[] = [];
		const replay = { store, whenUnavailable: "accept" } as const;
		const bound = verify(store, { replay, timeoutSeconds: 0.02, onEvent: (event) => void events.push(event) });
		expect(await outcomeOf(bound(await tokenOf()))).toBe("verified");
		expect(events).toMatchObject([{ outcome: "failed", code: "replay_unavailable" }, { outcome: "verified" }]);
		expect(await outcomeOf(bound(sign()))).toBe("signature_invalid");
	});
});

describe("a store that answers something else than true or false", () => {
	it.each([undefined, null, 1, 0, "OK", "true", {}, [], Object(true), "used"])("refuses: %s", async (answer) => {
		for (const store of [{ claim: () => answer }, { claim: async () => answer }] as unknown as ReplayStore[]) {
			for (const whenUnavailable of ["refuse", "accept"] as const) {
				const bound = verify(store, { replay: { store, whenUnavailable }, onEvent: () => undefined });
				expect(await refusalOf(async () => bound(await tokenOf()))).toMatchObject({ code: "replay_unavailable", status: 503 });
			}
		}
	});
});

describe("the store in memory", () => {
	it("is bounded, and refuses rather than forget an id that still counts", async () => {
		let time = 0;
		const store = createMemoryReplayStore({ maximumEntries: 3, now: () => time });
		for (const id of ["a", "b", "c"]) expect(store.claim(id, id === "c" ? 90_000 : 10_000)).toBe(true);
		expect(() => store.claim("d", 10_000)).toThrow(RangeError);
		for (const id of ["a", "b", "c"]) expect(store.claim(id, 10_000)).toBe(false);
		time = 10_000;
		expect(store.claim("c", 80_000)).toBe(false);
		expect(store.claim("d", 80_000)).toBe(true);
		expect(store.claim("a", 80_000)).toBe(true);
		expect(() => store.claim("b", 80_000)).toThrow(RangeError);
	});

	it("takes an id again when it has expired", () => {
		let time = 0;
		const store = createMemoryReplayStore({ now: () => time });
		expect(store.claim("a", 1000)).toBe(true);
		time = 999;
		expect(store.claim("a", 1000)).toBe(false);
		time = 1000;
		expect(store.claim("a", 2000)).toBe(true);
	});

	it("never forgets an id whose time is no number", () => {
		const store = createMemoryReplayStore();
		expect(store.claim("a", Number.NaN)).toBe(true);
		expect(store.claim("a", 1000)).toBe(false);
	});

	it.each([0, -1, 1.5, Number.NaN])("has a size that is none: %s", async (maximumEntries) => {
		expect(await codeOf(() => createMemoryReplayStore({ maximumEntries }))).toBe("options_invalid");
	});
});
