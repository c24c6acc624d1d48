// Controls, the marks that reorder text and other invisible characters: they could rewrite a line of the terminal (CWE-150).
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
// Also white space at either end, spaces that look like the usual one, and what looks like one of the escapes.
const ambiguous = /^\s+|\s+$|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|(?! )\p{Zs}|\\(?=u\{)/gu;

/** Writes text from outside for a terminal: what cannot be seen becomes an escape, except line breaks and tabs. */
export function printable(text: string): string {
	return text.replace(unprintable, (character) => (character === "\n" || character === "\t" ? character : writeEscapes(character)));
}

/** Writes an opaque value, such as an id, so that two that differ look different: what cannot be seen becomes an escape. */
export function visible(text: string): string {
	return text.replace(ambiguous, writeEscapes);
}

function writeEscapes(text: string): string {
	return [...text].map((character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`).join("");
}
