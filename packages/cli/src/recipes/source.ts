import { onOneLine } from "@widget-token/sandbox/invisible";

/** Lines of code; what is false or undefined is left out. */
export type Lines = string | false | undefined | readonly Lines[];

/** Joins lines to the text of a file, which ends in one line break. */
export function joinLines(...lines: readonly Lines[]): string {
	return `${flatten(lines).join("\n")}\n`;
}

/** The same lines further in; empty ones stay empty. */
export function indent(by: string, ...lines: readonly Lines[]): string[] {
	return flatten(lines).flatMap((line) => line.split("\n").map((each) => (each === "" ? "" : by + each)));
}

function flatten(lines: Lines): string[] {
	if (lines === false || lines === undefined) return [];
	return typeof lines === "string" ? [lines] : lines.flatMap(flatten);
}

/**
 * Text of a contract that is safe inside a comment of every language: on one line, and without what ends a comment.
 *
 * A contract may be anybody's JSON; its name must not become code.
 */
export function commentText(text: string): string {
	return onOneLine(text)
		.replaceAll("\\", "/")
		.replace(/\*\/|\?>|"""|<\//g, (end) => [...end].join(" "));
}

/** A sentence or paragraph as comment lines of at most 110 characters. */
export function comment(prefix: string, text: string, width = 110): string[] {
	const lines: string[] = [];
	let line = "";
	for (const word of text.split(" ")) {
		if (line !== "" && prefix.length + line.length + 1 + word.length > width) {
			lines.push(line);
			line = word;
		} else line = line === "" ? word : `${line} ${word}`;
	}
	return [...lines, line].map((each) => (prefix + each).trimEnd());
}
