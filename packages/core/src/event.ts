import type { ErrorCode } from "./error-codes.ts";
import { WidgetTokenError } from "./errors.ts";
import type { Identity } from "./identity.ts";
import { hashSubject } from "./subject.ts";

/** What became of one request: for logs, audit and traces. It holds no token, no secret and no claim. */
export interface TokenEvent {
	/** `refused`: the visitor or the page may not have a token (4xx). `failed`: the configuration or a provider (5xx). */
	readonly outcome: "minted" | "signed_out" | "refused" | "failed";
	readonly code?: ErrorCode | undefined;
	/** What exactly was wrong, for whoever runs the server. */
	readonly detail?: string | undefined;
	/** What to do about it. */
	readonly remedy?: string | undefined;
	/** The class of the error behind it, such as `FirebaseAuthError`. */
	readonly cause?: string | undefined;
	/** The id of the contract. */
	readonly widget?: string | undefined;
	readonly provider?: string | undefined;
	/** The SHA-256 of provider and id, shortened: tells users apart without naming them. Undefined for an id that cannot be signed. */
	readonly subject?: string | undefined;
	readonly durationMs: number;
}

/** Receives the events. Neither a throw nor a rejection nor its slowness reaches the request. */
export type OnEvent = (event: TokenEvent) => unknown;

/** Reports an event. */
export async function emit(onEvent: OnEvent, event: Omit<TokenEvent, "subject">, identity: Identity | null | undefined): Promise<void> {
	// An observer that fails, or is slow, is not the visitor's problem.
	try {
		const subject = identity ? await hashSubject(identity) : undefined;
		Promise.resolve(onEvent(Object.freeze({ ...event, subject }))).catch(() => undefined);
	} catch {}
}

/** What an error adds to an event: its code, detail and the name of its cause, never a message that is not our own. */
export function describeError(error: unknown): Pick<TokenEvent, "outcome" | "code" | "detail" | "remedy" | "cause"> {
	if (!(error instanceof WidgetTokenError)) return { outcome: "failed", code: "internal_error", cause: className(error) };
	const { status, code, detail, remedy, cause } = error;
	return { outcome: status < 500 ? "refused" : "failed", code, detail, remedy, cause: cause === undefined ? undefined : className(cause) };
}

/** The observer that is used when none is given: failures go to the console, or nobody would learn of them. */
export function logFailures({ outcome, code, widget, detail, remedy, cause }: TokenEvent): void {
	if (outcome !== "failed") return;
	const parts = [widget, detail, cause && `caused by ${cause}`].filter(Boolean).join(", ");
	console.error([`[widget-token] ${code}`, parts === "" ? "" : `: ${parts}`, remedy === undefined ? "" : `. ${remedy}`].join(""));
}

function className(error: unknown): string {
	return error instanceof Error ? error.constructor.name : typeof error;
}
