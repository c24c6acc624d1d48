import { type ErrorCode, readMember, runDetached, WidgetTokenError } from "../base/index.ts";
import type { Identity } from "../identity/index.ts";
import { className, logFailure } from "./failure-log.ts";
import { hashSubject } from "./subject.ts";

/** What became of one request: for logs, audit and traces. Apart from `error` it holds no token, no secret and no claim. */
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
	/**
	 * What was thrown, of a request that was refused or failed. **Sensitive**: the message of an SDK may hold a token or
	 * personal data. Not enumerable, so a log of the whole event leaves it out.
	 */
	readonly error?: unknown;
}

/** Receives the events. Neither a throw nor a rejection nor its slowness reaches the request. */
export type OnEvent = (event: TokenEvent) => unknown;

/** Reports an event. An observer that fails, or is slow, is not the visitor's problem. */
export async function emit(
	onEvent: OnEvent,
	event: Omit<TokenEvent, "provider" | "subject" | "error">,
	{ identity, error }: { readonly identity: Identity | null | undefined; readonly error?: unknown },
): Promise<void> {
	const complete: TokenEvent = Object.defineProperty({ ...event, ...(await describeUser(identity)) }, "error", { value: error });
	runDetached(() => onEvent(Object.freeze(complete)));
}

/** What an error adds to an event: its code, detail and the name of its cause, never a message that is not our own. */
export function describeError(error: unknown): Pick<TokenEvent, "outcome" | "code" | "detail" | "remedy" | "cause"> {
	if (!(error instanceof WidgetTokenError)) return { outcome: "failed", code: "internal_error", cause: className(error) };
	const { status, code, detail, remedy } = error;
	const cause = readMember(error, "cause");
	return { outcome: status < 500 ? "refused" : "failed", code, detail, remedy, cause: cause === undefined ? undefined : className(cause) };
}

/** The observer that is used when none is given: failures, and users whose profile the app maps wrongly, go to the console. */
export function logFailures(event: TokenEvent): void {
	if (event.outcome === "failed" || event.code === "identity_invalid") logFailure(event, event.error);
}

// An identity may be any object: reading it can fail.
async function describeUser(identity: Identity | null | undefined): Promise<Pick<TokenEvent, "provider" | "subject">> {
	try {
		return { provider: identity?.provider, subject: identity ? await hashSubject(identity) : undefined };
	} catch {
		return { provider: undefined, subject: undefined };
	}
}
