import { type ErrorCode, runDetached } from "../base/index.ts";
import { describeError, logFailure } from "../http/index.ts";
import type { VerificationCode } from "./codes.ts";

/** What became of one token: for logs, audit and traces. Apart from `error` it holds no token, no secret and no value of a claim. */
export interface VerifyEvent {
	/** `refused`: the token is not what it should be. `failed`: a look-up or the configuration (5xx). */
	readonly outcome: "verified" | "refused" | "failed";
	readonly code?: VerificationCode | ErrorCode | undefined;
	/** The name of the claim that the code is about. */
	readonly claim?: string | undefined;
	/** What exactly was wrong, for whoever runs the server. */
	readonly detail?: string | undefined;
	/** The class of the error behind it. */
	readonly cause?: string | undefined;
	/** The id of the contract. */
	readonly widget: string;
	/** The tenant that the caller named. */
	readonly tenant?: string | undefined;
	readonly durationMs: number;
	/** What was thrown, of a verification that failed. **Sensitive** and not enumerable, as in `TokenEvent`. */
	readonly error?: unknown;
}

/** Receives the events. Neither a throw nor a rejection nor its slowness reaches the verification. */
export type OnVerifyEvent = (event: VerifyEvent) => unknown;

/** Reports an event. An observer that fails, or is slow, is not the visitor's problem. */
export function emitVerifyEvent(onEvent: OnVerifyEvent, event: Omit<VerifyEvent, "error">, error?: unknown): void {
	const complete: VerifyEvent = Object.freeze(Object.defineProperty({ ...event }, "error", { value: error }));
	runDetached(() => onEvent(complete));
}

/** Reports an outage, or a mistake in the configuration. */
export function emitFailure(
	onEvent: OnVerifyEvent,
	error: unknown,
	{ startedAt, ...about }: Pick<VerifyEvent, "widget" | "tenant"> & { readonly startedAt: number },
): void {
	emitVerifyEvent(onEvent, { ...describeError(error), outcome: "failed", ...about, durationMs: performance.now() - startedAt }, error);
}

/** The observer that is used when none is given: failures go to the console, or nobody would learn of them. */
export function logVerifyFailures(event: VerifyEvent): void {
	if (event.outcome === "failed") logFailure(event, event.error);
}
