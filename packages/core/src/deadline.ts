import type { WidgetTokenError } from "./errors.ts";

/**
 * The answer of something outside this process, or the error when it takes too long.
 *
 * The signal is aborted then, and what the late work does afterwards is ignored.
 */
export function withDeadline<T>(
	milliseconds: number,
	late: () => WidgetTokenError,
	work: (signal: AbortSignal) => T | Promise<T>,
): Promise<T> {
	const controller = new AbortController();
	return new Promise<T>((resolve, reject) => {
		const timer = setTimeout(() => {
			const error = late();
			// First, so that this error wins over the one that the aborted work throws.
			reject(error);
			controller.abort(error);
		}, milliseconds);
		const settle = (): void => clearTimeout(timer);
		// The executor's own try: what `work` throws at once rejects like what it rejects with later.
		const working = (async () => work(controller.signal))();
		working.then(resolve, reject).finally(settle);
	});
}
