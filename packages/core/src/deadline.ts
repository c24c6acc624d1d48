import type { WidgetTokenError } from "./errors.ts";

/**
 * The answer of something outside this process, or the error when it takes too long.
 *
 * The signal is aborted then, and what the late work does afterwards is ignored.
 */
export async function withDeadline<T>(milliseconds: number, late: () => WidgetTokenError, work: (signal: AbortSignal) => T | Promise<T>): Promise<T> {
	const controller = new AbortController();
	let timer: ReturnType<typeof setTimeout> | undefined;
	const deadline = new Promise<never>((_, reject) => {
		timer = setTimeout(() => {
			const error = late();
			// First, so that this error wins over the one that the aborted work throws.
			reject(error);
			controller.abort(error);
		}, milliseconds);
	});
	try {
		return await Promise.race([work(controller.signal), deadline]);
	} finally {
		clearTimeout(timer);
	}
}
