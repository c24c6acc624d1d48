import { identityLimits } from "@widget-token/core";
import type { RecipePlan } from "./plan.ts";
import type { PlannedInput } from "./planned-value.ts";

/**
 * How a text is read. What stands for somebody or something is signed as it is or refused, as `createMint` does: trimmed or
 * composed, two users could become one. What is only shown is trimmed.
 */
export type TextReader = "address" | "identifier" | "text";

const readers: Readonly<Partial<Record<NonNullable<PlannedInput["field"]>, TextReader>>> = {
	id: "identifier",
	email: "address",
	phoneNumber: "identifier",
	"organization.id": "identifier",
	"organization.slug": "identifier",
	"organization.role": "identifier",
};

/** The reader of an input; a role is none of the identity's fields. */
export function readerOf({ field }: PlannedInput): TextReader {
	return field === undefined ? "identifier" : (readers[field] ?? "text");
}

/** The longest identifier in UTF-16 code units, as most fields have it. */
export const usualLimit: number = identityLimits.id;

/** The longest text of an input. */
export function limitOf({ field, type }: PlannedInput): number {
	// One text may list several roles.
	if (type === "roles") return 2048;
	return field === undefined || field === "emailVerified" ? usualLimit : identityLimits[field];
}

/** Whether any claim of a token is read in this way; an address is an identifier with further rules. */
export function usesReader({ claims, message }: RecipePlan, reader: TextReader): boolean {
	return [...claims.map(({ value }) => value), message].some((value) => {
		if (value?.from === "role") return reader === "identifier";
		if (value?.from !== "text") return false;
		const used = [value.input, value.fallback].flatMap((input) => input ?? []).map(readerOf);
		return used.includes(reader) || (reader === "identifier" && used.includes("address"));
	});
}

export function usesLowercase({ claims, message }: RecipePlan): boolean {
	return [...claims.map(({ value }) => value), message].some((value) => value?.from === "text" && value.lowercase);
}

/** What the recipes say of a text that they refuse. */
export const refusals = {
	identifier: "An identifier of the user cannot be signed as it is",
	address: "The user's email address cannot be signed as it is",
	lowercase: "A text of the user holds a capital without a small letter of its own",
} as const;

type Ranges = readonly (readonly [first: number, last: number])[];

/** What no identifier holds: line and paragraph separators, and the marks that reorder the text around them (Unicode TR #9). */
export const separatorsAndMarks: Ranges = [
	[0x2028, 0x202e],
	[0x2066, 0x2069],
];

/** What nobody sees and is none of the categories Cf, Cc and Z: the rest of Default_Ignorable_Code_Point, and the blank Braille cell. */
export const hidden: Ranges = [
	[0x34f, 0x34f],
	[0x115f, 0x1160],
	[0x17b4, 0x17b5],
	[0x180b, 0x180f],
	[0x2065, 0x2065],
	[0x2800, 0x2800],
	[0x3164, 0x3164],
	[0xfe00, 0xfe0f],
	[0xffa0, 0xffa0],
	[0xfff0, 0xfff8],
	[0xe0000, 0xe0fff],
];

/** Ranges as they stand in the character class of a regular expression. */
export function classOf(ranges: Ranges, write: (codePoint: number) => string): string {
	return ranges.map(([first, last]) => (first === last ? write(first) : `${write(first)}-${write(last)}`)).join("");
}

/** The escape of PHP's and Go's. */
export function bracedHex(codePoint: number): string {
	return `\\x{${codePoint.toString(16)}}`;
}

/** The escape of Python's. */
export function longHex(codePoint: number): string {
	const digits = codePoint.toString(16);
	return codePoint > 0xffff ? `\\U${digits.padStart(8, "0")}` : `\\u${digits.padStart(4, "0")}`;
}
