import type { ReactNode } from "react";
import { type ChoiceLink, listChoiceLinks, type WidgetChoice } from "./widget-choices.ts";

/** Links to the page with each of the widgets. */
export function Choices({ chosen, sandboxUrl }: { chosen: WidgetChoice; sandboxUrl: string }): ReactNode {
	const { widgets, embeds } = listChoiceLinks(chosen, sandboxUrl);
	return (
		<section className="card" aria-labelledby="choices-title">
			<h2 id="choices-title">Which widget</h2>
			<nav aria-labelledby="choices-title">
				<ul className="choices">{widgets.map(listItem)}</ul>
				{embeds.length === 0 ? null : (
					<ul className="choices small" aria-label="Ways to embed it">
						{embeds.map(listItem)}
					</ul>
				)}
			</nav>
			<p className="quiet">{chosen.hint}</p>
		</section>
	);
}

function listItem({ text, href, isChosen }: ChoiceLink): ReactNode {
	return (
		<li key={href}>
			<a href={href} aria-current={isChosen ? "page" : undefined}>
				{text}
			</a>
		</li>
	);
}
