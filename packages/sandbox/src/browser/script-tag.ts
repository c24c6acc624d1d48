import type { DeliveryEmbed } from "@widget-token/core";
import { readReference } from "@widget-token/core/reference";
import { type Embeds, isSettingName, refersTo } from "../delivery.ts";

/** What the attributes of the vendor's script tag say. */
export interface ScriptTag {
	/** The page's settings by their names in the contract. */
	readonly settings: Readonly<Record<string, string>>;
	readonly token: string | undefined;
	/** The attribute that the token was in. */
	readonly tokenAttribute: string | undefined;
	/** Attributes that the vendor requires and that are not there. */
	readonly missing: readonly string[];
	/** Whether the tag alone is enough for the widget to show. */
	readonly isComplete: boolean;
}

/** Reads the tag by the embeds that load the script. */
export function readScriptTag(script: Element | null, embeds: Embeds): ScriptTag {
	const all = Object.values(embeds);
	const loading = all.some(hasScript) ? all.filter(hasScript) : all;
	const byTag = loading.filter((embed) => !mountsByCall(embed));
	const settings: Record<string, string> = {};
	const missing = new Set<string>();
	for (const { script: tag } of loading) {
		for (const [name, template] of Object.entries(tag?.attributes ?? {})) {
			const reference = readReference(template);
			if (reference === undefined) continue;
			const value = script?.getAttribute(name);
			if (value) settings[reference.name] = value;
			else if (!reference.isOptional) missing.add(name);
		}
	}
	const tokenAttribute = loading
		.map(({ script: tag }) => tag?.tokenAttribute)
		.find((name) => name !== undefined && script?.hasAttribute(name));
	const token = tokenAttribute === undefined ? undefined : (script?.getAttribute(tokenAttribute) ?? undefined);
	// Where the page can also call, a bare tag waits for the call.
	const isComplete = byTag.length > 0 && (missing.size === 0 || byTag.length === loading.length);
	return { settings, token, tokenAttribute, missing: isComplete ? [...missing] : [], isComplete };
}

function hasScript({ script }: DeliveryEmbed): boolean {
	return script !== undefined;
}

/** Whether the widget shows only once the page calls it with its settings, as `JupidEmbed.mount` does. */
function mountsByCall({ start = [], deliver = [] }: DeliveryEmbed): boolean {
	return refersTo(
		[...start, ...deliver].map(({ with: templates }) => templates),
		isSettingName,
	);
}

/** The ways of handing a token over that the vendor documents, for the panel. */
export function describeWays(embeds: Embeds): string[] {
	const ways = Object.values(embeds).flatMap(({ script, start = [], deliver }) => [
		...(script?.tokenAttribute === undefined || deliver !== undefined ? [] : [`render it into ${script.tokenAttribute} of the script tag`]),
		...(deliver ?? start)
			.filter(({ with: templates }) => refersTo(templates, (name) => !isSettingName(name)))
			.map(({ on, call }) => `call ${on}.${call}()`),
	]);
	return [...new Set(ways)];
}
