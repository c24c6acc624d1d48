/** A lifetime or a pause without an end. */
export const never: number = 1 / 0;

/** A point in time on both clocks of the browser: one stands still while the machine sleeps, the other can be set. */
export type Instant = readonly [monotonic: number, wall: number];

/** Milliseconds since an instant, by whichever clock says more. */
export function age([monotonic, wall]: Instant): number {
	return Math.max(performance.now() - monotonic, Date.now() - wall);
}

/** A token that a session holds, and how long it is good for. */
export interface HeldToken {
	readonly token: string;
	since: Instant;
	/** Milliseconds of age from which it is to be replaced: 30 s, or a fifth of its lifetime, before it expires. */
	readonly stale: number;
	/** Milliseconds of age from which it is not handed out: its expiry, which the server may have cut to a whole second. */
	readonly expired: number;
}

/** Milliseconds until a token is to be replaced. */
export function freshFor({ stale, since }: HeldToken): number {
	return stale - age(since);
}

/** Whether a token may be handed out now. */
export function isValid(held: HeldToken | undefined): held is HeldToken {
	return !!held && age(held.since) < held.expired;
}
