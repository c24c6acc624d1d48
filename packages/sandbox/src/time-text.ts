/** A moment as the local time of day, such as `14:03:09`. */
export function formatTime(milliseconds: number): string {
	return new Date(milliseconds).toTimeString().slice(0, 8);
}

/** A moment for a reader at `now`: the time of day, with the date where that is another day. */
export function formatMoment(milliseconds: number, now: number): string {
	const date = (value: number): string => {
		const day = new Date(value);
		return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
	};
	return date(milliseconds) === date(now) ? formatTime(milliseconds) : `${date(milliseconds)} ${formatTime(milliseconds)}`;
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
