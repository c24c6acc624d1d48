import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createMint } from "@widget-token/core";
import { createVerify } from "@widget-token/core/verify";
import { createRedisReplayStore } from "@widget-token/core/verify/redis";
import { jupid } from "@widget-token/widgets";
import { createClient } from "redis";
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

	it("keeps an id until the token has expired, and a while longer for a clock that is ahead", async () => {
		const client = await connect();
		const store = createRedisReplayStore(client, { prefix: "test:" });
		const expiresAt = Date.now() + 300_000;
		expect(await store.claim("id", expiresAt)).toBe(true);
		expect(await store.claim("id", expiresAt)).toBe(false);
		expect(await client.pExpireTime("test:id")).toBe(expiresAt + 60_000);
		client.destroy();
	});

	it("forgets an id after that", async () => {
		const client = await connect();
		const store = createRedisReplayStore(client);
		expect(await store.claim("old", Date.now() - 61_000)).toBe(true);
		expect(await store.claim("old", Date.now() + 1000)).toBe(true);
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
