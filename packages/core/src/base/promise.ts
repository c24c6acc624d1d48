/** A value, or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/** Whether a value is to be awaited. What is there at once is not: an `await` costs as much as reading a claim. */
export function isPromise<T>(value: Awaitable<T>): value is Promise<T> {
	return typeof value === "object" && typeof (value as { then?: unknown } | null)?.then === "function";
}
