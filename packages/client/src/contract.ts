/** A call of a function of the widget's. */
export interface DeliveryCall {
	/** The object that the function is a method of: a global variable, `window`, or the name of a setting. */
	readonly on: string;
	readonly call: string;
	/** The arguments. A text `{name}` stands for a setting or for `{token}`, `{resolver}`, `{callback}`. */
	readonly with?: readonly unknown[];
}

/** One way of embedding a widget. */
export interface DeliveryEmbed {
	readonly script?: {
		readonly src: string;
		readonly attributes?: Readonly<Record<string, string | true>>;
		/** The attribute that carries the token. */
		readonly tokenAttribute?: string;
	};
	/** Starts the widget without a token. */
	readonly start?: readonly DeliveryCall[];
	/** Gives the widget a token. */
	readonly deliver?: readonly DeliveryCall[];
	/** Takes the user from the widget. */
	readonly clear?: readonly DeliveryCall[];
	/** Whether a newer token of the same user may be given. */
	readonly refresh?: boolean;
	/** Whether the widget is shown to a visitor who is not signed in. */
	readonly anonymous?: boolean;
}

/**
 * What the browser needs of a widget's contract; `Delivery` of `@widget-token/core` describes it in full.
 *
 * Those of `@widget-token/widgets/browser` hold nothing else. A whole contract of `@widget-token/widgets`, or a company's own
 * from JSON, fits as well.
 */
export interface WidgetContract {
	readonly id: string;
	readonly delivery?: { readonly embeds: Readonly<Record<string, DeliveryEmbed>> };
}

/** What the page gives a widget beside the token, by the names in its contract: text, or elements, functions and objects. */
export type WidgetSettings = Readonly<Record<string, unknown>>;

/**
 * Replaces every text `{name}` in a value by what the name stands for. One that may stand for nothing is written `{name?}`,
 * and its member is then left out.
 */
export function fill<T>(value: T, scope: WidgetSettings): T {
	return JSON.parse(JSON.stringify(value), (_, text) => {
		// A list of one text would match like the text: what has been filled in must not be filled in again.
		const [, name, isOptional] = (typeof text === "string" && /^{(\w+)(\??)}$/.exec(text)) || [];
		if (!name) return text;
		if (scope[name] === undefined && !isOptional) throw new Error(`${name} is missing`);
		return scope[name];
	}) as T;
}
