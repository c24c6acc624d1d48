import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Badge } from "../components/badge.tsx";
import { ClaimsTable } from "../components/claims-table.tsx";
import { CodeText } from "../components/code-text.tsx";
import { escapeLines } from "../invisible.ts";
import { onEscape } from "./escape.ts";
import { Stages } from "./stages.tsx";
import type { Surface } from "./surface.ts";
import { TimeLeft } from "./time-left.tsx";
import { useStore } from "./use-store.ts";

/** Answers the question of every integrator: why is my visitor anonymous? */
export function Panel({ surface, onClose }: { readonly surface: Surface; readonly onClose: () => void }): JSX.Element {
	const { status, name, diagnosis, report, expiresAt, timeline } = useStore(surface.visitor.state);
	const { notices } = useStore(surface.view);
	const heading = useRef<HTMLHeadingElement>(null);
	useEffect(() => heading.current?.focus(), []);
	return (
		<section class="window panel" id="panel" role="dialog" aria-labelledby="panel-title" onKeyDown={onEscape(onClose)}>
			<div class="head">
				<h2 id="panel-title" tabindex={-1} ref={heading}>
					Why is my visitor {status === "verified" ? "verified" : "anonymous"}?
				</h2>
				<button type="button" class="round plain" aria-label="Close the panel" onClick={onClose}>
					<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
						<path d="M4 4l8 8M12 4l-8 8" />
					</svg>
				</button>
			</div>
			<div class="panel-body">
				{notices.map((notice) => (
					<p class="notice">{notice}</p>
				))}
				<div class={`verdict-box ${status}`}>
					<p class="visitor">
						{name === undefined ? null : <span class="visitor-name">{name}</span>} <Badge status={status} />
					</p>
					{status === "checking" ? (
						<p>The vendor’s server is being asked …</p>
					) : (
						<>
							<p class="reason">
								<CodeText text={diagnosis.title} />
								{diagnosis.detail === undefined || diagnosis.title.includes(diagnosis.detail) ? null : (
									<>
										: <code>{diagnosis.detail}</code>
									</>
								)}
							</p>
							<p>
								<CodeText text={diagnosis.remedy} />
							</p>
							<p class="quiet">
								<code>{diagnosis.code}</code>
								{report?.refusal === undefined || status === "verified" ? null : (
									<>
										{" "}
										· the vendor’s reason: <code>{report.refusal.reason}</code>
									</>
								)}
							</p>
							{report?.signedWith === undefined ? null : (
								<p class="quiet">
									Signed with <CodeText text={report.signedWith} />.
								</p>
							)}
						</>
					)}
				</div>
				<Stages timeline={timeline} />
				{expiresAt === undefined || report === undefined ? null : (
					<TimeLeft expiresAt={expiresAt} lifetimeSeconds={report.lifetimeSeconds} />
				)}
				{report === undefined ? null : (
					<>
						<h3 id="claims-title">Each claim against the contract</h3>
						{report.findings.length === 0 ? (
							<p>What was handed over cannot be read as a token.</p>
						) : (
							<div class="scroll" role="group" aria-labelledby="claims-title" tabindex={0}>
								<ClaimsTable findings={report.findings} />
							</div>
						)}
						{report.payload === null && report.header === null ? null : (
							<details>
								<summary>The token, decoded</summary>
								<pre class="scroll" role="group" aria-label="The token, decoded" tabindex={0}>
									{escapeLines(`${JSON.stringify(report.header, null, 2)}\n.\n${JSON.stringify(report.payload, null, 2)}\n.\n[signature]`)}
								</pre>
							</details>
						)}
					</>
				)}
				<p>
					<a href={`${surface.origin}/#verifications`} target="_blank" rel="noreferrer">
						All verifications (opens the sandbox)
					</a>
				</p>
			</div>
		</section>
	);
}
