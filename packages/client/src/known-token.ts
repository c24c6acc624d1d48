/** A lifetime or a pause without an end. */
export const never: number = 1 / 0;

/** A point in time on both clocks of the browser: one stands still while the machine sleeps, the other can be set. */
export type Instant = readonly [monotonic: number, wall: number];

/** What a session keeps of each token that came: whose it is and how long it is good for, but not the token. */
export interface KnownToken {
	/** The end of the token: of a signed one, the end of its signature. */
	readonly mark: string;
	/** The key of the named user; while no user is named, an object that stands for the present one. */
	owner: string | object;
	since: Instant;
	/** Milliseconds. */
	readonly lifetime: number;
}

/** Milliseconds before its expiry at which a token is to be replaced. */
export const early = 30_000;

/** Milliseconds before its expiry at which a token must not be handed out: the server may have cut that to a whole second. */
export const late = 1000;

/** Milliseconds until then, for a margin that is at most a fifth of the lifetime. Nothing is left of no token. */
export function left(known: KnownToken | undefined, margin: number): number {
	if (!known) return 0;
	const age = Math.max(performance.now() - known.since[0], Date.now() - known.since[1]);
	return known.lifetime - Math.min(margin, known.lifetime / 5) - age;
}
