import { WidgetTokenError } from "../base/index.ts";
import type { ReplayStore } from "./replay-store.ts";

/** What of a client of the package `redis` (5 or newer) is needed; a cluster or a pool of it has the same methods. */
export interface RedisClient {
	set(
		key: string,
		value: string,
		options: { readonly condition: "NX"; readonly expiration: { readonly type: "PX"; readonly value: number } },
	): Promise<unknown>;
	/** Never called: version 5 has it, and neither version 4 nor the clients of other packages do. */
	readonly withTypeMapping: (...parameters: never[]) => unknown;
	readonly isReady?: boolean;
}

/** Options of {@link createRedisReplayStore}. */
export interface RedisReplayStoreOptions {
	/** What the keys begin with. Default: `widget-token:used:`. */
	readonly prefix?: string | undefined;
}

/**
 * Keeps used tokens in Redis by `SET NX PX`, so that of all processes exactly one claims a token.
 *
 * The client is yours: connect it, and give it an `error` listener. While it is not connected, claims fail at once.
 *
 * @throws WidgetTokenError `options_invalid` for the client of another package, or of `redis` before version 5.
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
	// Other clients ignore options that they do not know: SET without NX says OK to every replay.
	if (typeof client?.set !== "function" || typeof client.withTypeMapping !== "function") {
		throw new WidgetTokenError("options_invalid", {
			detail: "`createRedisReplayStore` was not given a client of the package redis, version 5 or newer",
			remedy: "Upgrade `redis`, or write a ReplayStore for your client: docs/VERIFY.md, “Single use”.",
		});
	}
	return {
		claim: async (id, milliseconds) => {
			// The client would keep the command until the connection is back, and the visitor waiting.
			if (client.isReady === false) throw new Error("The Redis client is not connected");
			const reply = await client.set(`${prefix}${id}`, "1", {
				condition: "NX",
				// A duration, by Redis' clock: a date would be past already where that clock is ahead.
				expiration: { type: "PX", value: Math.ceil(milliseconds) },
			});
			if (reply !== "OK" && reply !== null) throw new Error("Redis replied to SET NX with neither OK nor nil");
			return reply === "OK";
		},
	};
}
