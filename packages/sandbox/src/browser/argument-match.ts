import { readReference } from "@widget-token/core/reference";
import { isSettingName } from "../delivery.ts";

/** What a page has handed over, read out of the arguments of a call. */
export interface Handed {
	readonly settings: Record<string, unknown>;
	token?: unknown;
	/** A function that gives a token. */
	resolver?: () => unknown;
}

/** Reads arguments by the template of a documented call into `handed`; false where a constant of the template is another. */
export function matchArguments(templates: readonly unknown[], values: readonly unknown[], handed: Handed): boolean {
	return templates.every((template, index) => matchValue(template, values[index], handed));
}

function matchValue(template: unknown, value: unknown, handed: Handed): boolean {
	if (Array.isArray(template)) return Array.isArray(value) && matchArguments(template, value, handed);
	if (typeof template === "object" && template !== null) {
		const members = (typeof value === "object" && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
		return Object.entries(template).every(([name, member]) => matchValue(member, members[name], handed));
	}
	const reference = readReference(template);
	if (reference === undefined) return template === value;
	if (value !== undefined) takeValue(reference.name, value, handed);
	return true;
}

function takeValue(name: string, value: unknown, handed: Handed): void {
	if (isSettingName(name)) handed.settings[name] = value;
	else if (name === "callback" && typeof value === "function") handed.resolver = () => new Promise((resolve) => value(resolve));
	// A page may give a function where the vendor documents a token, or the other way round; either is clear.
	else if (typeof value === "function") handed.resolver = () => value();
	else if (name !== "window") handed.token = value;
}
