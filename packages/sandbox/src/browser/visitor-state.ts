import type { VerificationReport } from "../verification-report.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { type Timeline, withStage } from "./timeline.ts";

/** Who the widget takes the visitor for. */
export interface VisitorState {
	readonly status: "anonymous" | "checking" | "verified";
	/** Only of a verified visitor. */
	readonly name: string | undefined;
	readonly diagnosis: Diagnosis;
	/** The last verification. */
	readonly report: VerificationReport | undefined;
	/** Milliseconds since the epoch, by the browser's clock; undefined for a token without an end. */
	readonly expiresAt: number | undefined;
	readonly timeline: Timeline;
}

/** The timeline with what the vendor found in the token itself. It was that already when it was handed over. */
export function withValidity(timeline: Timeline, { findings, refusal }: VerificationReport): Timeline {
	const at = timeline.delivered?.at;
	const problem = findings.find(({ verdict }) => verdict === "wrong" || verdict === "missing");
	if (findings.length === 0) return withStage(timeline, "valid", "failed", refusal?.title ?? "It cannot be read", at);
	if (problem !== undefined) return withStage(timeline, "valid", "failed", `${problem.name}: ${problem.note ?? problem.verdict}`, at);
	return withStage(timeline, "valid", "done", "Every claim fits the contract", at);
}
