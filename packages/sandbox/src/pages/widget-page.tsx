import type { JSX } from "preact";
import { describeRule } from "../claim-description.ts";
import { describeSeconds } from "../time-text.ts";
import type { SandboxWidget } from "../widget.ts";
import { Page } from "./page.tsx";

/** The code of one embed. */
interface EmbedExample {
	readonly name: string;
	readonly code: string;
}

/** What a widget's own page shows. */
export interface WidgetPageProps {
	readonly nonce: string;
	readonly widget: SandboxWidget;
	readonly examples: readonly EmbedExample[];
}

/** A widget's contract, and the code that embeds it from the sandbox. */
export function WidgetPage({ nonce, widget: { contract, settings }, examples }: WidgetPageProps): JSX.Element {
	return (
		<Page title={contract.name} nonce={nonce}>
			<h1>{contract.name}</h1>
			<p class="lead">
				Signed with {contract.algorithm} and the key in <code>{contract.key.env}</code>.
				{contract.scheme === "jwt" ? ` A token lives ${describeSeconds(contract.lifetime.defaultSeconds)} unless you say otherwise.` : ""}
			</p>
			<section aria-labelledby="embeds">
				<h2 id="embeds">Embed it from here</h2>
				{examples.length === 0 ? <p>The contract names no browser API.</p> : null}
				{examples.map(({ name, code }) => (
					<>
						<h3 id={`embed-${name}`}>
							<code>{name}</code>
						</h3>
						<pre class="scroll" role="group" aria-labelledby={`embed-${name}`} tabindex={0}>
							{code}
						</pre>
						<p>
							<a class="button" href={`/widgets/${contract.id}/try?embed=${encodeURIComponent(name)}`}>
								Try it<span class="unseen">: {name}</span>
							</a>
						</p>
					</>
				))}
			</section>
			<section aria-labelledby="contract">
				<h2 id="contract">What its token holds</h2>
				{contract.scheme === "jwt" ? (
					<div class="scroll" role="group" aria-labelledby="contract" tabindex={0}>
						<table class="claims" role="table">
							<thead>
								<tr role="row">
									<th scope="col" role="columnheader">
										Claim
									</th>
									<th scope="col" role="columnheader">
										Holds
									</th>
									<th scope="col" role="columnheader">
										Needed
									</th>
								</tr>
							</thead>
							<tbody>
								{Object.entries(contract.claims).map(([name, rule]) => (
									<tr role="row">
										<th scope="row" role="rowheader">
											<code>{(rule.nameSetting && settings[rule.nameSetting]) ?? name}</code>
										</th>
										<td role="cell">{describeRule(rule, contract, settings)}</td>
										<td role="cell">{rule.required === true ? "required" : "optional"}</td>
									</tr>
								))}
							</tbody>
						</table>
					</div>
				) : (
					<p>
						The token is the HMAC-SHA256 of the visitor’s <code>{contract.message.field}</code>, as hexadecimal digits.
					</p>
				)}
				<h3>The vendor’s documentation</h3>
				<ul>
					{contract.documentation.map((page) => (
						<li>
							<a href={page} rel="noreferrer">
								{page}
							</a>
						</li>
					))}
				</ul>
			</section>
		</Page>
	);
}
