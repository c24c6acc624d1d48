import type { ComponentChildren, JSX } from "preact";

/** What every page of the sandbox is framed with. */
export interface PageProps {
	readonly title: string;
	/** The nonce of the page's content security policy. */
	readonly nonce: string;
	/** Modules of the sandbox that the page loads. */
	readonly scripts?: readonly string[];
	readonly children: ComponentChildren;
}

/** A page of the sandbox. */
export function Page({ title, nonce, scripts = [], children }: PageProps): JSX.Element {
	return (
		<html lang="en">
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="color-scheme" content="light dark" />
				<title>{`${title} · widget-token sandbox`}</title>
				<link rel="icon" href="data:," />
				<link rel="stylesheet" href="/assets/shared.css" nonce={nonce} />
				<link rel="stylesheet" href="/assets/page.css" nonce={nonce} />
				{scripts.map((src) => (
					<script type="module" src={src} nonce={nonce} />
				))}
			</head>
			<body>
				<a class="skip" href="#main">
					Skip to the content
				</a>
				<header class="top">
					<a href="/" class="brand">
						<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
							<path d="M4 5h16v11H9l-5 4V5zM8.5 10.5l2.5 2.5 5-5" />
						</svg>
						widget-token <span class="quiet">sandbox</span>
					</a>
					<nav aria-label="Sandbox">
						<a href="/#widgets">Widgets</a>
						<a href="/#verifications">Verifications</a>
						<a href="/#environment">Environment</a>
					</nav>
				</header>
				<main id="main" tabindex={-1}>
					{children}
				</main>
			</body>
		</html>
	);
}
