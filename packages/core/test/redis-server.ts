import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "redis";

/** A `redis-server` of this run: on a socket in a new folder, without a port and without a file. */
export interface RedisServer {
	readonly socket: string;
	/** Ends the process, with all that it knows. */
	halt(): Promise<void>;
	/** Starts it again after `halt`. */
	resume(): Promise<void>;
	/** Ends it for good. */
	stop(): Promise<void>;
}

/** Starts Debian's `redis-server` and waits until it answers. */
export async function startRedis(): Promise<RedisServer> {
	const folder = await mkdtemp(join(tmpdir(), "widget-token-redis-"));
	const socket = join(folder, "redis.sock");
	let server = await run(folder, socket);
	return {
		socket,
		halt: () => end(server),
		resume: async () => {
			server = await run(folder, socket);
		},
		stop: async () => {
			await end(server);
			await rm(folder, { recursive: true });
		},
	};
}

async function run(folder: string, socket: string): Promise<ChildProcess> {
	const options = ["--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", folder];
	const server = spawn("redis-server", options, { stdio: "ignore" });
	const failed = new Promise<never>((_, reject) => {
		server.once("error", (cause) =>
			reject(new Error("redis-server cannot be started; install it (apt-get install redis-server)", { cause })),
		);
		server.once("exit", () => reject(new Error("redis-server ended")));
	});
	failed.catch(() => undefined);
	await Promise.race([failed, untilReady(socket)]);
	return server;
}

async function untilReady(socket: string): Promise<void> {
	const client = createClient({ socket: { path: socket, tls: false, reconnectStrategy: 20 } });
	client.on("error", () => undefined);
	await client.connect();
	await client.ping();
	client.destroy();
}

async function end(server: ChildProcess): Promise<void> {
	if (server.exitCode !== null || server.signalCode !== null) return;
	const exited = new Promise((resolve) => server.once("exit", resolve));
	server.kill();
	await exited;
}
