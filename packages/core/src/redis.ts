import type { ReplayStore } from "./replay.ts";

/** What of a client of the package `redis` (5 or newer) is needed; a cluster or a pool of it has the same method. */
export interface RedisClient {
	set(
		key: string,
		value: string,
		options: { readonly condition: "NX"; readonly expiration: { readonly type: "PXAT"; readonly value: number } },
	): Promise<unknown>;
	readonly isReady?: boolean;
}

/** Options of {@link createRedisReplayStore}. */
export interface RedisReplayStoreOptions {
	/** What the keys begin with. Default: `widget-token:used:`. */
	readonly prefix?: string | undefined;
}

// Redis forgets by its own clock: one that runs ahead must not forget a token that still counts here.
const clockSkewMilliseconds = 60_000;

/**
 * A replay store in Redis: `SET NX PXAT`, so that of all processes exactly one claims a token.
 *
 * The client is yours: connect it, and give it an `error` listener. While it is not connected, claims fail at once.
 *
 * @example
 * ```ts
 * import { createVerify } from "@widget-token/core/verify";
 * import { createRedisReplayStore } from "@widget-token/core/verify/redis";
 * import { jupid } from "@widget-token/widgets";
 * import { createClient } from "redis";
 *
 * const client = createClient();
 * client.on("error", console.error);
 * await client.connect();
 *
 * const verify = createVerify(jupid, { replay: { store: createRedisReplayStore(client) } });
 * ```
 */
export function createRedisReplayStore(client: RedisClient, { prefix = "widget-token:used:" }: RedisReplayStoreOptions = {}): ReplayStore {
	return {
		claim: async (id, expiresAt) => {
			// The client would keep the command until the connection is back, and the visitor waiting.
			if (client.isReady === false) throw new Error("The Redis client is not connected");
			const reply = await client.set(`${prefix}${id}`, "1", {
				condition: "NX",
				expiration: { type: "PXAT", value: Math.ceil(expiresAt) + clockSkewMilliseconds },
			});
			return reply !== null;
		},
	};
}
