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

/** The page, under a content security policy that lets scripts run by nonce only. */
export function renderHomePage(config: PageConfig): Response {
	const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
	return new Response(render(nonce, JSON.stringify(config).replaceAll("<", "\\u003c")), {
		headers: {
			"content-type": "text/html; charset=utf-8",
			"content-security-policy": [
				"default-src 'none'",
				`script-src 'nonce-${nonce}'`,
				"style-src 'self'",
				`connect-src ${config.supabaseUrl} ${config.endpoint} ${config.sandboxUrl}`,
				`frame-src ${config.sandboxUrl}`,
				"img-src 'self' data:",
				"base-uri 'none'",
				"form-action 'none'",
				"frame-ancestors 'none'",
			].join("; "),
			"referrer-policy": "same-origin",
			"x-content-type-options": "nosniff",
		},
	});
}

function render(nonce: string, config: string): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Supabase · widget-token</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/main.css">
<script type="module" nonce="${nonce}" src="/assets/main.js"></script>
<script type="application/json" id="config">${config}</script>
</head>
<body>
<main>
<h1>A static site and Supabase</h1>
<p class="quiet">The page signs in with Supabase’s SDK and sends the access token to an edge function of another origin; the widget gets a token of its own.</p>
<section class="card" aria-labelledby="user-title">
<h2 id="user-title">Who is signed in</h2>
<p id="user-status" role="status">Asking Supabase …</p>
<div class="actions" id="user-actions"></div>
<p class="bad" id="user-problem" role="alert"></p>
</section>
<section class="card" aria-labelledby="choices-title">
<h2 id="choices-title">Which widget</h2>
<nav aria-labelledby="choices-title">
<ul class="choices" id="choice-links"></ul>
<ul class="choices small" id="embed-links" aria-label="Ways to embed it"></ul>
</nav>
<p class="quiet" id="choice-hint"></p>
</section>
<div id="widget"></div>
</main>
</body>
</html>
`;
}
