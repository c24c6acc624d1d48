import { renderHomePage } from "@widget-token-apps/page/home-page";
import type { DemoUser } from "@widget-token-apps/page/page-elements";

/** What the site tells the page. Nothing of it is secret. */
export interface PageConfig {
	readonly supabaseUrl: string;
	readonly publishableKey: string;
	/** The edge function. */
	readonly endpoint: string;
	readonly users: readonly DemoUser[];
	/** Where the vendors' scripts are from. */
	readonly sandboxUrl: string;
}

/** Answers with the page. */
export function homePage(config: PageConfig): Response {
	const { html, headers } = renderHomePage({
		heading: "A static site and Supabase",
		introduction:
			"The page signs in with Supabase’s SDK and sends the access token to an edge function of another origin; the widget gets a token of its own.",
		provider: "Supabase",
		connectSources: [config.supabaseUrl, config.endpoint],
		sandboxUrl: config.sandboxUrl,
		config,
	});
	return new Response(html, { headers });
}
