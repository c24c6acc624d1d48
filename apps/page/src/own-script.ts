import type { WidgetChoice } from "./widget-choices.ts";

/** Loads the vendor's script without a token, as a page has done whose widget is there before anybody is known. */
export function loadOwnScript({ isOwnScript, ownCall, src }: WidgetChoice, nonce = ""): void {
	if (!isOwnScript || document.querySelector(`script[src="${src}"]`) !== null) return;
	const script = Object.assign(document.createElement("script"), { src, nonce });
	script.addEventListener("load", () => {
		if (ownCall === undefined) return;
		const owner = Reflect.get(window, ownCall.on) as Record<string, (options: unknown) => void>;
		owner[ownCall.call]?.(ownCall.with);
	});
	document.head.append(script);
}
