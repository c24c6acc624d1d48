import { setImmediate } from "node:timers/promises";
import { measure as sample } from "mitata";

/** One line of a table: how often a second, and how many times the peer the first line is. */
export interface Row {
	readonly name: string;
	readonly perSecond: number;
	readonly ratio: number;
}

const rounds = 15;

/**
 * Samples the candidates in turn, round by round, there and back: none is charged for the garbage of the one before, or
 * always follows the same one.
 *
 * The first candidate is the one that is compared.
 */
export async function measure(candidates: Readonly<Record<string, () => unknown>>): Promise<Row[]> {
	const entries = Object.entries(candidates).map(([name, run]) => ({ name, run, perSecond: [] as number[] }));
	for (let round = 0; round < rounds; round++) {
		for (const { run, perSecond } of round % 2 === 0 ? entries : entries.toReversed()) {
			globalThis.gc?.();
			await setImmediate();
			const { p50 } = await sample(run, { min_cpu_time: 250e6, warmup_samples: round === 0 ? 50 : 2 });
			perSecond.push(1e9 / p50);
		}
	}
	return toRows(entries.map(({ name, perSecond }) => [name, perSecond]));
}

/**
 * The table of what was measured round by round, with the ratio of the first to each.
 *
 * Both figures are medians over the rounds. A ratio is taken within its round, for there a slow moment of the machine is on
 * both sides alike.
 */
export function toRows(candidates: readonly (readonly [name: string, perSecond: readonly number[]])[]): Row[] {
	const first = candidates[0]?.[1] ?? [];
	return candidates.map(([name, perSecond]) => ({
		name,
		perSecond: Math.round(median(perSecond)),
		ratio: Math.round(median(perSecond.map((value, round) => (first[round] ?? 0) / value)) * 100) / 100,
	}));
}

function median(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
