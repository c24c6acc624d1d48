import type { ErrorCode } from "./error-codes.ts";
import { describeError } from "./event.ts";
import type { VerificationCode } from "./verify-codes.ts";

/** What became of one token: for logs, audit and traces. It holds no token, no secret and no value of a claim. */
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
}

/** Receives the events. Neither a throw nor a rejection nor its slowness reaches the verification. */
export type OnVerifyEvent = (event: VerifyEvent) => unknown;

/** Reports an event. */
export function emitVerifyEvent(onEvent: OnVerifyEvent, event: VerifyEvent): void {
	// An observer that fails is not the visitor's problem.
	try {
		Promise.resolve(onEvent(Object.freeze(event))).catch(() => undefined);
	} catch {}
}

/** What an outage or a mistake in the configuration adds to an event. */
export function describeFailure(error: unknown): Pick<VerifyEvent, "outcome" | "code" | "detail" | "cause"> {
	return { ...describeError(error), outcome: "failed" };
}

/** The observer that is used when none is given: failures go to the console, or nobody would learn of them. */
export function logVerifyFailures({ outcome, code, widget, detail, cause }: VerifyEvent): void {
	if (outcome !== "failed") return;
	const parts = [widget, detail, cause && `caused by ${cause}`].filter(Boolean).join(", ");
	console.error(`[widget-token] ${code}: ${parts}`);
}
