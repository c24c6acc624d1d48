import type { Delivery } from "@widget-token/core";

/** What a page needs of a widget's contract: plain data, without what only the server needs. */
export interface BrowserContract {
	readonly id: string;
	readonly delivery: Delivery;
}
