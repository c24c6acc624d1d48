// Runs beside the demo and outlives it for a moment: when the demo is gone, however it went, its standard input ends, and
// the process groups that are then still in its list are killed. Lines: "+<pid>" and "-<pid>" of group leaders.
import { createInterface } from "node:readline";
import { killGroup } from "./process-groups.ts";

const leaders = new Set<number>();
// A signal to the demo's whole group must not take away what cleans up after it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
for await (const line of createInterface({ input: process.stdin })) {
	const pid = Number(line.slice(1));
	if (line.startsWith("+")) leaders.add(pid);
	else leaders.delete(pid);
}
for (const pid of leaders) killGroup(pid, "SIGKILL");
