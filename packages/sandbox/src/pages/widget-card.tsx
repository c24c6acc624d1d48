import type { JSX } from "preact";
import { listScripts } from "../delivery.ts";
import type { WidgetKey } from "../keys.ts";
import { formatTime } from "../time-text.ts";
import type { SandboxWidget } from "../widget.ts";

/** What a card shows. */
export interface WidgetCardProps {
	readonly widget: SandboxWidget;
	/** Undefined where it has been removed. */
	readonly widgetKey: WidgetKey | undefined;
}

/** A widget on the dashboard: its script, its key, and the way to try it. */
export function WidgetCard({ widget, widgetKey }: WidgetCardProps): JSX.Element {
	const { contract } = widget;
	const scripts = listScripts(contract);
	return (
		<article class="card" id={`widget-${contract.id}`} aria-labelledby={`name-${contract.id}`}>
			<h3 id={`name-${contract.id}`}>
				<a href={`/widgets/${contract.id}`}>{contract.name}</a>
			</h3>
			<dl>
				<dt>Script</dt>
				<dd>
					{scripts.length === 0 ? <span class="quiet">none in the contract</span> : null}
					{scripts.map(({ path }) => (
						<code class="address">{path}</code>
					))}
				</dd>
				<dt>Key</dt>
				<dd>
					<code>{contract.key.env}</code>
					{widgetKey === undefined ? (
						<strong class="warning">none: its tokens are not_configured</strong>
					) : (
						<span class="quiet">
							{contract.algorithm},{" "}
							{widgetKey.source === "environment" ? "from the environment" : `throw-away, made at ${formatTime(widgetKey.since)}`}
						</span>
					)}
				</dd>
			</dl>
			<div class="actions">
				{scripts.length === 0 ? null : (
					<a class="button" href={`/widgets/${contract.id}/try`}>
						Try it<span class="unseen">: {contract.name}</span>
					</a>
				)}
				<form method="post" action={`/widgets/${contract.id}/key`}>
					<button type="submit" class="button plain">
						{widgetKey === undefined ? "Make a key" : "Regenerate key"}
						<span class="unseen"> of {contract.name}</span>
					</button>
				</form>
				{widgetKey === undefined ? null : (
					<form method="post" action={`/widgets/${contract.id}/key/removal`}>
						<button type="submit" class="button plain">
							Remove key<span class="unseen"> of {contract.name}</span>
						</button>
					</form>
				)}
			</div>
		</article>
	);
}
