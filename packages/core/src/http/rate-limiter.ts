import { callWithin, readMember, toWidgetTokenError, WidgetTokenError } from "../base/index.ts";
import type { Identity } from "../identity/index.ts";
import { nameSubject } from "./subject.ts";

/** A rate limiter in the shape of `rate-limiter-flexible`: `consume` rejects with `msBeforeNext` when the key is over its limit. */
export interface RateLimiter {
	consume(key: string): Promise<unknown>;
}

/** Counts one request of the user; refuses with `rate_limited`. A limiter that fails by itself, or does not answer, refuses too, as an outage. */
export async function checkRate(limiter: RateLimiter, identity: Identity): Promise<void> {
	const key = nameSubject(identity);
	try {
		await callWithin({ what: "the rate limiter", late: "limiter_unavailable" }, () => limiter.consume(key));
	} catch (thrown) {
		const milliseconds = readMember(thrown, "msBeforeNext");
		if (typeof milliseconds !== "number") throw toWidgetTokenError(thrown, "limiter_unavailable");
		throw new WidgetTokenError("rate_limited", { retryAfterSeconds: Math.max(1, Math.ceil(milliseconds / 1000)) });
	}
}
