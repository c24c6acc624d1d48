import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessGroups, RunningProgram } from "./process-groups.ts";
import { plainEnvironment, repositoryPath, resolvePackageFile } from "./repository.ts";

type Env = Readonly<Record<string, string>>;

/** One of the demo's apps, listening. */
export interface RunningApp {
	/** Without a slash at the end. */
	readonly address: string;
	readonly program: RunningProgram;
}

const startSeconds = 60;

/** `next start` of a built app. `env` gets the address, which has to be known beforehand. */
export async function startNextApp(
	groups: ProcessGroups,
	folder: string,
	host: "localhost" | "127.0.0.1",
	env: (address: string) => Env,
): Promise<RunningApp> {
	for (let attempt = 1; ; attempt += 1) {
		const port = await findFreePort(host);
		const address = `http://${host}:${port}`;
		const program = groups.start({
			name: folder,
			args: [resolvePackageFile("next/dist/bin/next", folder), "start", "-H", host, "-p", String(port)],
			cwd: repositoryPath(folder),
			env: { ...plainEnvironment(), NODE_ENV: "production", ...env(address) },
		});
		try {
			await waitForLine(program, /Ready in/);
			return { address, program };
		} catch (error) {
			await program.stop();
			// Somebody else may have taken the port since it was found free.
			if (attempt === 3 || !program.output().includes("EADDRINUSE")) throw error;
		}
	}
}

/** A Node.js server that prints its address. */
export async function startNodeApp(groups: ProcessGroups, folder: string, args: readonly string[], env: Env): Promise<RunningApp> {
	const program = groups.start({
		name: folder,
		args,
		cwd: repositoryPath(folder),
		env: { ...plainEnvironment(), PORT: "0", ...env },
	});
	return { address: await waitForLine(program, /http:\/\/[^\s/]+:\d+/), program };
}

/** The stand-in for the vendors, with the keys of `env`; the built one, as a user has it. */
export function startSandbox(groups: ProcessGroups, env: Env): Promise<RunningApp> {
	return startNodeApp(groups, "packages/sandbox", ["dist/cli.js", "--port", "0"], env);
}

/** A program in Deno, which may do what `permissions` allow and read its environment. */
export async function startDenoApp(
	groups: ProcessGroups,
	folder: string,
	script: string,
	permissions: readonly string[],
	env: Env,
): Promise<RunningApp> {
	const flags = ["--no-remote", "--node-modules-dir=manual", "--allow-env", ...permissions];
	const program = groups.start({
		name: folder,
		args: [resolvePackageFile("deno/bin.cjs"), "run", ...flags, script],
		cwd: repositoryPath(folder),
		env: { ...plainEnvironment(), PORT: "0", ...env },
	});
	return { address: await waitForLine(program, /http:\/\/[^\s/]+:\d+/), program };
}

/** The last lines that a program has written, for a person who looks for the reason of a failure. */
export function lastLines(program: RunningProgram, count = 12): string {
	return program.output().trimEnd().split("\n").slice(-count).join("\n");
}

async function waitForLine(program: RunningProgram, pattern: RegExp): Promise<string> {
	const line = new Promise<string>((resolve) => {
		program.onLine((text) => {
			const match = pattern.exec(text);
			if (match !== null) resolve(match[0]);
		});
	});
	const late = new AbortController();
	try {
		return await Promise.race([
			line,
			program.ended.then((ending) => {
				throw new Error(`${program.name} ended with ${ending} before it was ready. Its last lines:\n${lastLines(program)}`);
			}),
			sleep(startSeconds * 1000, undefined, { signal: late.signal }).then(() => {
				throw new Error(`${program.name} was not ready after ${startSeconds} s. Its last lines:\n${lastLines(program)}`);
			}),
		]);
	} finally {
		late.abort();
	}
}

/** A port that nobody has at the moment. */
export async function findFreePort(host: string): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, host, resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	if (address === null || typeof address === "string") throw new Error("The system gave no port");
	return address.port;
}
