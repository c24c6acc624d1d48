import { type ErrorCode, errorCodes } from "./error-codes.ts";

/** Details of a {@link WidgetTokenError}; none may hold a token, a secret or the value of a claim. */
export interface WidgetTokenErrorOptions {
	/** What exactly is wrong and where: the name of an option, a variable or a claim. */
	readonly detail?: string;
	/** How to fix it, where the code's own remedy can be made more exact. */
	readonly remedy?: string;
	/** Seconds until a new attempt makes sense; sent as `Retry-After`. Default: 5 for a status of 503. */
	readonly retryAfterSeconds?: number;
	/** The error behind this one. It stays on the server. */
	readonly cause?: unknown;
}

/**
 * The one error class of widget-token, told apart by its `code`.
 *
 * The message names what is wrong, where and what to do; it never holds a token, a secret or the value of a claim.
 *
 * @example
 * ```ts
 * import { WidgetTokenError } from "@widget-token/core";
 *
 * throw new WidgetTokenError("user_disabled", { detail: "the account was closed" });
 * ```
 */
export class WidgetTokenError extends Error {
	// Nothing but the constructor can add a private member: no proxy and no changed prototype has it.
	// oxlint-disable-next-line no-unused-private-class-members -- `in` uses it
	readonly #isOurs = true;

	/** Whether a value is one of these errors. It reads nothing of the value, so nothing that is thrown can make it fail. */
	static override [Symbol.hasInstance](value: unknown): value is WidgetTokenError {
		if (typeof value !== "object" || value === null || !(#isOurs in value)) return false;
		// biome-ignore lint/complexity/noThisInStatic: a subclass inherits this function, and only its own errors are its instances.
		return this === WidgetTokenError || Object.prototype.isPrototypeOf.call(this.prototype, value);
	}

	override readonly name = "WidgetTokenError";
	readonly code: ErrorCode;
	/** The HTTP status that the endpoint answers with. */
	readonly status: number;
	/** A sentence that is safe to show to anybody. */
	readonly title: string;
	readonly remedy: string;
	readonly detail: string | undefined;
	readonly retryAfterSeconds: number | undefined;

	constructor(code: ErrorCode, options: WidgetTokenErrorOptions = {}) {
		const { status, title, remedy } = errorCodes[code];
		super(
			`${options.detail === undefined ? title : `${title}: ${options.detail}`}. ${options.remedy ?? remedy} (${code})`,
			options.cause === undefined ? undefined : { cause: options.cause },
		);
		this.code = code;
		this.status = status;
		this.title = title;
		this.remedy = options.remedy ?? remedy;
		this.detail = options.detail;
		// It may come from another server's header.
		const isUsable = Number.isFinite(options.retryAfterSeconds) && (options.retryAfterSeconds as number) > 0;
		this.retryAfterSeconds = isUsable ? options.retryAfterSeconds : status === 503 ? 5 : undefined;
		// What the answer is made from cannot become a getter that throws.
		for (const member of fixed) Object.defineProperty(this, member, { writable: false, configurable: false });
	}
}

const fixed = ["code", "status", "title", "remedy", "detail", "retryAfterSeconds"] as const;
