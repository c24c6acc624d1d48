import type { Contract } from "@widget-token/core";
import type { JSX } from "preact";
import type { KeyStore } from "../keys.ts";
import type { VerificationReport } from "../verification-report.ts";
import type { SandboxWidget } from "../widget.ts";
import { Page } from "./page.tsx";
import { VerificationItem } from "./verification-item.tsx";
import { WidgetCard } from "./widget-card.tsx";

/** What the dashboard shows. */
export interface DashboardProps {
	readonly nonce: string;
	readonly origin: string;
	readonly widgets: readonly SandboxWidget[];
	readonly keys: KeyStore;
	readonly reports: readonly VerificationReport[];
	readonly environmentLines: readonly string[];
	/** The widget whose key has just been replaced. */
	readonly regenerated: Contract | undefined;
	/** The widget whose key has just been removed. */
	readonly removed: Contract | undefined;
}

/** The widgets, the last verifications, and the environment to paste. */
export function Dashboard({ nonce, origin, widgets, keys, reports, environmentLines, regenerated, removed }: DashboardProps): JSX.Element {
	const nameOf = (id: string): string => widgets.find(({ contract }) => contract.id === id)?.contract.name ?? id;
	return (
		<Page title="Dashboard" nonce={nonce} scripts={["/assets/dashboard.js"]}>
			<h1>Why is my visitor anonymous?</h1>
			<p class="lead">
				This is a local stand-in for the vendors of your widgets. Load their scripts from <code>{origin}</code> instead, sign in to your
				app, and read here what the vendors would have seen.
			</p>
			{regenerated === undefined ? null : (
				<p class="notice" role="status">
					{regenerated.name} has a new key: tokens of the old one fail from now on. Paste <code>{regenerated.key.env}</code> from below into
					your app’s environment and restart it.
				</p>
			)}
			{removed === undefined || keys.current(removed.id) !== undefined ? null : (
				<p class="notice" role="status">
					{removed.name} has no key now: each of its tokens is <code>not_configured</code>, as at a vendor where none is set up. “Make a
					key” ends that.
				</p>
			)}
			<section aria-labelledby="widgets">
				<h2 id="widgets">Widgets</h2>
				<div class="cards">
					{widgets.map((widget) => (
						<WidgetCard widget={widget} widgetKey={keys.current(widget.contract.id)} />
					))}
				</div>
			</section>
			<section aria-labelledby="verifications">
				<h2 id="verifications">Last verifications</h2>
				<p id="live" class="quiet" role="status">
					{reports.length === 0
						? "No token has been verified yet. Try a widget, or open your app."
						: `${reports.length} kept, newest first. They are gone when the sandbox stops.`}
				</p>
				<ol class="verifications" id="verification-list">
					{reports.map((report) => (
						<VerificationItem report={report} widgetName={nameOf(report.widget)} />
					))}
				</ol>
			</section>
			<section aria-labelledby="environment">
				<h2 id="environment">Environment of your app</h2>
				<p>With these lines your app signs with the keys that the sandbox verifies with. They are good for nothing else.</p>
				<pre id="environment-lines" class="scroll" role="group" aria-labelledby="environment" tabindex={0}>
					{environmentLines.join("\n")}
				</pre>
				<button type="button" class="button" data-copy="environment-lines" hidden>
					Copy the lines
				</button>
			</section>
		</Page>
	);
}
