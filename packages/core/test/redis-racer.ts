import { createVerify } from "@widget-token/core/verify";
import { createRedisReplayStore } from "@widget-token/core/verify/redis";
import { jupid } from "@widget-token/widgets";
import { createClient } from "redis";

// One of two processes that verify the same tokens at the same time: told which, it answers what it has got of them.
let verifyAll: (tokens: readonly string[]) => Promise<string[]>;

process.on("message", async (message: { socket: string; env: Record<string, string> } | { tokens: readonly string[] }) => {
	if ("tokens" in message) return void process.send?.(await verifyAll(message.tokens));
	const client = createClient({ socket: { path: message.socket, tls: false } });
	client.on("error", console.error);
	await client.connect();
	const verify = createVerify(jupid, { env: message.env, replay: { store: createRedisReplayStore(client) } });
	verifyAll = (tokens) =>
		Promise.all(tokens.map(async (token) => ((result) => (result.verified ? "verified" : result.code))(await verify(token))));
	process.send?.("ready");
});

process.once("disconnect", () => process.exit());
