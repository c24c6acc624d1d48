import type { JSX } from "preact";
import { Page } from "./page.tsx";

/** What stands at an address that the sandbox does not have. */
export function NotFoundPage({ nonce, path }: { readonly nonce: string; readonly path: string }): JSX.Element {
	return (
		<Page title="Not found" nonce={nonce}>
			<h1>There is no such page in the sandbox</h1>
			<p class="lead">
				Nothing stands at <code>{path}</code>. The widgets, and the addresses of their scripts, are on the <a href="/">dashboard</a>.
			</p>
		</Page>
	);
}
