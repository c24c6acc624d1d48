import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export interface Program {
	/** For people: `apps/next-clerk`. */
	readonly name: string;
	/** For Node.js. */
	readonly args: readonly string[];
	readonly cwd: string;
	readonly env: Readonly<Record<string, string>>;
}

/** A program that was started, with all that it starts in turn. */
export interface RunningProgram {
	readonly name: string;
	/** The last 64 Ki characters that it has written, both streams. */
	output(): string;
	/** Whole lines of both streams, as they come. */
	onLine(listener: (line: string) => void): void;
	/** Resolves when the program has ended: to "code 1" or "signal SIGTERM". */
	readonly ended: Promise<string>;
	/** Whether it was asked to end. */
	readonly stopping: boolean;
	stop(): Promise<void>;
}

/** The programs that the demo has started. */
export interface ProcessGroups {
	start(program: Program): RunningProgram;
	/** Ends them all and waits until nothing of them is left; nothing can be started after it. */
	stopAll(): Promise<void>;
}

/** Starts programs in process groups of their own, so that a program's end takes all that it has started with it. */
export function createProcessGroups(options: { readonly graceSeconds?: number } = {}): ProcessGroups {
	const graceMs = (options.graceSeconds ?? 5) * 1000;
	const running = new Set<RunningProgram>();
	let guard: ChildProcess | undefined;
	let closed = false;

	function tellGuard(line: string): void {
		guard ??= startGuard();
		guard.stdin?.write(`${line}\n`);
	}

	function start({ name, args, cwd, env }: Program): RunningProgram {
		if (closed) throw new Error(`${name} is not started any more: the demo is ending`);
		const child = spawn(process.execPath, args, { cwd, env, detached: true, windowsHide: true, stdio: ["ignore", "pipe", "pipe"] });
		const { pid } = child;
		if (pid !== undefined) tellGuard(`+${pid}`);
		const listeners: ((line: string) => void)[] = [];
		let output = "";
		for (const stream of [child.stdout, child.stderr]) {
			let rest = "";
			stream.setEncoding("utf8").on("data", (text: string) => {
				output = (output + text).slice(-65_536);
				const lines = (rest + text).split(/\r?\n/);
				rest = lines.pop() ?? "";
				for (const line of lines) for (const listener of listeners) listener(line);
			});
		}
		let stopping = false;
		const ended = new Promise<string>((resolve) => {
			child.once("error", (error) => resolve(error.message));
			child.once("exit", (code, signal) => resolve(signal === null ? `code ${code}` : `signal ${signal}`));
		});
		const program: RunningProgram = {
			name,
			ended,
			output: () => output,
			onLine: (listener) => void listeners.push(listener),
			get stopping() {
				return stopping;
			},
			async stop() {
				stopping = true;
				if (pid !== undefined) {
					await endGroup(pid, graceMs);
					tellGuard(`-${pid}`);
				}
				running.delete(program);
			},
		};
		running.add(program);
		return program;
	}

	async function stopAll(): Promise<void> {
		closed = true;
		await Promise.all([...running].map((program) => program.stop()));
		if (guard === undefined || guard.exitCode !== null) return;
		const gone = once(guard, "exit");
		guard.stdin?.end();
		await gone;
	}

	return { start, stopAll };
}

function startGuard(): ChildProcess {
	const script = fileURLToPath(new URL("process-guard.ts", import.meta.url));
	const guard = spawn(process.execPath, [script], { detached: true, windowsHide: true, stdio: ["pipe", "ignore", "ignore"] });
	guard.stdin?.on("error", () => undefined);
	return guard;
}

async function endGroup(leader: number, graceMs: number): Promise<void> {
	for (const signal of ["SIGTERM", "SIGKILL"] as const) {
		killGroup(leader, signal);
		const deadline = Date.now() + graceMs;
		while (isAnybodyLeft(leader) && Date.now() < deadline) await sleep(25);
		if (!isAnybodyLeft(leader)) return;
	}
}

/** Sends a signal to a program and to all that it has started. */
export function killGroup(leader: number, signal: NodeJS.Signals): void {
	if (process.platform === "win32") {
		spawnSync("taskkill", ["/pid", String(leader), "/t", "/f"], { stdio: "ignore", windowsHide: true });
		return;
	}
	// Turborepo has a group for each of its tasks, and ends them itself when it is asked to. When it is killed it cannot.
	const groups = signal === "SIGKILL" ? new Set([leader, ...(groupsOfSession(leader) ?? [])]) : [leader];
	for (const group of groups) {
		try {
			process.kill(-group, signal);
		} catch {
			// It has ended.
		}
	}
}

function isAnybodyLeft(leader: number): boolean {
	const groups = groupsOfSession(leader);
	if (groups !== undefined) return groups.length > 0;
	try {
		process.kill(process.platform === "win32" ? leader : -leader, 0);
		return true;
	} catch {
		return false;
	}
}

// Each program opens a session, which all that it starts belongs to. The dead that nobody has buried do not count: in a
// container without an init process they stay for good. Undefined where the system has no /proc to tell.
function groupsOfSession(leader: number): number[] | undefined {
	if (process.platform !== "linux") return undefined;
	return readdirSync("/proc").flatMap((entry) => {
		if (!/^\d+$/.test(entry)) return [];
		try {
			// proc_pid_stat(5): after the name in parentheses come state, parent, group, session.
			const [state, , group, session] = readFileSync(`/proc/${entry}/stat`, "utf8")
				.replace(/^.*\) /s, "")
				.split(" ");
			return Number(session) === leader && state !== "Z" ? [Number(group)] : [];
		} catch {
			// It has ended meanwhile.
			return [];
		}
	});
}
