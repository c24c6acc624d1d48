/** The way of a token, in its order. */
export const stages = ["fetched", "valid", "delivered", "accepted", "refreshed", "cleared"] as const;

export type Stage = (typeof stages)[number];

/** What is known of a stage. */
export interface StageEntry {
	readonly outcome: "done" | "failed";
	/** Milliseconds since the epoch; when it happened last. */
	readonly at: number;
	readonly detail: string;
	/** How often it has happened. */
	readonly count: number;
}

/** The stages that a token has reached. */
export type Timeline = Readonly<Partial<Record<Stage, StageEntry>>>;

/** The timeline with one more thing in it. */
export function withStage(
	timeline: Timeline,
	stage: Stage,
	outcome: StageEntry["outcome"],
	detail: string,
	at: number = Date.now(),
): Timeline {
	return { ...timeline, [stage]: { outcome, at, detail, count: (timeline[stage]?.count ?? 0) + 1 } };
}
