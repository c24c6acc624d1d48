import type { Contract, DeliveryEmbed } from "@widget-token/core";
import { readReference } from "@widget-token/core/reference";

/** The embeds of a contract by name. */
export type Embeds = Readonly<Record<string, DeliveryEmbed>>;

/** The browser API of a contract; empty for a contract without any. */
export function readEmbeds({ delivery }: Contract): Embeds {
	return delivery?.embeds ?? {};
}

/** A script that the sandbox serves in place of the vendor's, with the embeds that load it. */
export interface EmbedScript {
	/** The path under the sandbox's address: the widget's id, then the path of the vendor's own script. */
	readonly path: string;
	readonly embeds: Embeds;
}

/** The scripts of a contract: embeds that load the same one share it, as they do at the vendor. */
export function listScripts(contract: Contract): readonly EmbedScript[] {
	const scripts = new Map<string, Record<string, DeliveryEmbed>>();
	for (const [name, embed] of Object.entries(readEmbeds(contract))) {
		const path = scriptPath(contract, name);
		const embeds = scripts.get(path) ?? {};
		embeds[name] = embed;
		scripts.set(path, embeds);
	}
	return [...scripts].map(([path, embeds]) => ({ path, embeds }));
}

/** What a page is given so that it loads a widget from the sandbox and not from the vendor. */
export interface PageAddress {
	/** The id of the widget. */
	readonly widget: string;
	/** The embeds that it is for; the contract's first one is first. */
	readonly embeds: readonly string[];
	/** `src`, or the name of the page's setting that holds the address; `tag` where the page brings the script tag by itself. */
	readonly name: string;
	/** The path under the sandbox's address. */
	readonly path: string;
}

/** The addresses of a contract's scripts, and of the app that a script shows in a frame. */
export function listPageAddresses(contract: Contract): readonly PageAddress[] {
	const { id: widget } = contract;
	return listScripts(contract).flatMap(({ path, embeds }) => {
		const about = { widget, embeds: Object.keys(embeds) };
		const [source] = Object.values(embeds).flatMap(({ script }) => script?.src ?? []);
		const script: PageAddress = { ...about, name: source === undefined ? "tag" : (readReference(source)?.name ?? "src"), path };
		return refersTo(embeds, (name) => name === "appUrl") ? [script, { ...about, name: "appUrl", path: `/${widget}` }] : [script];
	});
}

/** Where the sandbox serves the script of an embed. A script whose address the customer gives, or that the page brings, gets a path from the sandbox. */
export function scriptPath(contract: Contract, name: string): string {
	const { id } = contract;
	const { script } = readEmbeds(contract)[name] ?? {};
	if (script !== undefined) return `/${id}${URL.canParse(script.src) ? new URL(script.src).pathname : "/embed.js"}`;
	const base = baseOf(contract, name);
	return base === undefined ? `/${id}/${toKebabCase(name)}.js` : scriptPath(contract, base);
}

/**
 * The embed whose script an embed without one comes with: the one that it is named after, as `liveChatLater` is after
 * `liveChat`; undefined where it stands for itself.
 */
export function baseOf(contract: Contract, name: string): string | undefined {
	const embeds = readEmbeds(contract);
	if (embeds[name]?.script !== undefined) return undefined;
	return Object.keys(embeds).find((other) => other !== name && name.startsWith(other) && embeds[other]?.script !== undefined);
}

/** Whether a reference is to one of the page's values, and not to the token or a way to it. */
export function isSettingName(name: string): boolean {
	return !["token", "resolver", "callback", "window"].includes(name);
}

/** The settings that hold an element of the page, or its id, by name. */
export type ElementSettings = Readonly<Record<string, "element" | "elementId">>;

/** Lists them. */
export function readElementSettings({ delivery }: Contract): ElementSettings {
	const kinds = Object.entries(delivery?.settings ?? {}).map(([name, { kind }]) => [name, kind] as const);
	return Object.fromEntries(kinds.filter(([, kind]) => kind === "element" || kind === "elementId")) as ElementSettings;
}

/** Whether a value holds a reference that `test` accepts. */
export function refersTo(value: unknown, test: (name: string) => boolean): boolean {
	if (typeof value === "object" && value !== null) return Object.values(value).some((member) => refersTo(member, test));
	const reference = readReference(value);
	return reference !== undefined && test(reference.name);
}

/** A name such as `partnerId` in the form `partner-id`. */
export function toKebabCase(name: string): string {
	return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
