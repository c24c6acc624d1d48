import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { createProcessGroups, type ProcessGroups, type RunningProgram } from "../src/process-groups.ts";
import { descendantsOf, lastSurvivorsOf, survivorsOf } from "./processes.ts";

// Starts a child, which starts a child, and the last one says so; the stubborn take no SIGTERM.
const program = `
	const { spawn } = require("node:child_process");
	const [depth, stubborn] = process.argv.slice(1).map(Number);
	if (stubborn) process.on("SIGTERM", () => undefined);
	if (depth > 0) spawn(process.execPath, ["-e", process.env.PROGRAM, String(depth - 1), String(stubborn)], { stdio: ["ignore", "inherit", "inherit"] });
	else console.log("all started");
	setInterval(() => undefined, 1000);
`;

function start(groups: ProcessGroups, ...args: readonly number[]): Promise<RunningProgram> {
	const running = groups.start({ name: "a program", args: ["-e", program, ...args.map(String)], cwd: ".", env: { PROGRAM: program } });
	return new Promise((resolve) => running.onLine((line) => line === "all started" && resolve(running)));
}

describe("the programs that the demo starts", () => {
	let owner: ChildProcess | undefined;
	afterEach(() => owner?.kill("SIGKILL"));

	it("end with all that they have started", async () => {
		const groups = createProcessGroups();
		const running = await start(groups, 2, 0);
		const started = descendantsOf(process.pid).filter(
			({ command }) => command.includes("all started") || command.includes("process-guard"),
		);
		expect(started).toHaveLength(4);
		expect(running.stopping).toBe(false);
		await groups.stopAll();
		expect(running.stopping).toBe(true);
		expect(await running.ended).toBe("signal SIGTERM");
		expect(survivorsOf(started)).toEqual([]);
	});

	it("are killed when they do not end", async () => {
		const groups = createProcessGroups({ graceSeconds: 0.2 });
		const running = await start(groups, 1, 1);
		const started = descendantsOf(process.pid).filter(({ command }) => command.includes("all started"));
		expect(started).toHaveLength(2);
		await groups.stopAll();
		expect(await running.ended).toBe("signal SIGKILL");
		expect(survivorsOf(started)).toEqual([]);
	});

	it("leave nothing behind when they have ended by themselves", async () => {
		const groups = createProcessGroups();
		const running = await start(groups, 1, 0);
		const started = descendantsOf(process.pid).filter(({ command }) => command.includes("all started"));
		const [leader, child] = started;
		process.kill(leader?.pid ?? 0, "SIGKILL");
		expect(await running.ended).toBe("signal SIGKILL");
		expect(survivorsOf(started)).toEqual([child]);
		await groups.stopAll();
		expect(survivorsOf(started)).toEqual([]);
	});

	it("cannot be started once the demo is ending", async () => {
		const groups = createProcessGroups();
		await groups.stopAll();
		expect(() => groups.start({ name: "late", args: ["-e", ""], cwd: ".", env: {} })).toThrow("late is not started any more");
	});

	it("tell how they have ended", async () => {
		const groups = createProcessGroups();
		const running = groups.start({
			name: "short",
			args: ["-e", "console.log('a line'); console.error('another'); process.exit(3)"],
			cwd: ".",
			env: {},
		});
		expect(await running.ended).toBe("code 3");
		await groups.stopAll();
		expect(running.output()).toContain("a line\n");
		expect(running.output()).toContain("another\n");
	});

	it("end when the demo is killed and cannot end them", async () => {
		const module = fileURLToPath(new URL("../src/process-groups.ts", import.meta.url));
		const code = `
			import { createProcessGroups } from ${JSON.stringify(module)};
			const args = ["-e", process.env.PROGRAM, "1", "1"];
			createProcessGroups().start({ name: "a program", args, cwd: ".", env: process.env }).onLine((line) => console.log(line));
		`;
		owner = spawn(process.execPath, ["--input-type=module", "-e", code], {
			env: { PROGRAM: program },
			stdio: ["ignore", "pipe", "inherit"],
		});
		if (owner.stdout === null || owner.pid === undefined) throw new Error("not started");
		expect(await once(createInterface(owner.stdout), "line")).toEqual(["all started"]);
		const started = descendantsOf(owner.pid);
		expect(started.length).toBeGreaterThanOrEqual(3);
		owner.kill("SIGKILL");
		expect(await lastSurvivorsOf(started)).toEqual([]);
	});

	it.runIf(process.platform === "linux")("are killed in process groups of their own too, as turbo makes one for each task", async () => {
		const groups = createProcessGroups({ graceSeconds: 0.2 });
		const shell = `require("node:child_process").spawn("bash", ["-c", 'set -m; "$0" -e "$PROGRAM" 0 1 & wait', process.execPath], { stdio: "inherit" })`;
		const running = groups.start({
			name: "a program",
			args: ["-e", shell],
			cwd: ".",
			env: { PATH: process.env["PATH"] ?? "", PROGRAM: program },
		});
		await new Promise<void>((resolve) => running.onLine(() => resolve()));
		const started = descendantsOf(process.pid).filter(({ command }) => command.includes("all started"));
		expect(started).toHaveLength(1);
		await groups.stopAll();
		expect(survivorsOf(started)).toEqual([]);
	});
});
