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
