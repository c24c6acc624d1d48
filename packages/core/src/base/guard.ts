import type { ErrorCode } from "./error-codes.ts";
import { WidgetTokenError } from "./errors.ts";
import { isPromise } from "./promise.ts";

/** What bounds a call of a function that an integrator or an SDK supplies. */
export interface CallLimits {
	/** The function in the words of the log, such as "the function of the `keys` option". */
	readonly what: string;
	/** The code when it takes too long. */
	readonly late: ErrorCode;
	/** The code for whatever it throws that is not a `WidgetTokenError`. Default: that is thrown on as it is. */
	readonly failed?: ErrorCode | undefined;
	/** Default: 5,000. */
	readonly milliseconds?: number | undefined;
}

/**
 * Calls a function that an integrator or an SDK supplies, and waits for its promise no longer than allowed.
 *
 * A result that is not a promise is returned at once: it costs neither a promise nor a timer. What a late promise does
 * afterwards is ignored.
 */
export function callWithin<T>(limits: CallLimits, call: () => T | Promise<T>, onLate?: (error: WidgetTokenError) => void): T | Promise<T> {
	try {
		const result = call();
		return isPromise(result) ? settleWithin(limits, result, onLate) : result;
	} catch (thrown) {
		throw failureOf(thrown, limits);
	}
}

/** The same for a function that takes a signal, which is aborted when the time is over. */
export function callWithSignal<T>(limits: CallLimits, call: (context: { readonly signal: AbortSignal }) => T | Promise<T>): T | Promise<T> {
	const context = new SignalContext();
	return callWithin(
		limits,
		() => call(context),
		(error) => context.abort(error),
	);
}

// Most functions do not look at the signal, and making one takes longer than all else here.
class SignalContext {
	#controller: AbortController | undefined;

	get signal(): AbortSignal {
		this.#controller ??= createShieldedController();
		return this.#controller.signal;
	}

	abort(reason: WidgetTokenError): void {
		this.#controller ??= createShieldedController();
		this.#controller.abort(reason);
	}
}

/** Calls a function whose result is used at once. A promise in its place is refused, and what becomes of it is ignored. */
export function callNow<T>(option: string, call: () => T): T {
	const result = call();
	if (!isPromise(result)) return result;
	runDetached(() => result);
	throw new WidgetTokenError("options_invalid", { detail: `\`${option}\` returned a promise` });
}

/** The error as one of ours; any other value, however it defends itself against being read, becomes the `cause` of a new one. */
export function toWidgetTokenError(thrown: unknown, code: ErrorCode = "internal_error", detail?: string): WidgetTokenError {
	if (thrown instanceof WidgetTokenError) return thrown;
	return new WidgetTokenError(code, { ...(detail !== undefined && { detail }), cause: thrown });
}

/** A member of a value that may be anything: undefined also where reading it throws. */
export function readMember(value: unknown, name: string): unknown {
	try {
		return (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];
	} catch {
		return undefined;
	}
}

/** Runs something whose outcome nobody waits for. */
export function runDetached(work: () => unknown): void {
	(async () => void (await work()))().catch(() => undefined);
}

function settleWithin<T>(limits: CallLimits, result: Promise<T>, onLate?: (error: WidgetTokenError) => void): Promise<T> {
	const { what, late, milliseconds = 5_000 } = limits;
	return new Promise<T>((resolve, reject) => {
		const timer = setTimeout(() => {
			const error = new WidgetTokenError(late, { detail: `${what} did not answer within ${milliseconds} ms` });
			// First, so that this error wins over the one that the aborted work throws.
			reject(error);
			onLate?.(error);
		}, milliseconds);
		(async () => {
			try {
				resolve(await result);
			} catch (thrown) {
				reject(failureOf(thrown, limits));
			} finally {
				clearTimeout(timer);
			}
		})();
	});
}

function failureOf(thrown: unknown, { what, failed }: CallLimits): unknown {
	return failed === undefined ? thrown : toWidgetTokenError(thrown, failed, `${what} failed`);
}

// Node and Deno end the process when a listener throws or rejects, and nothing around abort() can catch it.
function createShieldedController(): AbortController {
	const controller = new AbortController();
	const { signal } = controller;
	const shields = new WeakMap<EventListenerOrEventListenerObject, EventListener>();
	const shield = (listener: EventListenerOrEventListenerObject): EventListener => {
		const shielded =
			shields.get(listener) ??
			((event) => runDetached(() => (typeof listener === "function" ? listener.call(signal, event) : listener.handleEvent(event))));
		shields.set(listener, shielded);
		return shielded;
	};
	for (const name of ["addEventListener", "removeEventListener"] as const) {
		const native = signal[name].bind(signal);
		signal[name] = (type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions) =>
			native(type, listener && shield(listener), options);
	}
	return controller;
}
