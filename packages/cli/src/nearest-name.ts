/** Finds the known name that a mistyped one most likely means; undefined when none is near. */
export function findNearestName(typed: string, names: readonly string[]): string | undefined {
	const near = names
		.map((name) => ({ name, distance: countEdits(typed.toLowerCase(), name) }))
		.filter(({ name, distance }) => distance <= Math.floor(name.length / 3) || (typed.length > 2 && name.startsWith(typed.toLowerCase())))
		.sort((a, b) => a.distance - b.distance);
	return near[0]?.name;
}

/** The optimal string alignment distance: insertions, deletions, replacements, and neighbours that changed places. */
function countEdits(from: string, to: string): number {
	// Further apart than any name is long.
	if (from.length > 64) return from.length;
	const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
	const at = (row: number, column: number): number => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
	for (let row = 1; row <= from.length; row++) {
		rows[row] = [row];
		for (let column = 1; column <= to.length; column++) {
			const isSame = from[row - 1] === to[column - 1];
			const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
			(rows[row] as number[])[column] = Math.min(
				at(row - 1, column) + 1,
				at(row, column - 1) + 1,
				at(row - 1, column - 1) + (isSame ? 0 : 1),
				isSwapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
			);
		}
	}
	return at(from.length, to.length);
}
