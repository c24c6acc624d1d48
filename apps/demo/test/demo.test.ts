import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { descendantsOf, lastSurvivorsOf, survivorsOf } from "./processes.ts";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const timeoutMs = 120_000;

/** The demo as `npm run demo` runs it, without a terminal. */
interface RunningDemo {
	readonly pid: number;
	readonly ended: Promise<string>;
	output(): string;
	kill(signal: NodeJS.Signals): void;
	/** Resolves when the text was written; fails when the demo ends before. */
	waitFor(text: string): Promise<void>;
}

describe("the demo", { timeout: timeoutMs }, () => {
	let child: ChildProcess | undefined;
	// What it has started notices that it is gone.
	afterEach(() => child?.kill("SIGKILL"));

	function start(...args: readonly string[]): RunningDemo {
		const { NODE_ENV: _, ...env } = process.env;
		const demo = spawn(process.execPath, [main, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
		child = demo;
		let output = "";
		const ended = once(demo, "close").then(([code, signal]) => (signal === null ? `code ${String(code)}` : `signal ${String(signal)}`));
		for (const stream of [demo.stdout, demo.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
		return {
			pid: demo.pid ?? 0,
			ended,
			output: () => output,
			kill: (signal) => void demo.kill(signal),
			async waitFor(text) {
				let hasEnded = false;
				void ended.then(() => (hasEnded = true));
				while (!output.includes(text)) {
					if (hasEnded) throw new Error(`the demo ended with ${await ended}:\n${output}`);
					await new Promise((resolve) => setTimeout(resolve, 20));
				}
			},
		};
	}

	it("stays up with its apps until Ctrl-C, and leaves no process behind", async () => {
		const demo = start();
		await demo.waitFor("The apps stay up until Ctrl-C");
		await demo.waitFor("local tenant on its page");
		const started = descendantsOf(demo.pid);
		const commands = started.map(({ command }) => command).join("\n");
		for (const program of ["next-server", "src/server.ts", "deno run", "process-guard"]) expect(commands).toContain(program);
		const addresses = new Map([...demo.output().matchAll(/^ (\w+) +(http:\S+) /gm)].map(([, name, address]) => [name, address ?? ""]));
		expect([...addresses.keys()]).toEqual(["All", "Sandbox", "Clerk", "Firebase", "Supabase", "Auth0"]);
		const hub = await (await fetch(addresses.get("All") ?? "")).text();
		for (const [name, address] of addresses) {
			expect((await fetch(address)).status).toBeLessThan(500);
			if (name !== "All") expect(hub).toContain(`href="${address}"`);
		}
		// Twenty tokens and sixteen refusals, none of them wrong.
		expect([hub.match(/✓/g)?.length, hub.match(/✗/g)?.length]).toEqual([36, undefined]);
		demo.kill("SIGINT");
		expect(await demo.ended).toBe("code 0");
		expect(survivorsOf(started)).toEqual([]);
	});

	it("ends when one of its apps dies, and leaves no process behind", async () => {
		const demo = start();
		await demo.waitFor("local tenant on its page");
		const started = descendantsOf(demo.pid);
		process.kill(started.find(({ command }) => command.includes("src/server.ts"))?.pid ?? 0, "SIGKILL");
		expect(await demo.ended).toBe("code 1");
		expect(demo.output()).toContain("apps/express-firebase ended with signal SIGKILL");
		expect(survivorsOf(started)).toEqual([]);
	});

	it.each([
		["SIGTERM", "code 143", "starting apps/next-clerk"],
		["SIGINT", "code 130", "Building"],
		["SIGHUP", "code 129", "Building"],
		["SIGKILL", "signal SIGKILL", "Building"],
	] as const)("leaves no process behind after a %s while it starts", async (signal, ending, stage) => {
		const demo = start("--check");
		await demo.waitFor(stage);
		while (descendantsOf(demo.pid).length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
		const started = descendantsOf(demo.pid);
		demo.kill(signal);
		expect(await demo.ended).toBe(ending);
		expect(signal === "SIGKILL" ? await lastSurvivorsOf(started) : survivorsOf(started)).toEqual([]);
	});

	it("leaves no process behind when nobody reads its output any more", async () => {
		const demo = start("--check");
		await demo.waitFor("Building");
		const started = descendantsOf(demo.pid);
		child?.stdout?.destroy();
		child?.stderr?.destroy();
		expect(await demo.ended).toBe("code 1");
		expect(survivorsOf(started)).toEqual([]);
	});

	it("leaves no process behind when only the shell is told to end, as npm does it", async () => {
		const shell = spawn("sh", ["-c", '"$0" "$1" --check; exit', process.execPath, main], { stdio: ["ignore", "pipe", "inherit"] });
		child = shell;
		await once(shell.stdout, "data");
		const started = descendantsOf(shell.pid ?? 0);
		expect(started.map(({ command }) => command).join()).toContain("main.ts");
		shell.kill("SIGTERM");
		expect(await lastSurvivorsOf(started)).toEqual([]);
	});

	it("answers --help and an unknown option without starting anything", async () => {
		const help = start("--help");
		expect(await help.ended).toBe("code 0");
		expect(help.output()).toContain("Usage: npm run demo");
		const unknown = start("--chek");
		expect(await unknown.ended).toBe("code 2");
		expect(unknown.output()).toContain("There is no option --chek.");
		for (const { output } of [help, unknown]) expect(output()).not.toContain("Clerk:");
	});
});
