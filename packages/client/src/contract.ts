/** A function of the widget's and what it is called with. */
export interface DeliveryCall {
	readonly on: string;
	readonly call: string;
	readonly with?: readonly unknown[];
}

/** One way of embedding a widget. */
export interface DeliveryEmbed {
	readonly script?: {
		readonly src: string;
		readonly attributes?: Readonly<Record<string, string | boolean>>;
		readonly tokenAttribute?: string;
	};
	readonly start?: readonly DeliveryCall[];
	readonly deliver?: readonly DeliveryCall[];
	readonly clear?: readonly DeliveryCall[];
	readonly refresh?: boolean;
	readonly anonymous?: boolean;
}

/**
 * What the browser needs of a widget's contract. Those of `@widget-token/widgets/browser` hold nothing else; a whole contract
 * of `@widget-token/widgets`, or a company's own as JSON, fits as well.
 */
export interface WidgetContract {
	readonly id: string;
	readonly delivery?: { readonly embeds: Readonly<Record<string, DeliveryEmbed>> };
}
