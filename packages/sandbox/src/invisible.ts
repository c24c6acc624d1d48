// A terminal obeys them, nobody sees them, or they reorder the text around them (CWE-150, CVE-2021-42574).
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
// Also white space at either end, spaces that look like the usual one, and what looks like one of the escapes.
const ambiguous = /^\s+|\s+$|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}|\\(?=u\{)/gu;

/** Writes each invisible character as an escape, by default as `\u{202e}`. */
export function escapeInvisible(text: string, write: (character: string, at: number, text: string) => string = writeEscapes): string {
	return text.replace(invisible, write);
}

/** Writes text of several lines for a terminal: line breaks and tabs stay, what else cannot be seen becomes an escape. */
export function escapeLines(text: string): string {
	return escapeInvisible(text, (character, at) => (isLayout(character, text[at + 1]) ? character : writeEscapes(character)));
}

/** Writes an opaque value, such as an id, so that two that differ look different: what cannot be seen becomes an escape. */
export function escapeOpaque(text: string): string {
	return text.replace(ambiguous, writeEscapes);
}

/** Puts text on one line, with a space for what cannot be seen. */
export function onOneLine(text: string): string {
	return text.toWellFormed().replace(invisible, " ").replace(/\s+/g, " ").trim();
}

function isLayout(character: string, next: string | undefined): boolean {
	return character === "\n" || character === "\t" || (character === "\r" && next === "\n");
}

function writeEscapes(text: string): string {
	return [...text].map((character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`).join("");
}
