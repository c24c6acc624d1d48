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
						<span class="warning">none: its tokens are not_configured</span>
					) : (
						<span class="quiet">
							{contract.algorithm},{" "}
							{widgetKey.source === "environment" ? "from the environment" : `throw-away, made at ${formatTime(widgetKey.since)}`}
							{widgetKey.trial === widgetKey.value ? "" : "; the trial pages sign with a throw-away one"}
						</span>
					)}
					<div class="actions">
						<form method="post" action={`/widgets/${contract.id}/key`}>
							<button type="submit" class="button plain small">
								{widgetKey === undefined ? "Make a key" : "Regenerate key"}
								<span class="unseen"> of {contract.name}</span>
							</button>
						</form>
						{widgetKey === undefined ? null : (
							<details class="confirm">
								<summary class="button plain danger small">
									Remove key<span class="unseen"> of {contract.name}</span>
								</summary>
								<form method="post" action={`/widgets/${contract.id}/key/removal`}>
									<p>
										Each of its tokens is <code>not_configured</code> until you make a new key, which your app then needs.
										{widgetKey.source === "environment"
											? " Your project’s own key stays where it is; the sandbox uses it again after a restart."
											: ""}
									</p>
									<button type="submit" class="button danger small">
										Yes, remove the key<span class="unseen"> of {contract.name}</span>
									</button>
								</form>
							</details>
						)}
					</div>
				</dd>
			</dl>
			{scripts.length === 0 ? null : (
				<div class="actions">
					<a class="button" href={`/widgets/${contract.id}/try`}>
						Try it<span class="unseen">: {contract.name}</span>
					</a>
				</div>
			)}
		</article>
	);
}
