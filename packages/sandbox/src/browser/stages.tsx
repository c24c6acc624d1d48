import type { JSX } from "preact";
import { CodeText } from "../components/code-text.tsx";
import { formatTime } from "../time-text.ts";
import { type Stage, type StageEntry, stages, type Timeline } from "./timeline.ts";

/** The way of the token, stage by stage. */
export function Stages({ timeline }: { readonly timeline: Timeline }): JSX.Element {
	return (
		<>
			<h3 id="stages-title">The way of the token</h3>
			<ol class="stages" aria-labelledby="stages-title">
				{stages.map((stage) => (
					<StageItem stage={stage} entry={timeline[stage]} />
				))}
			</ol>
		</>
	);
}

function StageItem({ stage, entry }: { readonly stage: Stage; readonly entry: StageEntry | undefined }): JSX.Element {
	const outcome = entry?.outcome ?? "waiting";
	return (
		<li class={`stage ${outcome}`}>
			<span class="stage-mark" aria-hidden="true">
				{marks[outcome]}
			</span>
			<span class="stage-name">{stage}</span>
			{entry === undefined ? (
				<span class="unseen">not yet</span>
			) : (
				<span class="stage-detail">
					<span class="unseen">{outcome}: </span>
					<CodeText text={entry.detail} />
					<span class="quiet">
						{" "}
						{formatTime(entry.at)}
						{stage === "refreshed" && entry.count > 1 ? `, ${entry.count} times` : ""}
					</span>
				</span>
			)}
		</li>
	);
}

const marks = { done: "✓", failed: "✗", waiting: "" } as const;
