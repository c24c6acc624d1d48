import type { JSX } from "preact";
import type { PageCode } from "../page-code.ts";
import { trialFlaws } from "../trial-token.ts";
import { trialVisitors } from "../trial-visitors.ts";
import { Page } from "./page.tsx";

/** What was chosen on a trial page. */
export interface TrialChoice {
	readonly embed: string;
	readonly visitor: string;
	readonly flaw: string;
}

/** What a trial page shows. */
export interface TrialPageProps {
	readonly nonce: string;
	readonly widget: { readonly id: string; readonly name: string };
	readonly choice: TrialChoice;
	readonly embeds: readonly string[];
	readonly code: PageCode;
}

/** A page that embeds a widget as the vendor's documentation says, for a visitor of choice. */
export function TrialPage({ nonce, widget, choice, embeds, code }: TrialPageProps): JSX.Element {
	return (
		<Page title={`Try ${widget.name}`} nonce={nonce}>
			<h1>
				Try <a href={`/widgets/${widget.id}`}>{widget.name}</a>
			</h1>
			<form method="get" class="trial">
				<Choice name="embed" label="Embed" options={Object.fromEntries(embeds.map((name) => [name, name]))} chosen={choice.embed} />
				<Choice
					name="visitor"
					label="Visitor"
					options={Object.fromEntries(Object.entries(trialVisitors).map(([key, { label }]) => [key, label]))}
					chosen={choice.visitor}
				/>
				<Choice name="token" label="Token" options={trialFlaws} chosen={choice.flaw} />
				<button type="submit" class="button">
					Load the page
				</button>
			</form>
			<div class="actions">
				<button type="button" class="button plain" id="refresh" hidden={!code.canRefresh}>
					Hand over a fresh token
				</button>
				<button type="button" class="button plain" id="sign-out" hidden={!code.canClear}>
					Sign out
				</button>
			</div>
			{code.elementId === undefined ? null : <div id={code.elementId} class="widget-element" />}
			<section aria-labelledby="code">
				<h2 id="code">What this page does</h2>
				<pre class="scroll" role="group" aria-labelledby="code" tabindex={0}>
					{code.shown}
				</pre>
			</section>
			<script {...code.attributes} nonce={nonce} />
			{code.script === "" ? null : <script nonce={nonce} dangerouslySetInnerHTML={{ __html: code.script }} />}
		</Page>
	);
}

function Choice({
	name,
	label,
	options,
	chosen,
}: {
	readonly name: string;
	readonly label: string;
	readonly options: Readonly<Record<string, string>>;
	readonly chosen: string;
}): JSX.Element {
	return (
		<label>
			{label}
			<select name={name}>
				{Object.entries(options).map(([value, text]) => (
					<option value={value} selected={value === chosen}>
						{text}
					</option>
				))}
			</select>
		</label>
	);
}
