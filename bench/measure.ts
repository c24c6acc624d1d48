import { setImmediate } from "node:timers/promises";
import { measure as sample } from "mitata";

/** One line of a table: how often a second, and how many times the peer the first line is. */
export interface Row {
	readonly name: string;
	readonly perSecond: number;
	readonly ratio: number;
}

const rounds = 9;

/**
 * Samples the candidates in turn, round by round, and takes each one's median of the rounds' medians.
 *
 * The turns put a slow moment of the machine on all of them alike, and none is charged for the garbage of the one before.
 * The first candidate is the one that is compared.
 */
export async function measure(candidates: Readonly<Record<string, () => unknown>>): Promise<Row[]> {
	const entries = Object.entries(candidates);
	const samples = entries.map((): number[] => []);
	for (let round = 0; round < rounds; round++) {
		for (const [index, [, run]] of entries.entries()) {
			globalThis.gc?.();
			await setImmediate();
			const { p50 } = await sample(run, { min_cpu_time: 250e6, warmup_samples: round === 0 ? 50 : 2 });
			samples[index]?.push(1e9 / p50);
		}
	}
	return toRows(entries.map(([name], index) => [name, median(samples[index] ?? [])]));
}

/** The table of figures, with the ratio of the first to each. */
export function toRows(figures: readonly (readonly [name: string, perSecond: number])[]): Row[] {
	const first = figures[0]?.[1] ?? 0;
	return figures.map(([name, perSecond]) => ({
		name,
		perSecond: Math.round(perSecond),
		ratio: Math.round((first / perSecond) * 100) / 100,
	}));
}

export function median(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
