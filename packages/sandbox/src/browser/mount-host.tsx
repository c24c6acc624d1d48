import { render } from "preact";
import type { Surface } from "./surface.ts";
import { WidgetView } from "./widget-view.tsx";

/** Puts a widget into the page, apart from its styles and scripts; the returned function takes it out. `onRemoved`: the page did. */
export function mountHost(surface: Surface, styles: string, container: Element | undefined, onRemoved: () => void): () => void {
	const host = document.createElement("div");
	host.dataset.widgetTokenSandbox = surface.widget.id;
	const { state } = surface.visitor;
	// For the end-to-end tests of an app: they need not look into the shadow.
	const showStatus = (): void => {
		host.dataset.visitorStatus = state.get().status;
	};
	showStatus();
	const unsubscribe = state.subscribe(showStatus);
	const shadow = host.attachShadow({ mode: "open" });
	// Constructed, since the page's policy may forbid inline styles.
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(styles);
	shadow.adoptedStyleSheets = [sheet];
	const root = document.createElement("div");
	root.className = "root";
	shadow.append(root);
	if (surface.kind === "bubble") host.style.setProperty("--place", String(document.querySelectorAll("[data-widget-token-sandbox]").length));
	(container ?? document.body).append(host);
	render(<WidgetView surface={surface} />, root);
	const observer = new MutationObserver(() => {
		if (!host.isConnected) onRemoved();
	});
	if (container !== undefined) observer.observe(container, { childList: true });
	return () => {
		unsubscribe();
		observer.disconnect();
		render(null, root);
		host.remove();
	};
}
