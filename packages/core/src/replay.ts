import { WidgetTokenError } from "./errors.ts";

/** Remembers the tokens that have been used, until they have expired. */
export interface ReplayStore {
	/**
	 * Claims an id for the first caller, atomically among all that share the store.
	 *
	 * @param expiresAt Milliseconds since the epoch; the id must be remembered until then.
	 * @returns Whether this call was the first. It throws when it cannot tell: the token is refused then.
	 */
	claim(id: string, expiresAt: number): boolean | Promise<boolean>;
}

/** Options of {@link createMemoryReplayStore}. */
export interface MemoryReplayStoreOptions {
	/** The most ids that are remembered at a time. Default: 100,000, about 20 MB. */
	readonly maximumEntries?: number | undefined;
	/** Milliseconds since the epoch. Default: `Date.now`. */
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
export function createMemoryReplayStore({ maximumEntries = 100_000, now = Date.now }: MemoryReplayStoreOptions = {}): ReplayStore {
	if (!Number.isSafeInteger(maximumEntries) || maximumEntries < 1)
		throw new WidgetTokenError("options_invalid", { detail: "`maximumEntries` is not a whole number above zero" });
	const expiries = new Map<string, number>();
	let nextSweep = 0;
	const sweep = (moment: number): void => {
		// At most once a second: a full store that is asked in a row must not look through itself each time.
		if (moment < nextSweep) return;
		nextSweep = moment + sweepMilliseconds;
		for (const [id, expiresAt] of expiries) if (expiresAt <= moment) expiries.delete(id);
	};
	return {
		claim: (id, expiresAt) => {
			const moment = now();
			const known = expiries.get(id);
			if (known !== undefined && known > moment) return false;
			if (expiries.size >= maximumEntries) sweep(moment);
			if (expiries.size >= maximumEntries && known === undefined) throw new RangeError("The memory of used tokens is full");
			expiries.set(id, expiresAt);
			return true;
		},
	};
}
