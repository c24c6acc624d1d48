import { stripVTControlCharacters, styleText } from "node:util";
import { type Cell, describeLifetime } from "./cells.ts";
import { type Provider, refusalNames } from "./providers/provider.ts";
import { collectRemarks, describeCode, type RefusalCell } from "./refusals.ts";
import { vendorIds, vendorPages } from "./vendor-pages.ts";

type Style = "bold" | "dim" | "green" | "red" | "yellow" | "cyan";

/** Colours a text, unless `NO_COLOR` is set or the output is no terminal. */
export function paint(style: Style, text: string): string {
	return styleText(style, text, { stream: process.stdout });
}

/** Text from an app, without colours, and with what could move the cursor or turn the text as escapes. */
export function printable(text: string): string {
	// Not by the sandbox's function: on a fresh clone this runs before any package is built.
	return stripVTControlCharacters(text).replace(
		/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu,
		(character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
	);
}

/** Providers by widgets: a tick and how long the token is valid. */
export function renderCells(providers: readonly Provider[], cells: readonly Cell[]): string {
	const rows = providers.map(({ id, name }) => [
		paint("bold", name),
		...vendorIds.map((widget) => {
			const cell = cells.find((candidate) => candidate.provider === id && candidate.widget === widget);
			return cell === undefined ? paint("dim", "–") : renderCell(cell);
		}),
	]);
	return align([["", ...vendorIds.map((id) => paint("bold", vendorPages[id].name))], ...rows], 3);
}

function renderCell(cell: Cell): string {
	const [finding] = cell.findings;
	return finding === undefined
		? `${paint("green", "✓")} ${describeLifetime(cell)}`
		: paint("red", `✗ ${cell.token === null ? (cell.status ?? finding.about) : finding.about}`);
}

/** Refusals by providers: the status that was seen, and the code that they have in common. */
export function renderRefusals(providers: readonly Provider[], cells: readonly RefusalCell[]): string {
	const rows = refusalNames.map((name) => {
		const row = cells.filter(({ refusal }) => refusal === name);
		return [paint("bold", name), ...providers.map(({ id }) => renderRefusal(row.find(({ provider }) => provider === id))), commonCode(row)];
	});
	const table = align([["", ...providers.map(({ name }) => paint("bold", name)), paint("bold", "code")], ...rows], 2);
	return `${table}\n\n${renderRemarks(providers, cells)}`;
}

function renderRefusal(cell: RefusalCell | undefined): string {
	if (cell === undefined || cell.notApplicable !== null) return paint("dim", "n/a");
	if (cell.findings.length > 0) return paint("red", `✗ ${cell.status ?? cell.findings[0]?.about}`);
	return `${paint("green", "✓")} ${cell.status}${cell.remark === null ? "" : " *"}`;
}

function commonCode(row: readonly RefusalCell[]): string {
	const codes = new Set(row.flatMap(({ expected, remark }) => (expected === null || remark !== null ? [] : [expected.code])));
	return [...codes].map(describeCode).join(", ");
}

function renderRemarks(providers: readonly Provider[], cells: readonly RefusalCell[]): string {
	return collectRemarks(providers, cells)
		.map(({ mark, reason, providers: names }) => paint("dim", ` ${mark.padEnd(5)}${names.join(", ")}: ${reason}`))
		.join("\n");
}

function align(rows: readonly (readonly string[])[], gap: number): string {
	const width = (text: string): number => stripVTControlCharacters(text).length;
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ""))));
	const lines = rows.map((row) => row.map((text, column) => text + " ".repeat((widths[column] ?? 0) - width(text))).join(" ".repeat(gap)));
	return lines.map((line) => ` ${line}`.trimEnd()).join("\n");
}
