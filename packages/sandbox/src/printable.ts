// Controls, the marks that reorder text and other invisible characters: they could rewrite a line of the terminal (CWE-150).
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Writes text from outside for a terminal: what cannot be seen becomes an escape, but for line breaks and tabs. */
export function printable(text: string): string {
	return text.replace(unprintable, (character) => (character === "\n" || character === "\t" ? character : escapeCharacter(character)));
}

/** Writes a value for a page: what cannot be seen becomes an escape, and so does white space at either end. */
export function visible(text: string): string {
	return text.replace(/^\s+|\s+$|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|(?! )\p{Zs}/gu, (match) => [...match].map(escapeCharacter).join(""));
}

function escapeCharacter(character: string): string {
	return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
