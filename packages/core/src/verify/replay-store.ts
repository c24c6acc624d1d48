import { createClock, WidgetTokenError } from "../base/index.ts";

/** Remembers the tokens that have been used, until they have expired. */
export interface ReplayStore {
	/**
	 * Claims an id for the first caller, atomically among all that share the store.
	 *
	 * @param milliseconds How long the id must be remembered from now on, by the store's own clock. Not a date: clocks differ.
	 * @returns `true` for the first call, `false` for any other. Anything else refuses the token, as does a throw.
	 */
	claim(id: string, milliseconds: number): boolean | Promise<boolean>;
}

/** Options of {@link createMemoryReplayStore}. */
export interface MemoryReplayStoreOptions {
	/** The most ids that are remembered at a time. Default: 100,000, about 20 MB. */
	readonly maximumEntries?: number | undefined;
	/** Milliseconds of a clock that only moves forward. Default: `performance.now`. */
	readonly now?: (() => number) | undefined;
}

const sweepMilliseconds = 1_000;

/**
 * A replay store in the memory of one process. Several processes need a store that they share, such as Redis.
 *
 * A store that is full of ids that still count refuses new ones (as an outage, 503): to forget one would let its token in again.
 *
 * @throws WidgetTokenError `options_invalid`.
 * @example
 * ```ts
 * import { createMemoryReplayStore, createVerify } from "@widget-token/core/verify";
 * import { jupid } from "@widget-token/widgets";
 *
 * const verify = createVerify(jupid, { replay: { store: createMemoryReplayStore() } });
 * ```
 */
export function createMemoryReplayStore({ maximumEntries = 100_000, now = monotonic }: MemoryReplayStoreOptions = {}): ReplayStore {
	if (!Number.isSafeInteger(maximumEntries) || maximumEntries < 1)
		throw new WidgetTokenError("options_invalid", { detail: "`maximumEntries` is not a whole number above zero" });
	const clock = createClock(now);
	const expiries = new Map<string, number>();
	let nextSweep = 0;
	const sweep = (moment: number): void => {
		// At most once a second: a full store that is asked in a row must not look through itself each time.
		if (moment < nextSweep) return;
		nextSweep = moment + sweepMilliseconds;
		for (const [id, expiresAt] of expiries) if (expiresAt <= moment) expiries.delete(id);
	};
	return {
		claim: (id, milliseconds) => {
			const moment = clock();
			const known = expiries.get(id);
			// Not `known > moment`: an expiry that is NaN must not forget the id.
			if (known !== undefined && !(known <= moment)) return false;
			if (expiries.size >= maximumEntries) sweep(moment);
			if (expiries.size >= maximumEntries && known === undefined) throw new RangeError("The memory of used tokens is full");
			expiries.set(id, moment + milliseconds);
			return true;
		},
	};
}

// The time of day can be set back or ahead, and a date that was ahead for a moment would have forgotten every id.
function monotonic(): number {
	return performance.now();
}
