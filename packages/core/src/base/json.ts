type Members = Readonly<Record<string, unknown>>;

/** Whether two values are the same JSON; the order of members does not count. */
export function isSameJson(a: unknown, b: unknown): boolean {
	if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) return a === b;
	if (Array.isArray(a) !== Array.isArray(b)) return false;
	const names = Object.keys(a);
	return (
		names.length === Object.keys(b).length &&
		names.every((name) => Object.hasOwn(b, name) && isSameJson((a as Members)[name], (b as Members)[name]))
	);
}
