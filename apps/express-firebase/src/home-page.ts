import { randomBytes } from "node:crypto";
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

/** Sends the page, under a content security policy that lets scripts run by nonce only. */
export function homePage(config: PageConfig): RequestHandler {
	return (_request, response) => {
		const nonce = randomBytes(16).toString("base64");
		response.set({
			"content-security-policy": [
				"default-src 'none'",
				`script-src 'nonce-${nonce}'`,
				"style-src 'self'",
				`connect-src 'self' ${config.sandboxUrl} ${config.emulator ?? "https://*.googleapis.com"}`,
				`frame-src ${config.sandboxUrl}`,
				"img-src 'self' data:",
				"base-uri 'none'",
				"form-action 'none'",
				"frame-ancestors 'none'",
			].join("; "),
			"referrer-policy": "same-origin",
			"x-content-type-options": "nosniff",
		});
		response.type("html").send(render(nonce, JSON.stringify(config).replaceAll("<", "\\u003c")));
	};
}

function render(nonce: string, config: string): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Express and Firebase · widget-token</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/main.css">
<script type="module" nonce="${nonce}" src="/assets/main.js"></script>
<script type="application/json" id="config">${config}</script>
</head>
<body>
<main>
<h1>Express and Firebase</h1>
<p class="quiet">The page signs in with Firebase’s SDK and sends the ID token to <code>/api/widget-token</code>; the widget gets a token of its own.</p>
<section class="card" aria-labelledby="user-title">
<h2 id="user-title">Who is signed in</h2>
<p id="user-status" role="status">Asking Firebase …</p>
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
