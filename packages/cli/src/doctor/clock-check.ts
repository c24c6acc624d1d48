import type { Answer } from "./endpoint.ts";
import { type Diagnosis, doubtful, failed, passed } from "./finding.ts";

// The verifiers of widgets allow a few seconds; the shortest tokens live five minutes.
const tolerated = 5;
const harmful = 60;

/**
 * Holds a server's `Date` against this machine's clock.
 *
 * The header has whole seconds, cut off; the server wrote it between the request and its answer.
 */
export function checkClock({ headers, startedAt, endedAt }: Answer, where: string): readonly Diagnosis[] {
	const date = Date.parse(headers.date ?? "");
	if (Number.isNaN(date)) return [];
	const ahead = date - endedAt;
	const behind = startedAt - (date + 1000);
	const seconds = Math.floor(Math.max(ahead, behind) / 1000);
	if (seconds <= tolerated) return [passed("clock", where)];
	return [
		(seconds > harmful ? failed : doubtful)("clock", {
			where,
			got: `the server's is ${seconds} s ${ahead > behind ? "ahead" : "behind"}`,
			remedy: "Synchronise both with NTP: a vendor refuses a token that is from the future, or over.",
		}),
	];
}
