import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { describeSeconds } from "../time-text.ts";

/** How long the token still lives. It counts down in silence: a screen reader is told of the end, not of each second. */
export function TimeLeft({
	expiresAt,
	lifetimeSeconds,
}: {
	readonly expiresAt: number;
	readonly lifetimeSeconds: number | undefined;
}): JSX.Element {
	const [now, setNow] = useState(Date.now());
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now()), 1000);
		return () => clearInterval(timer);
	}, []);
	const left = Math.max(0, Math.ceil((expiresAt - now) / 1000));
	const total = Math.max(left, lifetimeSeconds ?? left, 1);
	return (
		<div class="time-left">
			<h3 id="time-title">Time left</h3>
			<progress max={total} value={left} aria-labelledby="time-title" />
			<p role="timer" aria-live="off">
				{describeSeconds(left)} of {describeSeconds(total)}
			</p>
		</div>
	);
}
