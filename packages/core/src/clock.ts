import { WidgetTokenError } from "./errors.ts";

/** Wraps the `now` option: a clock that gives milliseconds, or throws. With NaN no comparison holds, so no token would ever expire. */
export function createClock(now: () => number): () => number {
	return () => {
		const milliseconds: unknown = now();
		if (typeof milliseconds === "number" && Number.isFinite(milliseconds) && milliseconds >= 0) return milliseconds;
		throw new WidgetTokenError("options_invalid", {
			detail: "`now` did not return a number of milliseconds",
			remedy: "Return milliseconds since the epoch, or leave `now` out.",
		});
	};
}
