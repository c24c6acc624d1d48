import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/** A process of this machine. */
export interface ProcessEntry {
	readonly pid: number;
	readonly command: string;
}

interface Row extends ProcessEntry {
	readonly parent: number;
}

function listProcesses(): Row[] {
	const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat=,args="], { encoding: "utf8" }).split("\n");
	return lines.flatMap((line) => {
		const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
		return pid === undefined || state?.startsWith("Z") ? [] : [{ pid: Number(pid), parent: Number(parent), command: command ?? "" }];
	});
}

/** All that a process has started, and what that has started in turn. */
export function descendantsOf(pid: number): ProcessEntry[] {
	const rows = listProcesses();
	const collect = (parent: number): Row[] => rows.filter((row) => row.parent === parent).flatMap((row) => [row, ...collect(row.pid)]);
	return collect(pid);
}

/** Those of the processes that are still there. */
export function survivorsOf(entries: readonly ProcessEntry[]): ProcessEntry[] {
	const rows = listProcesses();
	return entries.filter(({ pid, command }) => rows.some((row) => row.pid === pid && row.command === command));
}

/** Those that are still there after a while, where nothing tells when they should have gone. */
export async function lastSurvivorsOf(entries: readonly ProcessEntry[]): Promise<ProcessEntry[]> {
	for (let attempt = 0; attempt < 200 && survivorsOf(entries).length > 0; attempt += 1) await sleep(50);
	return survivorsOf(entries);
}
