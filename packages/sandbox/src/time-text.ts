/** A moment as the local time of day, such as `14:03:09`. */
export function formatTime(milliseconds: number): string {
	return new Date(milliseconds).toTimeString().slice(0, 8);
}

/** A time span in words, such as `24 h` or `1 min 30 s`. */
export function describeSeconds(seconds: number): string {
	const parts = [
		[Math.floor(seconds / 3600), "h"],
		[Math.floor((seconds % 3600) / 60), "min"],
		[seconds % 60, "s"],
	] as const;
	return (
		parts
			.filter(([count]) => count > 0)
			.map(([count, unit]) => `${count} ${unit}`)
			.join(" ") || "0 s"
	);
}
