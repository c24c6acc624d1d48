import type { DeliveryCall, DeliveryEmbed } from "@widget-token/core";
import { readReference } from "@widget-token/core/reference";
import type { ElementSettings } from "./delivery.ts";

/** What the references of an embed stand for in the page that is written. */
export interface SnippetValues {
	/** The address of the script. */
	readonly script: string;
	/** The visitor's token; undefined when nobody is signed in. */
	readonly token: string | undefined;
	/** The page's value for a setting of the widget. */
	setting(name: string): string | undefined;
	/** The id of the element that a widget is put into. */
	readonly elementId: string;
	readonly elementSettings: ElementSettings;
}

/** The attributes of an embed's script tag. */
export function writeAttributes(
	{ script: { attributes = {}, tokenAttribute } = { src: "" }, deliver }: DeliveryEmbed,
	values: SnippetValues,
): Readonly<Record<string, string>> {
	const written: Record<string, string> = { src: values.script };
	for (const [name, value] of Object.entries(attributes)) {
		const reference = readReference(value);
		if (reference === undefined) written[name] = value === true ? "" : value;
		else written[name] = isElement(reference.name, values) ? values.elementId : (values.setting(reference.name) ?? "");
	}
	if (tokenAttribute !== undefined && deliver === undefined && values.token !== undefined) written[tokenAttribute] = values.token;
	return written;
}

/** Calls of a vendor's functions as JavaScript; `token` is the expression for the token, undefined where there is none. */
export function writeCalls(calls: readonly DeliveryCall[], token: string | undefined, values: SnippetValues): string {
	return calls
		.map(({ on, call, with: templates = [] }) => {
			const owner = isElement(on, values) ? writeElement(on, values) : on === "window" ? "window" : `window.${on}`;
			const parts = templates.map((template) => writeValue(template, token, values));
			while (parts.at(-1) === "undefined") parts.pop();
			return `${owner}.${call}(${parts.join(", ")});`;
		})
		.join("\n");
}

function writeValue(template: unknown, token: string | undefined, values: SnippetValues): string {
	if (Array.isArray(template)) return `[${template.map((item) => writeValue(item, token, values)).join(", ")}]`;
	if (typeof template === "object" && template !== null) return writeObject(template as Readonly<Record<string, unknown>>, token, values);
	const name = readReference(template)?.name;
	if (name === undefined) return literal(template);
	switch (name) {
		case "token":
			return token ?? "undefined";
		case "resolver":
			return token === undefined ? "undefined" : "fetchToken";
		case "callback":
			return token === undefined ? "undefined" : "(done) => fetchToken().then(done)";
		case "window":
			return "window";
		default:
			return isElement(name, values) ? writeElement(name, values) : literal(values.setting(name));
	}
}

function isElement(name: string, { elementSettings }: SnippetValues): boolean {
	return Object.hasOwn(elementSettings, name);
}

function writeElement(name: string, { elementId, elementSettings }: SnippetValues): string {
	return elementSettings[name] === "elementId" ? literal(elementId) : `document.getElementById(${literal(elementId)})`;
}

function writeObject(members: Readonly<Record<string, unknown>>, token: string | undefined, values: SnippetValues): string {
	const written = Object.entries(members)
		.map(([name, member]) => [name, writeValue(member, token, values)] as const)
		.filter(([, text]) => text !== "undefined");
	return `{\n${written.map(([name, text]) => `  ${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}: ${text.replaceAll("\n", "\n  ")},`).join("\n")}\n}`;
}

/** A value as JavaScript that may stand in a script element: it cannot end it. */
export function literal(value: unknown): string {
	return value === undefined ? "undefined" : JSON.stringify(value).replaceAll("<", "\\u003c");
}
