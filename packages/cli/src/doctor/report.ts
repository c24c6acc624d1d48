import { formatColumns, type Paint, printable, wrapText } from "../terminal.ts";
import { type CheckGroup, type CheckId, checks } from "./checks.ts";
import type { Diagnosis, Finding, FindingLevel } from "./finding.ts";

/** What the doctor has to say. */
export interface Report {
	/** Ids of the widgets that were looked at. */
	readonly widgets: readonly string[];
	/** The endpoint's address, where the app was asked. */
	readonly url: string | undefined;
	readonly findings: readonly Diagnosis[];
	/** What `--fix` has done. */
	readonly fixed: readonly Fixed[];
	/** What could not be looked at, and why. */
	readonly notChecked: readonly string[];
}

export interface Fixed {
	readonly check: CheckId;
	readonly done: string;
}

/** The report as data, of which the findings have one shape. */
export function reportAsData({ widgets, url, findings, fixed, notChecked }: Report): unknown {
	const plain: readonly Finding[] = findings.map(({ check, level, where, expected, got, remedy }) => ({
		check,
		level,
		where,
		expected,
		got,
		remedy,
	}));
	return {
		widgets,
		...(url === undefined ? {} : { url }),
		errors: count(findings, "error"),
		warnings: count(findings, "warning"),
		passed: count(findings, "ok"),
		fixed,
		notChecked,
		findings: plain,
	};
}

/** The report for a person: what is wrong in full, what is well by name. */
export function reportAsText({ widgets, url, findings, fixed, notChecked }: Report, paint: Paint, width: number): string {
	const groups = (["Project", "Endpoint", "Users", "Token"] satisfies CheckGroup[]).map((group) => {
		const inGroup = findings.filter(({ check }) => checks[check].group === group);
		return inGroup.length === 0 ? "" : `${paint.bold(group)}\n${formatGroup(inGroup, paint, width)}`;
	});
	const about = [widgets.join(", "), url].filter(Boolean).join(paint.dim(" at "));
	return [
		`${paint.bold("Doctor")}  ${about}`,
		...fixed.map(({ check, done }) => `${paint.good("✓")} fixed ${paint.bold(check)}: ${printable(done)}`),
		...groups,
		notChecked.length === 0
			? ""
			: `${paint.bold("Not looked at")}\n${formatColumns(
					notChecked.map((reason) => [paint.dim("-"), reason]),
					{ width },
				)}`,
		formatSum(findings, paint),
	]
		.filter((part) => part !== "")
		.join("\n\n");
}

function formatGroup(findings: readonly Diagnosis[], paint: Paint, width: number): string {
	const bad = findings.filter(({ level }) => level !== "ok").map((finding) => formatProblem(finding, paint, width));
	const good = [...new Set(findings.filter(({ level }) => level === "ok").map(({ check }) => check))];
	const passed = good.length === 0 ? [] : [formatColumns([[paint.good("✓"), good.join(", ")]], { width })];
	return [...bad, ...passed].join("\n");
}

function formatProblem({ check, level, where, expected, got, remedy, repair }: Diagnosis, paint: Paint, width: number): string {
	const [mark, color] = level === "error" ? (["✗", paint.bad] as const) : (["!", paint.warning] as const);
	const rows = [
		[paint.dim("where"), printable(where)],
		[paint.dim("expected"), expected],
		[paint.dim("got"), color(got)],
		[paint.dim("fix"), repair === undefined ? remedy : `${remedy} Or run it again with --fix.`],
	];
	// A line break within a colour would lose it on some terminals.
	const wrapped = rows.map(([name = "", text = ""]) => [
		name,
		name.includes("got")
			? wrapText(got, width - 16)
					.map(color)
					.join("\n")
			: text,
	]);
	return `  ${color(mark)} ${paint.bold(check)}\n${formatColumns(wrapped, { indent: 4, width })}`;
}

function formatSum(findings: readonly Diagnosis[], paint: Paint): string {
	const errors = count(findings, "error");
	const warnings = count(findings, "warning");
	const passed = new Set(findings.filter(({ level }) => level === "ok").map(({ check }) => check)).size;
	const parts = [
		errors === 0 ? "" : paint.bad(plural(errors, "error")),
		warnings === 0 ? "" : paint.warning(plural(warnings, "warning")),
		`${plural(passed, "check")} passed`,
	];
	const mark = errors > 0 ? paint.bad("✗") : paint.good("✓");
	return `${mark} ${parts.filter((part) => part !== "").join(", ")}`;
}

function plural(number: number, noun: string): string {
	return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function count(findings: readonly Finding[], wanted: FindingLevel): number {
	return findings.filter(({ level }) => level === wanted).length;
}
