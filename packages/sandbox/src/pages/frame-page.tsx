import type { JSX } from "preact";

/** What the vendor's app in the frame is. */
export interface FramePageProps {
	readonly nonce: string;
	readonly widget: { readonly id: string; readonly name: string };
	/** The path inside the app. */
	readonly path: string;
}

/** The vendor's app, as it stands in the frame: who the visitor is, its module finds out. */
export function FramePage({ nonce, widget, path }: FramePageProps): JSX.Element {
	return (
		<html lang="en" data-widget={widget.id}>
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="color-scheme" content="light dark" />
				<title>{widget.name}</title>
				<link rel="icon" href="data:," />
				<link rel="stylesheet" href="/assets/shared.css" nonce={nonce} />
				<link rel="stylesheet" href="/assets/page.css" nonce={nonce} />
				<script type="module" src="/assets/frame.js" nonce={nonce} />
			</head>
			<body class="framed">
				<main>
					<h1>{widget.name}</h1>
					<p class="quiet">
						The app at <code>{path}</code>
					</p>
					<p id="visitor" class="framed-visitor" role="status">
						Asking the page for its token …
					</p>
				</main>
			</body>
		</html>
	);
}
