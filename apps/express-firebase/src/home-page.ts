import { renderHomePage } from "@widget-token-apps/page/home-page";
import type { DemoUser } from "@widget-token-apps/page/page-elements";
import type { RequestHandler } from "express";

/** What the server tells the page. Nothing of it is secret. */
export interface PageConfig {
	/** The Firebase configuration of the app, as the console shows it. */
	readonly firebase: { readonly projectId: string; readonly apiKey: string };
	/** The address of the Auth emulator. */
	readonly emulator?: string;
	readonly users: readonly DemoUser[];
	/** Where the vendors' scripts are from. */
	readonly sandboxUrl: string;
}

/** Sends the page. */
export function homePage(config: PageConfig): RequestHandler {
	return (_request, response) => {
		const { html, headers } = renderHomePage({
			heading: "Express and Firebase",
			introduction:
				"The page signs in with Firebase’s SDK and sends the ID token to <code>/api/widget-token</code>; the widget gets a token of its own.",
			provider: "Firebase",
			connectSources: ["'self'", config.emulator ?? "https://*.googleapis.com"],
			sandboxUrl: config.sandboxUrl,
			config,
		});
		response.set(headers).send(html);
	};
}
