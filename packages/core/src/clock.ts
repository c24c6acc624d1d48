import { WidgetTokenError } from "./errors.ts";

// The year 5138: a clock in microseconds is far behind it.
const latestMilliseconds = 1e14;

/** Wraps a clock so that it gives milliseconds since the epoch or throws `options_invalid`: with NaN every comparison is false, and no key would be renewed. */
export function checkedClock(now: () => number): () => number {
	return () => {
		const milliseconds: unknown = now();
		if (typeof milliseconds === "number" && milliseconds >= 0 && milliseconds <= latestMilliseconds) return milliseconds;
		throw new WidgetTokenError("options_invalid", { detail: "`now` did not return milliseconds since the epoch" });
	};
}
