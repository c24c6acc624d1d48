import type { JsonValue } from "../contract/index.ts";

/** Why a text is not accepted as a JSON object. */
export type JsonFault = "invalid" | "duplicate";

/** How deeply objects and arrays may be nested in each other. */
const maximumDepth = 32;

/**
 * Parses a JSON object that names no member twice, at any level.
 *
 * `JSON.parse` keeps the last of two members with one name where another parser keeps the first, so that two readers
 * of one token would see two users (RFC 8259 §4).
 */
export function parseJsonObject(text: string): Record<string, JsonValue> | JsonFault {
	const parsed = parseJson(text);
	if (typeof parsed === "string") return parsed;
	const { value } = parsed;
	return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, JsonValue>) : "invalid";
}

/** Whether a text is a JSON document of any kind that names no member twice. */
export function isJson(text: string): boolean {
	return typeof parseJson(text) === "object";
}

// The parsed value shows how many names there are, the text how many members: more members than names is a duplicate,
// however its name is escaped.
function parseJson(text: string): { readonly value: JsonValue } | JsonFault {
	let value: JsonValue;
	try {
		value = JSON.parse(text) as JsonValue;
	} catch {
		return "invalid";
	}
	const names = typeof value === "object" && value !== null ? countNames(value, 1) : 0;
	if (names < 0) return "invalid";
	// Texts without a colon in a string, which most are, need no closer look.
	return names === countColons(text) || names === countMembers(text) ? { value } : "duplicate";
}

/** The names in a value and all that it holds, or a negative number where the nesting is too deep. */
function countNames(value: object, depth: number): number {
	if (depth > maximumDepth) return Number.NEGATIVE_INFINITY;
	let count = 0;
	if (Array.isArray(value)) {
		for (const item of value as unknown[]) if (typeof item === "object" && item !== null) count += countNames(item, depth + 1);
		return count;
	}
	for (const name of Object.keys(value)) {
		const member = (value as Record<string, unknown>)[name];
		count += typeof member === "object" && member !== null ? 1 + countNames(member, depth + 1) : 1;
	}
	return count;
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

function countColons(text: string): number {
	let count = 0;
	for (let index = text.indexOf(":"); index !== -1; index = text.indexOf(":", index + 1)) count++;
	return count;
}

/** The members in a valid JSON text: its colons, but for those within strings. */
function countMembers(text: string): number {
	let count = 0;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code === colon) count++;
		else if (code === quote) index = endOfString(text, index + 1);
	}
	return count;
}

/** The index of the quotation mark that ends the string whose text starts at `start`. */
function endOfString(text: string, start: number): number {
	let end = text.indexOf('"', start);
	while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
	return end;
}

function isEscaped(text: string, index: number): boolean {
	let first = index;
	while (text.charCodeAt(first - 1) === backslash) first--;
	return (index - first) % 2 === 1;
}
