import { attempt } from "./attempt.ts";
import { age, freshFor, type HeldToken, isValid, never } from "./held-token.ts";
import { TokenSessionError } from "./session-error.ts";
import {
	expired,
	idle,
	signedOut,
	type TokenSession,
	type TokenSessionEvent,
	type TokenSessionOptions,
	type TokenState,
} from "./session-state.ts";
import type { TokenAnswer } from "./token-request.ts";

interface Message {
	readonly was?: string | undefined;
	readonly is?: string | undefined;
	readonly ended?: boolean;
}

/**
 * Makes a token session: fetches a token when it is asked for, once for all who ask, replaces it before it expires, and
 * never hands out that of an earlier user.
 *
 * A token counts from the start of its request, on the monotonic or the wall clock, whichever is further; it is replaced
 * 30 s, or a fifth of its lifetime, before it expires. Requests are at least 2 s apart and may take 15 s. Nothing happens
 * before the first call, so it may be made while rendering on the server, where `getToken` gives null.
 *
 * Import from `@widget-token/client`.
 *
 * @example
 * ```ts
 * import { createTokenSession } from "@widget-token/client";
 *
 * export const session = createTokenSession({ endpoint: "/api/widget-token" });
 * ```
 */
export function createTokenSession(options: TokenSessionOptions): TokenSession {
	const floor = 2000;
	const longestPause = 300_000;
	const longestTimer = 1e9;
	const longestMemory = 100;

	const unreachable = "The token endpoint cannot be reached. Check its address and `allowedOrigins`.";
	const cached = "The token endpoint gives an old token, as from a cache. Exempt it from every cache.";

	const listeners = new Set<{ listener: (state: TokenState) => void; fresh: (() => unknown) | undefined }>();
	// The tokens that have come: a cache may bring back any of them, not only the last.
	const seen = new Map<string, HeldToken>();
	const life = new AbortController();
	// Aborted once the user it stands for has gone: what was begun for that user is void.
	let user = new AbortController();
	let state = idle;
	let key: string | undefined;
	let isOver = false;
	let isActive = false;
	let channel: BroadcastChannel | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let flight: Promise<void> | undefined;
	let held: HeldToken | undefined;
	let error: TokenSessionError | undefined;
	let failures = 0;
	let notBefore = 0;
	let askedAt = -never;

	const emit = (event: TokenSessionEvent): void => {
		try {
			options.onEvent?.(event);
		} catch {}
	};

	const hasLapsed = (): boolean => state.status === "signed_in" && !isValid(held);
	const gate = (): number => Math.max(askedAt + floor, notBefore);

	function publish(next: TokenState): void {
		state = next;
		for (const { listener } of [...listeners]) {
			// A listener may have signed out: those after it must not be told of what is no more.
			if (state !== next) return;
			try {
				listener(next);
			} catch (cause) {
				void Promise.reject(cause);
			}
		}
		check();
	}

	function forget(): void {
		user.abort();
		user = new AbortController();
		flight = held = undefined;
		forgive();
		askedAt = -never;
	}

	function leave(by: "page" | "tab" | "endpoint"): void {
		forget();
		isOver = true;
		emit({ type: "signed_out", by });
		publish(signedOut);
	}

	function fail(cause: unknown): void {
		error =
			cause instanceof TokenSessionError ? cause : new TokenSessionError("network_failed", unreachable, { cause, retryAfterSeconds: 0 });
		const { retryAfterSeconds = never } = error;
		notBefore = performance.now() + Math.max(1, retryAfterSeconds * 1000, Math.random() * Math.min(longestPause, 1000 * 2 ** ++failures));
		emit({ type: "failed", error });
		if (isValid(held)) return check();
		held = undefined;
		publish({ status: "failed", error });
	}

	function accept(token: string, { lifetime, since }: TokenAnswer): void {
		const lead = Math.min(30_000, lifetime / 5);
		let next: HeldToken = { token, since, stale: lifetime - lead, expired: lifetime - Math.min(1000, lead) };
		const known = seen.get(token);
		// It is as old as it was then, whatever the answer says.
		if (known && freshFor(known) < freshFor(next)) next = known;
		if (freshFor(next) <= 0) return fail(new TokenSessionError("token_repeated", cached, { retryAfterSeconds: 0 }));
		emit({ type: "received", expiresInSeconds: lifetime / 1000 });
		held = next;
		if (seen.size > longestMemory) seen.clear();
		seen.set(token, next);
		forgive();
		publish({ status: "signed_in", token });
	}

	function forgive(): void {
		error = undefined;
		failures = notBefore = 0;
	}

	async function refresh(): Promise<void> {
		const { signal } = user;
		let answer: TokenAnswer | undefined;
		let cause: unknown;
		try {
			answer = await attempt(options, signal, gate() - performance.now());
		} catch (thrown) {
			cause = thrown;
		}
		// Too late: this is the answer for somebody who has gone.
		if (signal.aborted) return;
		flight = undefined;
		askedAt = performance.now();
		if (!answer) fail(cause);
		else if (answer.token === null) leave("endpoint");
		else accept(answer.token, answer);
	}

	// Brings the timer in line with what is known; called after each change and whenever the browser may have slept.
	function check(): void {
		clearTimeout(timer);
		if (!isActive || isOver || flight || ![...listeners].some(({ fresh }) => fresh?.())) return;
		if (hasLapsed()) {
			held = undefined;
			return publish(error ? { status: "failed", error } : expired);
		}
		const due = Math.max(held && !error ? freshFor(held) : 0, gate() - performance.now());
		const next = Math.min(due, held ? held.expired - age(held.since) : never);
		if (due <= 0) flight = refresh();
		else if (next < never) timer = setTimeout(check, Math.min(next, longestTimer));
	}

	// A session on the server belongs to no visitor, so it stays inert there.
	function activate(): void {
		if (isActive || !globalThis.document) return;
		isActive = true;
		const wake = ({ type, persisted }: Event & { readonly persisted?: boolean }): void => {
			// The page comes back from the back/forward cache: anybody may be signed in by now.
			if (persisted) held = undefined;
			if (type === "online" && error?.code === "network_failed") notBefore = 0;
			check();
		};
		for (const type of ["visibilitychange", "pageshow", "online"]) addEventListener(type, wake, { signal: life.signal });
		channel = new BroadcastChannel("widget-token");
		channel.onmessage = ({ data: { was, is, ended } }: MessageEvent<Message>) => {
			if (isOver) {
				if (ended) publish(signedOut);
			} else if (is && !key) {
				forget();
				publish(idle);
			} else if (is ? is !== key : !ended && (!was || !key || was === key)) {
				leave("tab");
			}
		};
	}

	return {
		get state() {
			return hasLapsed() ? expired : state;
		},
		async getToken({ rejected, retry } = {}) {
			activate();
			if (held && held.token === rejected) held.since = [-never, -never];
			if (retry) forgive();
			for (;;) {
				if (isOver || !isActive) return null;
				if (held && freshFor(held) > 0) return held.token;
				if (!error || performance.now() >= gate()) {
					flight ??= refresh();
					// Somebody else may be signed in after that, or nobody: what follows is about whoever is there by then.
					await flight;
				}
				if (isValid(held)) return held.token;
				if (error) throw error;
			}
		},
		identify(next) {
			if (life.signal.aborted) return;
			activate();
			if (next === key && !isOver) {
				forgive();
				return check();
			}
			const was = key;
			channel?.postMessage({ was, is: next } satisfies Message);
			forget();
			key = next;
			isOver = false;
			publish(idle);
			if (was && state === idle) publish(idle);
		},
		async signOut(end) {
			if (!isOver) {
				if (key ?? seen.size) channel?.postMessage({ was: key } satisfies Message);
				leave("page");
			}
			if (!end) return;
			const { signal } = user;
			await end();
			channel?.postMessage({ ended: true } satisfies Message);
			if (!signal.aborted) publish(signedOut);
		},
		subscribe(listener, { fresh } = {}) {
			const entry = { listener, fresh };
			activate();
			listeners.add(entry);
			check();
			return () => {
				listeners.delete(entry);
				check();
			};
		},
		dispose() {
			forget();
			isOver = isActive = true;
			clearTimeout(timer);
			life.abort();
			channel?.close();
			key = channel = undefined;
			listeners.clear();
		},
	};
}
