import { CliError } from "./cli-error.ts";

/** One variable of an env file, and where its value stands in the text. */
export interface EnvEntry {
	readonly name: string;
	/** The value as dotenv reads it. */
	readonly value: string;
	/** The offsets of the value as it is written, with its quotes and without a comment behind it. */
	readonly start: number;
	readonly end: number;
}

const assignment = /[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*/y;
// The second form is the byte order mark of a text that was read as Latin-1, to keep its bytes.
const byteOrderMark = /^(?:\ufeff|\u00ef\u00bb\u00bf)/;

/** Reads the text of an env file as dotenv does: comments, `export`, three kinds of quotes, values over several lines. */
export function parseEnvFile(text: string): readonly EnvEntry[] {
	const entries: EnvEntry[] = [];
	let lineStart = byteOrderMark.exec(text)?.[0].length ?? 0;
	while (lineStart < text.length) {
		assignment.lastIndex = lineStart;
		const match = assignment.exec(text);
		if (match === null) {
			lineStart = endOfLine(text, lineStart) + 1;
			continue;
		}
		const start = lineStart + match[0].length;
		const { value, end } = readValue(text, start, endOfLine(text, start));
		entries.push({ name: match[1] as string, value, start, end });
		lineStart = endOfLine(text, end) + 1;
	}
	return entries;
}

function readValue(text: string, start: number, lineEnd: number): { readonly value: string; readonly end: number } {
	const quote = text[start];
	if (quote === '"' || quote === "'" || quote === "`") {
		const close = closingQuote(text, start + 1, quote);
		if (close !== -1) {
			const inner = text.slice(start + 1, close);
			return { value: quote === '"' ? inner.replace(/\\n/g, "\n").replace(/\\r/g, "\r") : inner, end: close + 1 };
		}
	}
	const line = text.slice(start, lineEnd);
	const comment = line.indexOf("#");
	const value = (comment === -1 ? line : line.slice(0, comment)).trimEnd();
	return { value, end: start + value.length };
}

function closingQuote(text: string, from: number, quote: string): number {
	for (let at = from; at < text.length; at++) {
		if (text[at] === "\\") at++;
		else if (text[at] === quote) return at;
	}
	return -1;
}

function endOfLine(text: string, from: number): number {
	const at = text.indexOf("\n", from);
	return at === -1 ? text.length : at;
}

/** The variable's value; the last one counts where there are several. */
export function readEnvValue(text: string, name: string): string | undefined {
	return parseEnvFile(text).findLast((entry) => entry.name === name)?.value;
}

/** The text with the variable's value put in its place, or with a line for it at the end. Every other character stays. */
export function setEnvValue(text: string, name: string, value: string): string {
	const written = formatEnvValue(value);
	const entry = parseEnvFile(text).findLast((each) => each.name === name);
	if (entry !== undefined) {
		const rest = text.slice(entry.end);
		// Without a space dotenv would take the comment's mark for a part of the value in quotes.
		return `${text.slice(0, entry.start)}${written}${entry.start === entry.end && rest.startsWith("#") ? " " : ""}${rest}`;
	}
	const lineBreak = /\r?\n/.exec(text)?.[0] ?? "\n";
	const separator = text === "" || text.endsWith("\n") ? "" : lineBreak;
	return `${text}${separator}${name}=${written}${lineBreak}`;
}

/**
 * A value as an env file holds it: bare where that is safe, in quotes on one line where it is not.
 *
 * Throws `value_unwritable` for the few that dotenv cannot read back.
 */
export function formatEnvValue(value: string): string {
	const forms = [value, `'${value}'`, `"${value.replaceAll("\r", "\\r").replaceAll("\n", "\\n")}"`];
	const isPlain = /^[\w./+=:@%,-]*$/.test(value);
	const written = (isPlain ? forms : forms.slice(1)).find((form) => !/[\r\n]/.test(form) && readEnvValue(`X=${form}\n`, "X") === value);
	if (written !== undefined) return written;
	throw new CliError("value_unwritable", "The value holds characters that an env file cannot carry", {
		remedy: "Put it into the environment by your host's own means.",
	});
}
