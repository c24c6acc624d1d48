import { type CheckId, checks } from "./checks.ts";

export type FindingLevel = "error" | "warning" | "ok";

/** What one check has found. No text of it holds a secret, a token or the value of a claim. */
export interface Finding {
	readonly check: CheckId;
	readonly level: FindingLevel;
	/** The variable, the file or the request that was looked at. */
	readonly where: string;
	readonly expected: string;
	readonly got: string;
	/** What to do about it; empty where all is well. */
	readonly remedy: string;
}

/** A finding, and how `--fix` fixes it where that is safe. */
export interface Diagnosis extends Finding {
	/** Fixes it, and says in a few words what was done. */
	readonly repair?: (() => string) | undefined;
}

export interface Problem {
	readonly where: string;
	readonly got: string;
	readonly remedy: string;
	/** Default: what the table of checks says. */
	readonly expected?: string;
	readonly repair?: (() => string) | undefined;
}

/** A check that has found nothing wrong. */
export function passed(check: CheckId, where: string): Diagnosis {
	const { expected } = checks[check];
	return { check, level: "ok", where, expected, got: "as expected", remedy: "" };
}

/** A mistake that keeps visitors from being verified, or lets one visitor pass for another. */
export function failed(check: CheckId, problem: Problem): Diagnosis {
	return { check, level: "error", expected: checks[check].expected, ...problem };
}

/** What works today and will not, or not safely, another day. */
export function doubtful(check: CheckId, problem: Problem): Diagnosis {
	return { ...failed(check, problem), level: "warning" };
}

/**
 * The findings with those put together that differ only in their place, in the order of the table of checks.
 *
 * A check that has failed somewhere has not passed: what it found well elsewhere is left out.
 */
export function mergeFindings(diagnoses: readonly Diagnosis[]): readonly Diagnosis[] {
	const order = Object.keys(checks);
	const failing = new Set(diagnoses.filter(({ level }) => level !== "ok").map(({ check }) => check));
	const merged = new Map<string, Diagnosis>();
	for (const diagnosis of diagnoses) {
		const { check, level, expected, got, remedy, where } = diagnosis;
		if (level === "ok" && failing.has(check)) continue;
		const key = JSON.stringify([check, level, expected, got, remedy]);
		const known = merged.get(key);
		if (known === undefined) merged.set(key, diagnosis);
		else if (!known.where.split("; ").includes(where))
			merged.set(key, { ...known, where: `${known.where}; ${where}`, repair: joinRepairs(known, diagnosis) });
	}
	return [...merged.values()].map(shortenPlaces).sort((a, b) => order.indexOf(a.check) - order.indexOf(b.check));
}

const mostPlaces = 3;

function shortenPlaces(diagnosis: Diagnosis): Diagnosis {
	const places = diagnosis.where.split("; ");
	if (places.length <= mostPlaces) return diagnosis;
	return { ...diagnosis, where: `${places.slice(0, mostPlaces).join("; ")}; and ${places.length - mostPlaces} more` };
}

function joinRepairs(one: Diagnosis, other: Diagnosis): Diagnosis["repair"] {
	const repairs = [one.repair, other.repair].filter((repair) => repair !== undefined);
	return repairs.length === 0 ? undefined : () => repairs.map((repair) => repair()).join("; ");
}
