import { randomInt } from "node:crypto";
import { stripVTControlCharacters } from "node:util";
import { escapeInvisible, escapeLines } from "@widget-token/sandbox/invisible";

/** Colours by what they mean. Each returns its text as it is where there are none. */
export interface Paint {
	readonly bold: (text: string) => string;
	readonly dim: (text: string) => string;
	readonly good: (text: string) => string;
	readonly bad: (text: string) => string;
	readonly warning: (text: string) => string;
	readonly accent: (text: string) => string;
}

/** What of a stream decides on colours. */
export interface TerminalStream {
	readonly isTTY?: boolean | undefined;
	readonly columns?: number | undefined;
}

/** Whether a stream shows colours: it is a terminal, unless NO_COLOR or FORCE_COLOR say otherwise (no-color.org). */
export function hasColors(stream: TerminalStream, env: Readonly<Record<string, string | undefined>>): boolean {
	if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
	if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "") return env.FORCE_COLOR !== "0";
	return stream.isTTY === true && env.TERM !== "dumb";
}

// Tells our own styles from those that came with a text, which cannot know these numbers.
const mark = Array.from({ length: 4 }, () => randomInt(1000, 10_000)).join(";");
const ownStyle = new RegExp(`\\u001b\\[(\\d+);${mark}m`);

/** Only the terminal's own sixteen colours, which its theme keeps legible on light and dark. They take effect through {@link writeText}. */
export function createPaint(colors: boolean): Paint {
	const sequence = (code: number): string => `\u001b[${code};${mark}m`;
	const style = (open: number, close: number) => (text: string) => (colors && text !== "" ? sequence(open) + text + sequence(close) : text);
	return { bold: style(1, 22), dim: style(2, 22), good: style(32, 39), bad: style(31, 39), warning: style(33, 39), accent: style(36, 39) };
}

/** Writes to a terminal: our own styles and line breaks take effect, anything else that cannot be seen is written as an escape. */
export function writeText(stream: { write(text: string): unknown }, text: string): void {
	// Each second part is the code of a style.
	const parts = text.split(ownStyle).map((part, index) => (index % 2 === 1 ? `\u001b[${part}m` : escapeLines(part)));
	stream.write(parts.join(""));
}

/** Text from outside, safe to show on one line: what cannot be seen is written as an escape. */
export function printable(text: string): string {
	return escapeInvisible(text);
}

/** A value as JSON that is safe to show on a terminal: it is the same value, with what cannot be seen as escapes. */
export function formatJson(value: unknown): string {
	return escapeInvisible(JSON.stringify(value, null, 2), (character) =>
		character === "\n"
			? character
			: Array.from({ length: character.length }, (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`).join(""),
	);
}

/** The columns that a text takes, without its colours. */
export function displayWidth(text: string): number {
	return [...stripVTControlCharacters(text)].length;
}

/** Rows as aligned columns, two spaces apart; the last column is wrapped to the width. */
export function formatColumns(
	rows: readonly (readonly string[])[],
	{ indent = 2, width = terminalWidth() }: { readonly indent?: number; readonly width?: number } = {},
): string {
	const count = Math.max(0, ...rows.map((row) => row.length));
	const widths = Array.from({ length: count - 1 }, (_, column) => Math.max(0, ...rows.map((row) => displayWidth(row[column] ?? ""))));
	const start = indent + widths.reduce((sum, each) => sum + each + 2, 0);
	return rows
		.map((row) => {
			const head = widths.map((each, column) => `${row[column] ?? ""}${" ".repeat(each - displayWidth(row[column] ?? "") + 2)}`).join("");
			const lines = wrapText(row[count - 1] ?? "", Math.max(20, width - start));
			return `${" ".repeat(indent)}${head}${lines.join(`\n${" ".repeat(start)}`)}`.trimEnd();
		})
		.join("\n");
}

/** Breaks a text between words; a word that is longer than a line stays whole. */
export function wrapText(text: string, width: number): string[] {
	return text.split("\n").flatMap((paragraph) => {
		const lines: string[] = [];
		let line = "";
		for (const word of paragraph.split(" ")) {
			if (line !== "" && displayWidth(line) + 1 + displayWidth(word) > width) {
				lines.push(line);
				line = word;
			} else line = line === "" ? word : `${line} ${word}`;
		}
		return [...lines, line];
	});
}

/** The width to write for: the terminal's within what reads well, 80 where there is none. */
export function terminalWidth(stream: TerminalStream = process.stdout): number {
	return Math.min(Math.max(stream.columns ?? 80, 40), 100);
}
