import type { JSX } from "preact";
import { Badge } from "../components/badge.tsx";
import { ClaimsTable } from "../components/claims-table.tsx";
import { CodeText } from "../components/code-text.tsx";
import { escapeOpaque } from "../invisible.ts";
import { formatTime } from "../time-text.ts";
import type { VerificationReport } from "../verification-report.ts";

/** One verification of the list; its details open on demand. */
export function VerificationItem({
	report,
	widgetName,
}: {
	readonly report: VerificationReport;
	readonly widgetName: string;
}): JSX.Element {
	const { refusal } = report;
	return (
		<li class="verification" id={`verification-${report.id}`}>
			<details>
				<summary>
					<time datetime={new Date(report.at).toISOString()}>{formatTime(report.at)}</time>
					<span class="verification-widget">{widgetName}</span>
					<Badge status={report.verified ? "verified" : "anonymous"} />
					<span class="verification-what">
						{refusal === undefined ? escapeOpaque(report.visitor ?? "") : <CodeText text={refusal.title} />}
					</span>
				</summary>
				<div class="verification-body">
					{refusal === undefined ? null : (
						<p class="remedy">
							<code>{refusal.code}</code> <span class="quiet">({refusal.reason})</span>
							{refusal.claim === undefined ? null : (
								<>
									{" "}
									in <code>{refusal.claim}</code>
								</>
							)}
							. <CodeText text={[refusal.remedy, refusal.hint].filter(Boolean).join(" ")} />
						</p>
					)}
					{report.findings.length === 0 ? (
						<p>What was sent cannot be read as a token.</p>
					) : (
						<div class="scroll" role="group" aria-label="Claims" tabindex={0}>
							<ClaimsTable findings={report.findings} />
						</div>
					)}
					{report.signedWith === undefined ? null : (
						<p class="quiet">
							Signed with <CodeText text={report.signedWith} />.
						</p>
					)}
					{report.page === undefined ? null : <p class="quiet">Sent by a page of {report.page}.</p>}
				</div>
			</details>
		</li>
	);
}
