import type { ElementSettings, Embeds } from "./delivery.ts";

/** What an embed script is told about itself by the server. */
export interface EmbedConfig {
	/** The sandbox's own origin. */
	readonly origin: string;
	readonly widget: { readonly id: string; readonly name: string };
	/** The field whose hash is the token, for a contract of the scheme `hmac`. */
	readonly identifierField?: string;
	/** The embeds that load this script, by name. */
	readonly embeds: Embeds;
	readonly elementSettings: ElementSettings;
	/** The style sheet of the widget: a page's policy may forbid both inline styles and those of other origins. */
	readonly styles: string;
}
