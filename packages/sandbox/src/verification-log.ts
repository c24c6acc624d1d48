import type { VerificationReport } from "./verification-report.ts";

/** The last verifications, in memory only. */
export interface VerificationLog {
	add(report: VerificationReport): void;
	get(id: string): VerificationReport | undefined;
	/** Newest first. */
	list(): readonly VerificationReport[];
	/** Calls back for each new report, until the returned function is called. */
	subscribe(listener: (report: VerificationReport) => void): () => void;
}

/** Keeps as many reports as `limit` says. */
export function createVerificationLog(limit: number): VerificationLog {
	const reports = new Map<string, VerificationReport>();
	const listeners = new Set<(report: VerificationReport) => void>();
	return {
		add: (report) => {
			reports.set(report.id, report);
			const oldest = reports.keys().next();
			if (reports.size > limit && !oldest.done) reports.delete(oldest.value);
			for (const listener of listeners) listener(report);
		},
		get: (id) => reports.get(id),
		list: () => [...reports.values()].reverse(),
		subscribe: (listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}
