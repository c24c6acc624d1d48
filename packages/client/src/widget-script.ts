import { fill, type WidgetContract, type WidgetSettings } from "./contract.ts";

/** Options of {@link widgetScript}. */
export interface WidgetScriptOptions {
	/** The visitor's token; null or undefined when nobody is signed in. */
	readonly token?: string | null | undefined;
	/** The page's values for the widget, such as `apiKey`, as text. */
	readonly settings?: WidgetSettings | undefined;
	/** Which of the contract's embeds. Default: the first that takes its token in the script tag, else `default`. */
	readonly embed?: string | undefined;
	/** The address of the vendor's script, where it is not the documented one. */
	readonly src?: string | undefined;
	/** The nonce of the page's content security policy. */
	readonly nonce?: string | undefined;
}

/**
 * The widget's script tag as HTML, for a page that is rendered on the server for one visitor; the empty string when there is
 * no token and the vendor wants no widget without one.
 *
 * **The page must not be cached**: a page cache, a CDN or a static build would give this visitor's token to the next one
 * (BestChatBot, "Sign the JWT": "Inline tokens can be cached by page caches"). Answer it with `Cache-Control: private, no-store`.
 * Where pages are cached, leave the token out of them: `mountWidget` fetches it from the endpoint, which no cache may keep.
 * `mountWidget` on the same page takes over a tag that came this way.
 *
 * Import from `@widget-token/client`.
 *
 * @throws Error when a setting is missing, or the widget takes its token by a call and not in the tag: use `mountWidget`.
 * @example
 * ```ts
 * import { widgetScript } from "@widget-token/client";
 * import { bestChatBot } from "@widget-token/widgets/browser";
 *
 * export const page = (token: string | undefined): string =>
 * 	`<!doctype html><title>Home</title>${widgetScript(bestChatBot, { token, settings: { apiKey: "key-from-the-dashboard" } })}`;
 * ```
 */
export function widgetScript({ id, delivery }: WidgetContract, options: WidgetScriptOptions = {}): string {
	const { token, settings = {}, nonce } = options;
	const embeds = delivery?.embeds ?? {};
	const name = options.embed ?? Object.keys(embeds).find((key) => embeds[key]?.script?.tokenAttribute !== undefined) ?? "default";
	const { script, anonymous } = embeds[name] ?? {};
	if (script === undefined) throw new Error(`${id}.${name} has no script tag`);
	if (token && script.tokenAttribute === undefined) throw new Error(`${id}.${name} takes no token in its script tag; use mountWidget`);
	if (!token && anonymous !== true) return "";
	const { src, attributes = {} } = fill(script, settings);
	const all: Readonly<Record<string, unknown>> = {
		src: options.src ?? src,
		...attributes,
		...(token && { [script.tokenAttribute as string]: token }),
		...(nonce && { nonce }),
	};
	return `<script ${Object.entries(all)
		.map(([attribute, value]) => (value === true ? attribute : `${attribute}="${escapeHtml(String(value))}"`))
		.join(" ")}></script>`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => entities[character] as string);
}
