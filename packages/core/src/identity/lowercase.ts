/**
 * Maps text to lower case, code point by code point; undefined when the text would then stand for another.
 *
 * That is so for a capital beyond ASCII that its small letter does not lead back to, such as the Kelvin sign (U+212A), whose
 * lower case is an ASCII `k`, and U+0130, whose lower case is longer. A sigma's depends on what stands around it.
 */
export function toLowercase(text: string): string | undefined {
	let lowercase = "";
	for (const character of text) {
		const small = character.toLowerCase();
		if (small !== character && (small.toUpperCase() !== character || character === "\u03a3")) return undefined;
		lowercase += small;
	}
	return lowercase;
}
