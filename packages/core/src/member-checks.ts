import { WidgetTokenError } from "./errors.ts";

/** An object of a contract whose members are still to be checked. */
export type Members = Record<string, unknown>;

/** The name of a setting. */
export const settingName: RegExp = /^[a-z][A-Za-z0-9]{0,63}$/;

/** The value as an object. */
export function members(value: unknown, path: string): Members {
	if (typeof value !== "object" || value === null || Array.isArray(value)) fail(path, "is not an object");
	return value as Members;
}

/** The value as an array. */
export function array(value: unknown, path: string): unknown[] {
	if (!Array.isArray(value)) fail(path, "is not an array");
	return value as unknown[];
}

/** The value as text that is not empty. */
export function text(value: unknown, path: string, pattern?: RegExp): string {
	if (typeof value !== "string" || value === "" || pattern?.test(value) === false)
		fail(path, pattern ? `does not match ${pattern.source}` : "is not text");
	return value as string;
}

/** The value as a whole number above zero. */
export function wholeNumber(value: unknown, path: string): number {
	if (!Number.isSafeInteger(value) || (value as number) < 1) fail(path, "is not a whole number above zero");
	return value as number;
}

/** The value as one of several texts. */
export function oneOf(value: unknown, path: string, allowed: readonly string[]): string {
	if (typeof value !== "string" || !allowed.includes(value)) fail(path, `is not one of: ${allowed.join(", ") || "(none defined)"}`);
	return value as string;
}

/** Refuses members that the format does not know. */
export function onlyKnown(value: Members, path: string, known: readonly string[]): void {
	for (const member of Object.keys(value))
		if (!known.includes(member)) fail(path === "" ? member : `${path}.${member}`, "is not a member of the format");
}

/** Refuses the contract, naming the member. */
export function fail(path: string, problem: string): never {
	throw new WidgetTokenError("contract_invalid", { detail: `${path} ${problem}` });
}
