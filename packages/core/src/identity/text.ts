import { WidgetTokenError } from "../base/index.ts";

// Printable ASCII without a space at either end needs no check; without `"` and `\\` it is JSON as it stands.
const plainText = /^[!#-[\]-~](?:[ !#-[\]-~]*[!#-[\]-~])?$/;
const plainAddress = /^[!#-?A-[\]-~]+@[!#-?A-[\]-~]+$/;
// Controls, lone surrogates, line and paragraph separators, and the marks that reorder the text around them (Unicode TR #9).
const forbiddenCharacters = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const spaceAtEnd = /^[\s\p{White_Space}]|[\s\p{White_Space}]$/u;
// U+2800 is a Braille cell without dots.
const invisibleCharacters = /[\s\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/u;
const address = /^[^@]+@[^@]+$/;

/** Whether a text is what most are: printable ASCII that no rule refuses and that needs no escape in JSON. */
export function isPlainText(text: string, isAddress: boolean): boolean {
	return (isAddress ? plainAddress : plainText).test(text);
}

/**
 * What keeps a text that stands for somebody or something from being signed as it is; undefined when nothing does.
 *
 * Such a text is never changed: two users of the provider whose ids differ in a space or in their composition (NFC) are two.
 */
export function findTextProblem(text: string, limit: number): string | undefined {
	if (text === "") return "is empty";
	if (text.length > limit) return `is longer than ${limit} characters`;
	if (plainText.test(text)) return undefined;
	if (spaceAtEnd.test(text)) return "begins or ends with white space";
	return forbiddenCharacters.test(text) ? "holds a control character or broken Unicode" : undefined;
}

/** The same for an email address, which people compare by sight: it holds nothing that cannot be seen. */
export function findAddressProblem(text: string, limit: number): string | undefined {
	if (text.length <= limit && plainAddress.test(text)) return undefined;
	const problem = findTextProblem(text, limit);
	if (problem !== undefined) return problem;
	if (invisibleCharacters.test(text)) return "holds white space or an invisible character";
	return address.test(text) ? undefined : "is not an email address";
}

/** Text as it is; throws `identity_invalid` when it cannot be signed so. Numbers become decimal text. */
export function readExactText(value: unknown, label: string, limit: number, find: typeof findTextProblem = findTextProblem): string {
	const text = toText(value, label);
	const problem = find(text, limit);
	if (problem !== undefined) throw invalidText(label, problem);
	return text;
}

/** Text that is only shown: trimmed and composed (NFC), and perhaps empty. A longer one is cut, or throws `identity_invalid`. */
export function readShownText(value: unknown, label: string, limit: number, isCut: boolean): string {
	const text = toText(value, label).trim().normalize("NFC");
	if (forbiddenCharacters.test(text)) throw invalidText(label, "holds a control character or broken Unicode");
	if (text.length <= limit) return text;
	if (!isCut) throw invalidText(label, `is longer than ${limit} characters`);
	return `${text
		.slice(0, limit - 1)
		.toWellFormed()
		.replace(/\ufffd$/u, "")
		.trimEnd()}…`;
}

/** Checks free-form text: it may be empty, and may hold tabs and line breaks. Its length is bounded by the token's. */
export function checkFreeText(text: string, label: string): void {
	if (!plainText.test(text) && forbiddenCharacters.test(text.replace(/[\t\n\r]/g, "")))
		throw invalidText(label, "holds a control character or broken Unicode");
}

// A JavaScript caller's numeric id: a JSON number would lose its digits past 2^53 at the vendor.
function toText(value: unknown, label: string): string {
	if (typeof value === "string") return value;
	if (typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value))) return String(value);
	throw invalidText(label, "is not text");
}

/** The refusal of a text; its value is no part of it. */
export function invalidText(label: string, problem: string): WidgetTokenError {
	return new WidgetTokenError("identity_invalid", { detail: `${label} ${problem}` });
}
