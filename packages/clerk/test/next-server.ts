import { type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const next = createRequire(import.meta.url).resolve("next/dist/bin/next");

/** The folders of the apps under test. */
export const apps: Readonly<Record<"fixture" | "nextClerk", string>> = {
	fixture: fileURLToPath(new URL("fixture", import.meta.url)),
	nextClerk: fileURLToPath(new URL("../../../apps/next-clerk", import.meta.url)),
};

type Env = Readonly<Record<string, string>>;

/** A running `next start`. */
export interface NextServer {
	readonly origin: string;
	/** What the server has written so far, both streams. */
	output(): string;
	close(): Promise<void>;
}

// Nothing of this process's environment but where the programs are: no secret can slip in.
const baseEnv: Env = {
	PATH: process.env["PATH"] ?? "",
	HOME: process.env["HOME"] ?? "",
	NEXT_TELEMETRY_DISABLED: "1",
	CLERK_TELEMETRY_DISABLED: "1",
	NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED: "1",
};

/** Runs `next build` and returns what it wrote. The packages must have been built: the app uses them as published. */
export async function buildNext(folder: string, env: Env = {}): Promise<string> {
	if (!existsSync(new URL("../dist/index.js", import.meta.url))) throw new Error("The packages are not built: run `npm run build` first");
	const { output, exitCode } = run(["build", folder], env);
	const code = await exitCode;
	if (code !== 0) throw new Error(`next build ended with ${code}:\n${output()}`);
	return output();
}

/** Runs `next start` on a free port of localhost; `onOutput` gets what the server writes. */
export async function startNext(folder: string, env: (origin: string) => Env, onOutput?: (text: string) => void): Promise<NextServer> {
	const port = await findFreePort();
	const origin = `http://localhost:${port}`;
	const { child, output, exitCode } = run(["start", folder, "-H", "localhost", "-p", String(port)], env(origin), onOutput);
	const ready = new Promise<boolean>((resolve) => {
		const look = (): void => void (/Ready in/.test(output()) && resolve(true));
		child.stdout.on("data", look);
	});
	if (!(await Promise.race([ready, exitCode.then(() => false)]))) throw new Error(`next start ended:\n${output()}`);
	return {
		origin,
		output,
		async close() {
			child.kill();
			await exitCode;
		},
	};
}

interface NextProcess {
	readonly child: ChildProcessByStdio<null, Readable, Readable>;
	readonly exitCode: Promise<number | null>;
	output(): string;
}

function run(args: readonly string[], env: Env, onOutput?: (text: string) => void): NextProcess {
	const child = spawn(process.execPath, [next, ...args], {
		env: { NODE_ENV: "production", ...baseEnv, ...env },
		stdio: ["ignore", "pipe", "pipe"],
	});
	let written = "";
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding("utf8").on("data", (text: string) => {
			written += text;
			onOutput?.(text);
		});
	}
	const exitCode = new Promise<number | null>((resolve) => child.on("close", resolve));
	return { child, exitCode, output: () => written };
}

async function findFreePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	if (address === null || typeof address === "string") throw new Error("no port");
	return address.port;
}
