/** What a page without a framework says and loads. */
export interface HomePage {
	readonly heading: string;
	/** HTML. */
	readonly introduction: string;
	readonly provider: string;
	/** The origins that the page may ask. */
	readonly connectSources: readonly string[];
	/** Where the vendors' scripts are from. */
	readonly sandboxUrl: string;
	/** What the server tells the page's script. Nothing of it is secret. */
	readonly config: object;
}

/** Renders the page, with headers that let scripts run by nonce only. */
export function renderHomePage(page: HomePage): { readonly html: string; readonly headers: Readonly<Record<string, string>> } {
	const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
	return {
		html: render(page, nonce),
		headers: {
			"content-type": "text/html; charset=utf-8",
			"content-security-policy": [
				"default-src 'none'",
				`script-src 'nonce-${nonce}'`,
				"style-src 'self'",
				`connect-src ${[...page.connectSources, page.sandboxUrl].join(" ")}`,
				`frame-src ${page.sandboxUrl}`,
				"img-src 'self' data:",
				"base-uri 'none'",
				"form-action 'none'",
				"frame-ancestors 'none'",
			].join("; "),
			"referrer-policy": "same-origin",
			"x-content-type-options": "nosniff",
		},
	};
}

function render({ heading, introduction, provider, config }: HomePage, nonce: string): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading} · widget-token</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/main.css">
<script type="module" nonce="${nonce}" src="/assets/main.js"></script>
<script type="application/json" id="config">${JSON.stringify(config).replaceAll("<", "\\u003c")}</script>
</head>
<body>
<main>
<h1>${heading}</h1>
<p class="quiet">${introduction}</p>
<section class="card" aria-labelledby="user-title">
<h2 id="user-title">Who is signed in</h2>
<p id="user-status" role="status">Asking ${provider} …</p>
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
