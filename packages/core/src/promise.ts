/** Whether a value is to be awaited. What is there at once is not: an `await` costs as much as reading a claim. */
export function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
	return typeof value === "object" && typeof (value as { then?: unknown } | null)?.then === "function";
}
