import type { Contract, JwtContract } from "@widget-token/core";
import { readReference } from "@widget-token/core/reference";
import * as widgets from "@widget-token/widgets";
import { type Imports, relativeImport } from "./code.ts";

/** How the code that is written names a widget. */
export interface WidgetCode {
	readonly contract: Contract;
	/** The name of the constant that holds the contract. */
	readonly variable: string;
	/** The name of the component that shows it. */
	readonly component: string;
	/** What a server's file at this path imports, and the contract as an expression there. */
	server(path: string): { readonly imports: Imports; readonly expression: string };
	/** The same for a file of the browser. */
	browser(path: string): { readonly imports: Imports; readonly expression: string };
}

/** `contractFile` is the path of a contract of one's own, relative to the project. */
export function widgetCode(contract: Contract, contractFile: string | undefined): WidgetCode {
	if (contractFile === undefined) {
		const variable = Object.entries(widgets).find(([, { id }]) => id === contract.id)?.[0] ?? "";
		const imports = (module: string) => () => ({ imports: { [module]: [variable] }, expression: variable });
		return {
			contract,
			variable,
			component: `${pascalCase(variable)}Widget`,
			server: imports("@widget-token/widgets"),
			browser: imports("@widget-token/widgets/browser"),
		};
	}
	const variable = `${camelCase(contract.id)}Contract`;
	const own = (path: string): Imports => ({ [relativeImport(path, contractFile)]: [`default as ${variable}`] });
	return {
		contract,
		variable,
		component: `${pascalCase(camelCase(contract.id))}Widget`,
		server: (path) => ({ imports: { ...own(path), "@widget-token/core": ["defineContract"] }, expression: `defineContract(${variable})` }),
		browser: (path) => ({ imports: own(path), expression: variable }),
	};
}

/** Whether nobody gets a token before the integrator has mapped the roles. */
export function requiresRole(contract: Contract): contract is JwtContract {
	return contract.scheme === "jwt" && Object.values(contract.claims).some((rule) => rule.from === "role" && rule.required === true);
}

/** The free-form claims without which nobody gets a token. */
export function requiredCustomClaims(contract: Contract): readonly string[] {
	if (contract.scheme !== "jwt") return [];
	return Object.entries(contract.claims).flatMap(([name, rule]) => (rule.from === "custom" && rule.required === true ? [name] : []));
}

/** A value that the page gives the widget. */
export interface PageSetting {
	readonly name: string;
	readonly description: string;
	/** `element`: an element of the page. `elementId`: the id of one. */
	readonly kind: "text" | "element" | "elementId";
}

/** What an embed of a contract cannot do without. */
export function pageSettings({ delivery }: Contract, embed: string): readonly PageSetting[] {
	const { settings = {}, embeds } = delivery ?? {};
	const names = new Set(listReferences(embeds?.[embed]));
	return Object.entries(settings).flatMap(([name, { description, kind }]) =>
		names.has(name) ? [{ name, description, kind: kind === "element" || kind === "elementId" ? kind : "text" }] : [],
	);
}

function listReferences(value: unknown): readonly string[] {
	if (typeof value === "string") {
		const name = requiredReference(value);
		return name === undefined ? [] : [name];
	}
	if (typeof value !== "object" || value === null) return [];
	const own = "on" in value && typeof value.on === "string" ? [value.on] : [];
	return [...own, ...Object.values(value).flatMap(listReferences)];
}

function requiredReference(value: string): string | undefined {
	const reference = readReference(value);
	return reference?.isOptional === false ? reference.name : undefined;
}

/** The vendor's script: its address, or the page's setting that holds it; undefined where the page brings its own. */
export function scriptOf({ delivery }: Contract, embed: string): { readonly address: string } | { readonly setting: string } | undefined {
	const src = delivery?.embeds[embed]?.script?.src;
	if (src === undefined) return undefined;
	const setting = requiredReference(src);
	return setting === undefined ? { address: src } : { setting };
}

/** `bestChatBot` from `best-chat-bot`. */
export function camelCase(name: string): string {
	const camel = name.replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => (next ?? "").toUpperCase());
	return /^[A-Za-z]/.test(camel) ? camel.charAt(0).toLowerCase() + camel.slice(1) : `widget${camel}`;
}

/** `BEST_CHAT_BOT` from `bestChatBot`. */
export function constantCase(name: string): string {
	return name
		.replace(/([a-z0-9])([A-Z])/g, "$1_$2")
		.replace(/[^A-Za-z0-9]+/g, "_")
		.toUpperCase();
}

function pascalCase(camel: string): string {
	return camel.charAt(0).toUpperCase() + camel.slice(1);
}
