import { withDeadline } from "./deadline.ts";
import { WidgetTokenError } from "./errors.ts";
import type { Identity } from "./identity.ts";
import { nameSubject } from "./subject.ts";

/** A rate limiter in the shape of `rate-limiter-flexible`: `consume` rejects with `msBeforeNext` when the key is over its limit. */
export interface RateLimiter {
	consume(key: string): Promise<unknown>;
}

const timeoutMilliseconds = 5_000;

/** Counts one request of the user; refuses with `rate_limited`. A limiter that fails by itself, or does not answer, refuses too, as an outage. */
export async function checkRate(limiter: RateLimiter, identity: Identity): Promise<void> {
	const key = nameSubject(identity);
	try {
		await withDeadline(timeoutMilliseconds, unanswered, () => limiter.consume(key));
	} catch (cause) {
		if (cause instanceof WidgetTokenError) throw cause;
		const milliseconds = (cause as { msBeforeNext?: unknown } | null)?.msBeforeNext;
		if (typeof milliseconds !== "number") throw new WidgetTokenError("limiter_unavailable", { cause });
		throw new WidgetTokenError("rate_limited", { retryAfterSeconds: Math.max(1, Math.ceil(milliseconds / 1000)) });
	}
}

function unanswered(): WidgetTokenError {
	return new WidgetTokenError("limiter_unavailable", { detail: `no answer within ${timeoutMilliseconds} ms` });
}
