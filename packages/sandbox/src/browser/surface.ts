import type { Store } from "./store.ts";
import type { Visitor } from "./visitor.ts";

/** How a widget stands in the page: as a bubble in the corner, inside an element, or as the vendor's app in a frame. */
export type SurfaceKind = "bubble" | "inline" | "frame";

/** One line of the chat. */
interface Message {
	readonly from: "visitor" | "vendor" | "error";
	readonly text: string;
}

/** What is open, and what was said. */
export interface SurfaceState {
	readonly isChatOpen: boolean;
	readonly isPanelOpen: boolean;
	readonly messages: readonly Message[];
	/** What the page forgot, such as an attribute of the script. */
	readonly notices: readonly string[];
}

/** All that a widget's parts share. */
export interface Surface {
	readonly kind: SurfaceKind;
	readonly widget: { readonly id: string; readonly name: string };
	/** The sandbox's own address. */
	readonly origin: string;
	readonly visitor: Visitor;
	readonly view: Store<SurfaceState>;
	/** The vendor's app, for a frame. */
	readonly frame?: HTMLIFrameElement;
}
