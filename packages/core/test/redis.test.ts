import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createMint } from "@widget-token/core";
import { createVerify } from "@widget-token/core/verify";
import { createRedisReplayStore, type RedisClient } from "@widget-token/core/verify/redis";
import { jupid } from "@widget-token/widgets";
import { createClient, RESP_TYPES } from "redis";
import { createClient as createClient4 } from "redis-4";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ada, env, refusalOf } from "./minting.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";
import { outcomeOf } from "./verifying.ts";

let redis: RedisServer;
beforeAll(async () => {
	redis = await startRedis();
});
afterAll(() => redis.stop());

async function connect(socket: string = redis.socket): Promise<ReturnType<typeof createClient>> {
	const client = createClient({ socket: { path: socket, tls: false, reconnectStrategy: 20 } });
	client.on("error", () => undefined);
	return (await client.connect()) as ReturnType<typeof createClient>;
}

const verifyEnv = env as Record<string, string>;
const mint = createMint(jupid, { env });

describe("a client that would ignore NX", () => {
	const answersOk = { set: async () => "OK" };
	it.each([
		["of redis 4", createClient4()],
		["of another package, such as ioredis or @upstash/redis", answersOk],
		["that is none", undefined],
		["that is the address of a server", "redis://127.0.0.1:6379"],
	])("is refused at construction: one %s", async (_, client) => {
		const error = await refusalOf(() => createRedisReplayStore(client as unknown as RedisClient));
		expect(error).toMatchObject({ code: "options_invalid", status: 500 });
		expect(error.message).toMatch(/redis, version 5 or newer.*Upgrade/);
	});
});

describe("single use by Redis", () => {
	const racer = fileURLToPath(new URL("redis-racer.ts", import.meta.url));
	const rounds = 200;
	const racesInRound = 50;

	it(`lets exactly one of two processes have a token, in ${rounds * racesInRound} races`, async () => {
		const racers = [0, 1].map((): ChildProcess => fork(racer, { execArgv: ["--conditions=@widget-token/source"] }));
		for (const process of racers) process.send({ socket: redis.socket, env: verifyEnv });
		await Promise.all(racers.map((process) => once(process, "message")));
		const wins = [0, 0];
		for (let round = 0; round < rounds; round++) {
			const tokens = await Promise.all(Array.from({ length: racesInRound }, async () => (await mint(ada)).token));
			// In turns, so that neither is always the first to hear of it.
			const order = round % 2 === 0 ? [0, 1] : [1, 0];
			const answers = order.map((index) => once(racers[index] as ChildProcess, "message"));
			for (const index of order) racers[index]?.send({ tokens });
			const outcomes = (await Promise.all(answers)).map(([answer]) => answer as string[]);
			for (let race = 0; race < racesInRound; race++) {
				const pair = outcomes.map((outcome) => outcome[race]);
				expect([...pair].sort()).toEqual(["replayed", "verified"]);
				const winner = order[pair.indexOf("verified")] as number;
				wins[winner] = (wins[winner] as number) + 1;
			}
		}
		for (const process of racers) process.disconnect();
		expect(wins[0]).toBeGreaterThan(0);
		expect(wins[1]).toBeGreaterThan(0);
		expect((wins[0] as number) + (wins[1] as number)).toBe(10_000);
	});

	it("keeps an id for as long as it is told, then forgets it", async () => {
		const client = await connect();
		const store = createRedisReplayStore(client, { prefix: "test:" });
		expect(await store.claim("id", 300_000.5)).toBe(true);
		expect(await store.claim("id", 1)).toBe(false);
		const left = await client.pTTL("test:id");
		expect(left).toBeGreaterThan(200_000);
		expect(left).toBeLessThanOrEqual(300_001);
		expect(await store.claim("short", 1)).toBe(true);
		while ((await client.exists("test:short")) === 1) await client.ping();
		expect(await store.claim("short", 1000)).toBe(true);
		client.destroy();
	});

	it("refuses to claim for a time that is none", async () => {
		const client = await connect();
		const store = createRedisReplayStore(client);
		for (const milliseconds of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
			await expect(store.claim("x", milliseconds)).rejects.toThrow();
		client.destroy();
	});

	it.each([
		["seven minutes ahead", 7 * 60],
		["a year ahead", 365 * 86_400],
		["seven minutes behind", -7 * 60],
		["a year behind", -365 * 86_400],
	])("refuses a replay where the clock of Redis is %s of the application's", async (_, seconds) => {
		const client = await connect();
		await client.flushAll();
		const shifted = (): number => Date.now() - seconds * 1000;
		const verify = createVerify(jupid, { env: verifyEnv, now: shifted, replay: { store: createRedisReplayStore(client) } });
		const { token } = await createMint(jupid, { env, now: shifted })(ada);
		expect([await outcomeOf(verify(token)), await outcomeOf(verify(token))]).toEqual(["verified", "replayed"]);
		// The lifetime, the tolerance, and a minute for other processes: no shorter, and no longer for ever.
		const left = await client.pTTL(String(await client.randomKey()));
		expect(left).toBeGreaterThan(300_000);
		expect(left).toBeLessThanOrEqual(365_000);
		client.destroy();
	});

	it("does not take a reply that it does not know for a first use", async () => {
		const client = await connect();
		const inBytes = client.withTypeMapping({ [RESP_TYPES.SIMPLE_STRING]: Buffer });
		const verify = createVerify(jupid, {
			env: verifyEnv,
			onEvent: () => undefined,
			replay: { store: createRedisReplayStore(inBytes as unknown as RedisClient) },
		});
		const { token } = await mint(ada);
		expect((await refusalOf(() => verify(token))).code).toBe("replay_unavailable");
		client.destroy();
	});

	it("refuses while the connection is down without using the token up, and goes on when it is back", async () => {
		const own = await startRedis();
		const client = await connect(own.socket);
		const options = { env: verifyEnv, onEvent: () => undefined, replay: { store: createRedisReplayStore(client) } };
		const verify = createVerify(jupid, options);
		const [before, after] = [(await mint(ada)).token, (await mint(ada)).token];
		expect(await outcomeOf(verify(before))).toBe("verified");
		const lost = new Promise((resolve) => client.once("reconnecting", resolve));
		await own.halt();
		await lost;
		// A claim that was kept until the connection is back would use the token up after its refusal.
		const impatient = createVerify(jupid, { ...options, timeoutSeconds: 0.02 });
		expect(await refusalOf(() => impatient(after))).toMatchObject({ code: "replay_unavailable", status: 503 });
		const ready = new Promise((resolve) => client.once("ready", resolve));
		await own.resume();
		await ready;
		expect(await outcomeOf(verify(after))).toBe("verified");
		client.destroy();
		await own.stop();
	});
});
