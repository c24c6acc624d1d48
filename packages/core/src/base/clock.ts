import { WidgetTokenError } from "./errors.ts";
import { callNow } from "./guard.ts";

// The year 5138: a clock in microseconds is far behind it.
const latestMilliseconds = 1e14;

/** Wraps the `now` option so that it gives milliseconds since the epoch or throws: with NaN no comparison holds, so no token would expire and no key be renewed. */
export function createClock(now: (() => number) | undefined): () => number {
	if (now === undefined) return Date.now;
	return () => {
		const milliseconds: unknown = callNow("now", now);
		if (typeof milliseconds === "number" && milliseconds >= 0 && milliseconds <= latestMilliseconds) return milliseconds;
		throw new WidgetTokenError("options_invalid", {
			detail: "`now` did not return milliseconds since the epoch",
			remedy: "Return milliseconds since the epoch, or leave `now` out.",
		});
	};
}
