// A terminal obeys them, nobody sees them, or they reorder the text around them (CWE-150, CVE-2021-42574).
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Writes each invisible character as an escape, by default as `\u{202e}`. */
export function escapeInvisible(text: string, write: (character: string, at: number, text: string) => string = braced): string {
	return text.replace(invisible, write);
}

/** Puts text on one line, with a space for what cannot be seen. */
export function onOneLine(text: string): string {
	return text.toWellFormed().replace(invisible, " ").replace(/\s+/g, " ").trim();
}

function braced(character: string): string {
	return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
