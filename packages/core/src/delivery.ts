import type { JsonValue } from "./contract.ts";

/**
 * How a widget gets its token in the browser, as data that `mountWidget` and `widgetScript` of `@widget-token/client` carry out.
 *
 * A text of the form `{name}` refers to a value: one of `settings`, or
 *
 * - `{token}`: the token.
 * - `{resolver}`: a function that gives a promise of the token, for a widget that asks when it needs one.
 * - `{callback}`: a function that calls the function it is given with the token.
 *
 * A reference that may stand for nothing is written `{name?}`; the member that holds it is then left out.
 *
 * @example
 * ```ts
 * import type { Delivery } from "@widget-token/core";
 *
 * export const delivery: Delivery = {
 * 	settings: { appId: { description: "The app's id, from the vendor's dashboard" } },
 * 	embeds: {
 * 		default: {
 * 			script: { src: "https://cdn.example.com/chat.js", attributes: { "data-app-id": "{appId}" } },
 * 			deliver: [{ on: "AcmeChat", call: "identify", with: [{ jwt: "{token}" }] }],
 * 			clear: [{ on: "AcmeChat", call: "logout" }],
 * 			refresh: true,
 * 			anonymous: true,
 * 		},
 * 	},
 * };
 * ```
 */
export interface Delivery {
	/** What the page gives beside the token, by name. All of it is public; none is a secret. */
	readonly settings?: Readonly<Record<string, DeliverySetting>>;
	/** The ways of embedding the widget by name; `default` is the one that is used when none is named. */
	readonly embeds: { readonly default: DeliveryEmbed; readonly [name: string]: DeliveryEmbed };
	/** The token endpoint as the vendor documents it, for a widget or a sample that calls it by itself. */
	readonly endpoint?: DeliveryEndpoint;
}

/** A value that the page gives: text, or an element, a function, an object of the vendor's SDK. */
export interface DeliverySetting {
	readonly description: string;
}

/**
 * One way of embedding a widget. It has at least one of `script.tokenAttribute`, `deliver` and `start`.
 *
 * The script is inserted once there is a token, or once it is known that there is none and the widget is `anonymous`; a widget
 * that has only `start` asks for the token itself and is started at once.
 */
export interface DeliveryEmbed {
	/** The vendor's script. Without it the page brings its own. */
	readonly script?: DeliveryScript;
	/** Starts the widget without a token. */
	readonly start?: readonly DeliveryCall[];
	/** Gives the widget a token. Without it, `script.tokenAttribute` does. */
	readonly deliver?: readonly DeliveryCall[];
	/** Takes the user from the widget. Without it, the widget keeps its user for as long as the page lives. */
	readonly clear?: readonly DeliveryCall[];
	/** Whether `deliver` may be done again with a newer token of the same user. Default: false. */
	readonly refresh?: boolean;
	/** Whether the widget is shown to a visitor who is not signed in. Default: false. */
	readonly anonymous?: boolean;
}

/** A vendor's script tag. */
export interface DeliveryScript {
	/** An address with `https:`, or a reference to a setting. */
	readonly src: string;
	/** Further attributes by name: text, a reference to a setting, or true for one without a value. */
	readonly attributes?: Readonly<Record<string, string | true>>;
	/** The attribute that carries the token. It is taken from the page once the script has read it. */
	readonly tokenAttribute?: string;
}

/** A call of a function of the widget's. It waits until the function is there. */
export interface DeliveryCall {
	/** The object that the function is a method of: a global variable such as `BestChatBot`, `window`, or the name of a setting. */
	readonly on: string;
	/** The name of the function. */
	readonly call: string;
	/** The arguments. Default: none. */
	readonly with?: readonly JsonValue[];
}

/** How a token endpoint is asked and answers. */
export interface DeliveryEndpoint {
	readonly method: "GET" | "POST";
	/** The path that the vendor's samples use. */
	readonly path?: string;
	/** The bare token, or a JSON object with the token in one member. */
	readonly response: { readonly format: "text" } | { readonly format: "json"; readonly member: string };
}
