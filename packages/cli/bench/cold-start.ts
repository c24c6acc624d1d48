import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

// How long `widget-token --help` takes, held against an empty Node process: at most 1.5 times that, plus 60 ms.
// Run it on the built package: npm run build && npm run bench.
const program = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const rounds = 30;

function measure(...args: string[]): number {
	const startedAt = performance.now();
	const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
	if (status !== 0) throw new Error(`It ended with ${status}: ${stderr}`);
	return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

// In turns, so that whatever else the machine does falls on both.
const empty: number[] = [];
const help: number[] = [];
for (let round = 0; round < rounds; round++) {
	empty.push(measure("--eval", ""));
	help.push(measure(program, "--help"));
}
const limit = 1.5 * median(empty) + 60;
const figures = { emptyMs: median(empty), helpMs: median(help), limitMs: limit };
console.log(
	`Node ${process.version}, median of ${rounds}: empty process ${figures.emptyMs.toFixed(0)} ms, --help ${figures.helpMs.toFixed(0)} ms, limit ${limit.toFixed(0)} ms`,
);
process.exitCode = figures.helpMs <= limit ? 0 : 1;
