import type { ClaimVerdict } from "@widget-token/core/verify";
import type { JSX } from "preact";
import type { ClaimFinding } from "../claim-findings.ts";
import { escapeOpaque } from "../invisible.ts";
import { formatMoment } from "../time-text.ts";
import { CodeText } from "./code-text.tsx";

/** Each claim of a token held against the contract, what is wrong first. The roles keep it a table where a narrow screen stacks its cells. */
export function ClaimsTable({ findings }: { readonly findings: readonly ClaimFinding[] }): JSX.Element {
	return (
		<table class="claims" role="table">
			<thead>
				<tr role="row">
					<th scope="col" role="columnheader">
						Claim
					</th>
					<th scope="col" role="columnheader">
						In the token
					</th>
					<th scope="col" role="columnheader">
						The contract asks for
					</th>
				</tr>
			</thead>
			<tbody>
				{[...findings].sort(problemsFirst).map((finding) => (
					<tr role="row" class={`claim-${finding.verdict}`}>
						<th scope="row" role="rowheader">
							<code>{escapeOpaque(finding.name)}</code>
							<Verdict {...finding} />
						</th>
						<td role="cell">{finding.value === undefined ? <span class="quiet">not there</span> : <code>{formatValue(finding)}</code>}</td>
						<td role="cell">
							{finding.expected}
							{finding.required ? <span class="quiet"> (required)</span> : null}
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

function problemsFirst(a: ClaimFinding, b: ClaimFinding): number {
	return Number(isProblem(b)) - Number(isProblem(a));
}

function isProblem({ verdict }: ClaimFinding): boolean {
	return verdict === "wrong" || verdict === "missing";
}

function Verdict({ verdict, note }: ClaimFinding): JSX.Element {
	return (
		<span class="verdict">
			<span aria-hidden="true">{signs[verdict]} </span>
			<CodeText text={note ?? words[verdict]} />
		</span>
	);
}

const signs: Readonly<Record<ClaimVerdict, string>> = { ok: "✓", absent: "–", missing: "✗", wrong: "✗", extra: "·", unjudged: "?" };
const words: Readonly<Record<ClaimVerdict, string>> = {
	ok: "fits",
	absent: "optional",
	missing: "missing",
	wrong: "wrong",
	extra: "ignored",
	unjudged: "not judged",
};

function formatValue({ value, isTime }: ClaimFinding): string {
	if (isTime && typeof value === "number" && value < 1e11) return `${value} (${formatMoment(value * 1000, Date.now())})`;
	return escapeOpaque(typeof value === "string" ? value : JSON.stringify(value));
}
