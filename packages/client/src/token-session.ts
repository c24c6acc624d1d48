import { attempt } from "./attempt.ts";
import { early, type KnownToken, late, left, never } from "./known-token.ts";
import { cachedAnswer, type TokenSessionError } from "./session-error.ts";
import {
	expired,
	idle,
	signedOut,
	type TokenSession,
	type TokenSessionEvent,
	type TokenSessionOptions,
	type TokenState,
} from "./session-state.ts";
import type { TabEvent } from "./tab-event.ts";
import type { TokenAnswer } from "./token-request.ts";

/**
 * Makes a token session: fetches a token when it is asked for, once for all who ask, replaces it before it expires, and
 * never hands out the token of an earlier user, not even when a cache brings it back.
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

	const listeners = new Set<readonly [listener: (state: TokenState) => void, fresh: (() => unknown) | undefined]>();
	const life = new AbortController();
	// Aborted once the user it stands for has gone: what was begun for that user is void.
	let user = new AbortController();
	let state = idle;
	// Empty while no user is named.
	let key = "";
	let channel: BroadcastChannel | undefined;
	let isActive = false;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let flight: Promise<void> | undefined;
	// That of the token in `state`.
	let held: KnownToken | undefined;
	// The tokens of the last answers: a cache may bring back any of them.
	let seen: KnownToken[] = [];
	let error: TokenSessionError | undefined;
	let failures = 0;
	let notBefore = 0;
	let askedAt = -never;

	const emit = (event: TokenSessionEvent): void => {
		try {
			options.onEvent?.(event);
		} catch {}
	};

	const tell = (type: TabEvent["type"]): void => {
		try {
			channel?.postMessage({ type, user: key } satisfies TabEvent);
		} catch {}
	};
	const hasLapsed = (): boolean => !!state.token && !(left(held, late) > 0);
	// Milliseconds until the endpoint may be asked.
	const pause = (): number => Math.max(askedAt + floor, notBefore) - performance.now();

	function publish(next: TokenState, event?: TokenSessionEvent): void {
		state = next;
		if (event) emit(event);
		for (const [listener] of [...listeners]) {
			// The observer, or a listener, may have signed out: those after it must not receive a stale state.
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

	function begin(): void {
		forget();
		publish(idle);
	}

	function leave(by: "page" | "tab" | "endpoint"): void {
		forget();
		publish(signedOut, { type: "signed_out", by });
	}

	function fail(failure: TokenSessionError): void {
		error = failure;
		const { retryAfterSeconds = 0 } = error;
		notBefore = performance.now() + Math.max(retryAfterSeconds * 1000, Math.random() * Math.min(longestPause, 1000 * 2 ** ++failures));
		const event = { type: "failed", error } as const;
		if (left(held, late) > 0) {
			emit(event);
			return check();
		}
		held = undefined;
		publish({ status: "failed", error }, event);
	}

	function accept({ token, lifetime, since, nonce }: TokenAnswer): void {
		const owner = key || user;
		const next: KnownToken = { mark: token.slice(-43), owner, since, lifetime };
		let known = seen.find(({ mark }) => mark === next.mark) ?? next;
		// It came before the user was named: only the endpoint itself, by the nonce, can say that it is theirs.
		if (nonce && typeof known.owner === "object") known.owner = owner;
		// A token that comes again is as old as it is, whatever the answer says.
		if (known.owner === owner && !(left(known, early) < left(next, early))) known = next;
		seen = [known, ...seen].slice(0, longestMemory);
		if (known.owner !== owner || left(known, early) <= 0) return fail(cachedAnswer());
		held = known;
		forgive();
		publish({ status: "signed_in", token }, { type: "received", expiresInSeconds: lifetime / 1000 });
	}

	function forgive(): void {
		error = undefined;
		failures = notBefore = 0;
	}

	async function refresh(): Promise<void> {
		const { signal } = user;
		const answer = await attempt(options, signal, pause());
		// Too late: the answer is for a user who has left.
		if (signal.aborted) return;
		flight = undefined;
		askedAt = performance.now();
		if (!answer) leave("endpoint");
		else if (answer.code) fail(answer);
		else accept(answer);
	}

	// Brings the timer in line with what is known; called after each change and whenever the browser may have slept.
	function check(): void {
		clearTimeout(timer);
		if (!isActive || state === signedOut || flight || ![...listeners].some(([, fresh]) => fresh?.())) return;
		if (hasLapsed()) {
			held = undefined;
			return publish(error ? { status: "failed", error } : expired);
		}
		const due = Math.max(error ? 0 : left(held, early), pause());
		const next = held ? Math.min(due, left(held, late)) : due;
		if (due <= 0) flight = refresh();
		else if (next < never) timer = setTimeout(check, Math.min(next, longestTimer));
	}

	// A session on the server belongs to no visitor, so it stays inert there.
	function activate(): void {
		if (isActive || !globalThis.document) return;
		const wake = ({ type, persisted }: Event & { readonly persisted?: boolean }): void => {
			// The page comes back from the back/forward cache: another user may be signed in by now.
			if (persisted) forget();
			if (type === "online" && error?.code === "network_failed") notBefore = 0;
			check();
		};
		for (const type of ["visibilitychange", "pageshow", "online"]) addEventListener(type, wake, { signal: life.signal });
		isActive = true;
		// Where the browser has no channel, or refuses it as in a sandboxed frame, each tab is on its own.
		try {
			channel = new BroadcastChannel("widget-token");
			channel.onmessage = ({ data }) => {
				// Every script of the origin can post here.
				const { type, user: other } = Object(data);
				if (typeof other !== "string") return;
				if (state === signedOut) {
					if (type === "end") publish(signedOut);
				} else if (type === "identify") {
					if (!key) begin();
					else if (other !== key) leave("tab");
				} else if (type === "signed_out" && (!other || !key || other === key)) leave("tab");
			};
		} catch {}
	}

	return {
		get state() {
			return hasLapsed() ? expired : state;
		},
		async getToken({ rejected, retry } = {}) {
			activate();
			if (held && state.token === rejected) held.since = [-never, 0];
			if (retry) forgive();
			for (;;) {
				if (state === signedOut || !isActive) return null;
				if (left(held, early) > 0) return state.token as string;
				if (!error || pause() <= 0) {
					flight ??= refresh();
					// The user may be another one after that, or have left: what follows is about the present state.
					await flight;
				}
				if (left(held, late) > 0) return state.token as string;
				if (error) throw error;
			}
		},
		identify(next) {
			if (life.signal.aborted) return;
			activate();
			if (next === key && state !== signedOut) {
				forgive();
				return check();
			}
			const was = key;
			key = next;
			tell("identify");
			begin();
			if (was && state === idle) publish(idle);
		},
		async signOut(end) {
			if (state !== signedOut) {
				if (key || seen[0]) tell("signed_out");
				leave("page");
			}
			if (!end) return;
			await end();
			tell("end");
			if (state === signedOut) publish(signedOut);
		},
		subscribe(listener, { fresh } = {}) {
			const entry = [listener, fresh] as const;
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
			state = signedOut;
			isActive = true;
			check();
			life.abort();
			channel?.close();
			listeners.clear();
		},
	};
}
