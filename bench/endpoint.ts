import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import { type Row, toRows } from "./measure.ts";

const rounds = 5;
const connections = 32;
const secondsPerRound = 3;

const servers = {
	"widget-token": "widget-token.ts",
	"hand-written route, jsonwebtoken": "hand-written.ts",
	"static string": "static.ts",
} as const;

/** Requests per second of whole endpoints on node:http, each in a process of its own, asked in turn. */
export async function benchEndpoint(): Promise<Row[]> {
	const running = await Promise.all(
		Object.entries(servers).map(async ([name, file]) => ({ name, ...(await start(file)), samples: [] as number[] })),
	);
	try {
		for (const { url } of running) await ask(url, 1);
		for (let round = 0; round < rounds; round++) for (const { url, samples } of running) samples.push(await ask(url, secondsPerRound));
		return toRows(running.map(({ name, samples }) => [name, samples]));
	} finally {
		for (const { child } of running) child.disconnect();
	}
}

async function start(file: string): Promise<{ child: ReturnType<typeof fork>; url: string }> {
	const child = fork(fileURLToPath(new URL(`servers/${file}`, import.meta.url)), { stdio: "inherit" });
	const [port] = (await once(child, "message")) as [number];
	return { child, url: `http://127.0.0.1:${port}/api/widget-token` };
}

async function ask(url: string, duration: number): Promise<number> {
	const { requests, non2xx, errors } = await autocannon({ url, connections, duration });
	if (non2xx > 0 || errors > 0) throw new Error(`${url} failed ${non2xx + errors} times`);
	return requests.average;
}
