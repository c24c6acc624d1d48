import type { ClaimVerdict } from "@widget-token/core/verify";
import type { ClaimFinding } from "./claim-findings.ts";
import { describeSeconds } from "./contract-description.ts";
import { formatColumns, type Paint, printable } from "./terminal.ts";

/** The claims as a table: a mark, the name, the value, and what the contract asks for. */
export function formatClaims(findings: readonly ClaimFinding[], paint: Paint, now: number): string {
	const marks: Readonly<Record<ClaimVerdict, string>> = {
		ok: paint.good("✓"),
		absent: paint.dim("-"),
		missing: paint.bad("✗"),
		wrong: paint.bad("✗"),
		extra: paint.warning("+"),
		unjudged: paint.warning("?"),
	};
	return formatColumns(
		findings.map((finding) => {
			const { verdict, name, expected, required, title, remedy } = finding;
			const isBad = verdict === "missing" || verdict === "wrong";
			const remark = isBad
				? `${paint.bad(title ?? "")}\n${remedy ?? ""}\n${paint.dim(`asked for: ${expected}`)}`
				: paint.dim(required || verdict === "extra" ? expected : `${expected} (optional)`);
			const moment = readMoment(finding);
			const distance = moment === undefined || isBad ? "" : `${describeDistance(moment, now)}; `;
			return [`${marks[verdict]} ${paint.bold(printable(name))}`, formatClaimValue(finding), paint.dim(distance) + remark];
		}),
	);
}

const longestValue = 32;

function formatClaimValue(finding: ClaimFinding): string {
	const { value } = finding;
	if (value === undefined) return "–";
	const moment = readMoment(finding);
	if (moment !== undefined) return formatMoment(moment);
	const text = printable(JSON.stringify(value));
	return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
}

// Beyond the years that a date can be written for, it is no time.
function readMoment({ value, isTime }: ClaimFinding): number | undefined {
	return isTime && typeof value === "number" && value >= 0 && value < 1e11 ? value : undefined;
}

/** A moment in seconds since the epoch, as a date and a time of day in UTC. */
export function formatMoment(seconds: number): string {
	return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** How far a moment in seconds since the epoch is from now in milliseconds, in its two largest units. */
export function describeDistance(seconds: number, now: number): string {
	const distance = Math.floor(seconds) - Math.floor(now / 1000);
	if (distance === 0) return "now";
	const length = Math.abs(distance);
	const span = length >= 86_400 ? `${Math.floor(length / 86_400)} d` : describeSeconds(length >= 3600 ? length - (length % 60) : length);
	return distance > 0 ? `in ${span}` : `${span} ago`;
}
