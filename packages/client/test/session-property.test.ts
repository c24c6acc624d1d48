import { createTokenSession, type TokenSession, TokenSessionError, type TokenState } from "@widget-token/client";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SimulatedBrowser } from "./simulated-browser.ts";

const runs = 10_000;
const floor = 2000;

type User = "ada" | "grace";
type Fate = "token" | "short" | "same" | "old" | "cached" | "expired" | "null" | "lost" | 403 | 429 | 500 | "html" | "redirect";

type Command =
	| { readonly do: "identify"; readonly tab: number; readonly user: User }
	| { readonly do: "signOut" | "ask" | "askFresh" | "reject" | "retry" | "dispose" | "restore"; readonly tab: number }
	| { readonly do: "tick" | "sleep" | "freeze"; readonly ms: number }
	| { readonly do: "setClock"; readonly ms: number }
	| { readonly do: "goOffline" | "goOnline" | "wake" };

const tab = fc.nat({ max: 1 });
const ms = fc.oneof(fc.nat({ max: 3000 }), fc.constantFrom(1, 999, 2000, 15_000, 48_000, 59_000, 60_000, 61_000, 600_000, 86_400_000));
const command: fc.Arbitrary<Command> = fc.oneof(
	{ weight: 4, arbitrary: fc.record({ do: fc.constant("identify" as const), tab, user: fc.constantFrom<User>("ada", "grace") }) },
	{ weight: 8, arbitrary: fc.record({ do: fc.constantFrom("ask" as const, "askFresh" as const), tab }) },
	{
		weight: 5,
		arbitrary: fc.record({ do: fc.constantFrom("signOut" as const, "reject" as const, "retry" as const, "restore" as const), tab }),
	},
	{ weight: 1, arbitrary: fc.record({ do: fc.constant("dispose" as const), tab }) },
	{ weight: 6, arbitrary: fc.record({ do: fc.constantFrom("tick" as const, "sleep" as const, "freeze" as const), ms }) },
	{
		weight: 2,
		arbitrary: fc.record({
			do: fc.constant("setClock" as const),
			ms: fc.oneof(fc.integer({ min: -5000, max: 5000 }), fc.constantFrom(-86_400_000, 86_400_000, 3.15e12, -3.15e12)),
		}),
	},
	{ weight: 3, arbitrary: fc.record({ do: fc.constantFrom("goOffline" as const, "goOnline" as const, "wake" as const) }) },
);
const fate = fc.oneof(
	{ weight: 6, arbitrary: fc.constant<Fate>("token") },
	fc.constantFrom<Fate>("short", "same", "old", "cached", "cached", "expired", "null", "lost", 403, 429, 500, "html", "redirect"),
);

interface Minted {
	readonly user: User;
	/** What the session may count from: both clocks of the browser as the request began. */
	readonly monotonic: number;
	readonly wall: number;
	/** Milliseconds. */
	readonly lifetime: number;
}

/** One tab, and what is known of it without looking into the session. */
interface Tab {
	readonly session: TokenSession;
	/** The user whom the tab was told of; null once it was told that the user has gone; undefined before it was told anything. */
	user: User | null | undefined;
	isDisposed: boolean;
	/** Changes with each user: what was asked before must not matter after. */
	epoch: number;
	inFlight: number;
	sent: { readonly epoch: number; readonly at: number }[];
	/** The tokens that came out of the session. */
	handed: string[];
	/** Whose each of them was when it first came out: the user's, or that of the epoch while none was named. */
	readonly owners: Map<string, User | number>;
	/** Whether the endpoint itself, and no cache, has said that nobody is there. */
	isOut: boolean;
}

// What a session reads of a response; a whole one takes most of the time that these runs take.
const answer = (body: string, status = 200, retryAfter: string | null = null): Response =>
	({ status, headers: { get: () => retryAfter }, text: async () => body }) as unknown as Response;
const json = (body: unknown): Response => answer(JSON.stringify(body));

// Nothing here needs more than promises: a turn of the event loop for each step would take most of the time.
const settle = async (): Promise<void> => {
	for (let hop = 0; hop < 40; hop++) await undefined;
};

class World {
	readonly browser: SimulatedBrowser;
	readonly scheduler: fc.Scheduler;
	readonly fates: Fate[];
	readonly tabs: Tab[];
	readonly tokens = new Map<string, Minted>();
	readonly broken: string[] = [];
	/** What the endpoint has answered to anybody, for a cache that keeps it. */
	readonly kept: object[] = [];
	/** Whether the endpoint returns the request's nonce. */
	readonly isEchoing: boolean;
	/** The user of the browser's one cookie. */
	cookie: User | null = "ada";
	isOnline = true;
	/** The token at which a listener signs out; 0: none. */
	leaveAt: number;
	#minted = 0;

	constructor(browser: SimulatedBrowser, scheduler: fc.Scheduler, fates: readonly Fate[], leaveAt: number, isEchoing: boolean) {
		this.isEchoing = isEchoing;
		this.leaveAt = leaveAt;
		this.browser = browser;
		this.scheduler = scheduler;
		this.fates = [...fates];
		// Messages between tabs take as long as they like.
		browser.deliver = (arrive) => void scheduler.schedule(Promise.resolve(), "message").then(arrive);
		this.tabs = [0, 1].map((index) => {
			const session = createTokenSession({
				endpoint: "/api/widget-token",
				fetch: (url, init) => this.#fetch(index, String(url), init),
				onEvent: (event) => {
					if (event.type === "signed_out" && event.by === "endpoint") this.check(tab.isOut, "no cache signs anybody out");
				},
			});
			const tab: Tab = {
				session,
				user: undefined,
				isDisposed: false,
				epoch: 0,
				inFlight: 0,
				sent: [],
				handed: [],
				owners: new Map(),
				isOut: false,
			};
			const listen = ({ status, token }: TokenState): void => {
				if (status === "idle") tab.epoch++;
				if (token !== undefined) this.#hand(tab, token, "listener");
			};
			// A listener that signs out in the middle of being told, before the others are.
			let told = 0;
			session.subscribe(({ token }) => {
				if (token === undefined || ++told !== this.leaveAt) return;
				tab.epoch++;
				tab.user = null;
				void session.signOut();
			});
			session.subscribe(listen, { fresh: () => index === 0 });
			return tab;
		});
	}

	check(isTrue: boolean, invariant: string): void {
		if (!isTrue) this.broken.push(invariant);
	}

	#fetch(index: number, url: string, init: RequestInit = {}): Promise<Response> {
		const { browser, scheduler } = this;
		const tab = this.tabs[index] as Tab;
		this.check(!tab.isDisposed, "no request after dispose()");
		this.check(tab.user !== null, "no request for a user who has gone");
		this.check(tab.inFlight === 0, "one request in flight");
		const previous = tab.sent.findLast(({ epoch }) => epoch === tab.epoch);
		this.check(previous === undefined || browser.monotonic - previous.at >= floor, "a floor between requests");
		tab.sent.push({ epoch: tab.epoch, at: browser.monotonic });
		tab.inFlight++;
		const { monotonic, wall } = browser;
		const user = this.cookie;
		const fate = this.isOnline ? (this.fates.shift() ?? "token") : "lost";
		let isCounted = true;
		const landed = (): void => {
			if (isCounted) tab.inFlight--;
			isCounted = false;
		};
		return new Promise((resolve, reject) => {
			init.signal?.addEventListener("abort", () => {
				landed();
				// An answer that is under way may still arrive: not every fetch heeds the signal.
				if (fate !== "token") reject(init.signal?.reason);
			});
			void scheduler.schedule(Promise.resolve(), `answer ${fate}`).then(() => {
				landed();
				if (fate === "lost") return reject(new TypeError("Failed to fetch"));
				resolve(this.#answer(tab, fate, user, { monotonic, wall }, this.isEchoing ? url.split("nonce=")[1] : undefined));
			});
		});
	}

	#answer(tab: Tab, fate: Fate, user: User | null, began: { monotonic: number; wall: number }, nonce: string | undefined): Response {
		if (fate === "html") return answer("<!doctype html>");
		if (fate === "redirect") return answer("", 0);
		if (typeof fate === "number") return answer("{}", fate, fate === 429 ? "7" : null);
		// Where the endpoint returns no nonce, only what the page has seen can be told to be another user's.
		const kept = this.kept[this.fates.length % (this.kept.length || 1)];
		if (fate === "cached" && this.isEchoing && kept !== undefined) return json(kept);
		const seen = fate === "same" ? tab.handed.at(-1) : fate === "old" || fate === "cached" ? tab.handed[0] : undefined;
		if (seen !== undefined) {
			const body = { token: seen, expiresIn: (this.tokens.get(seen)?.lifetime ?? 0) / 1000 };
			// The endpoint itself gives a user the same token again; a cache gives it to anybody.
			return json(fate === "cached" || !seen.startsWith(String(user)) ? body : { ...body, nonce });
		}
		const body = this.#mint(fate, user, began, nonce);
		this.kept.push(body);
		tab.isOut ||= body.token === null;
		return json(body);
	}

	#mint(fate: Fate, user: User | null, began: { monotonic: number; wall: number }, nonce: string | undefined): { token: string | null } {
		if (fate === "null" || user === null) return { token: null, ...(nonce && { nonce }) };
		const lifetime = fate === "short" ? 1000 : 60_000;
		const token = `${user}-${++this.#minted}`;
		const age = fate === "expired" ? lifetime : 0;
		this.tokens.set(token, { user, lifetime, monotonic: began.monotonic - age, wall: began.wall - age });
		return { token, ...{ expiresIn: fate === "expired" ? 0 : lifetime / 1000 }, ...(nonce && { nonce }) };
	}

	/** A token reaches somebody: the moment at which everything must hold. */
	#hand(tab: Tab, token: string, by: string): void {
		const minted = this.tokens.get(token);
		tab.handed.push(token);
		this.check(minted !== undefined, `${by}: a token that was minted`);
		if (minted === undefined) return;
		this.check(!tab.isDisposed, `${by}: nothing after dispose()`);
		this.check(tab.user !== null, `${by}: nothing after sign-out`);
		const owner = tab.user ?? tab.epoch;
		const first = tab.owners.get(token) ?? owner;
		// What came while no user was named may be the named one's, and is once the endpoint itself says so.
		this.check(first === owner || (this.isEchoing && typeof first === "number"), `${by}: no token that came under another user`);
		tab.owners.set(token, owner);
		if (typeof tab.user === "string" && this.#cookieFollows(tab))
			this.check(minted.user === tab.user, `${by}: no token of an earlier user`);
		const age = Math.max(this.browser.monotonic - minted.monotonic, this.browser.wall - minted.wall);
		this.check(age < minted.lifetime, `${by}: no expired token`);
	}

	// Where another tab has changed the cookie and its message is still under way, the endpoint itself answers for the new user.
	#cookieFollows(tab: Tab): boolean {
		return this.#foreignCookieSince.get(tab) !== tab.epoch;
	}
	readonly #foreignCookieSince = new Map<Tab, number>();

	#setCookie(by: Tab, user: User | null): void {
		this.cookie = user;
		for (const tab of this.tabs) if (tab !== by && tab.user !== user) this.#foreignCookieSince.set(tab, tab.epoch);
	}

	async perform(command: Command): Promise<void> {
		const { browser } = this;
		const tab = "tab" in command ? (this.tabs[command.tab] as Tab) : undefined;
		if (tab !== undefined) await this.#performInTab(command, tab);
		else if (command.do === "tick") await this.#tick((command as { ms: number }).ms);
		else if (command.do === "sleep" || command.do === "freeze") {
			browser.sleep((command as { ms: number }).ms, { isMonotonicFrozen: command.do === "freeze" });
			browser.dispatch("visibilitychange");
		} else if (command.do === "setClock") browser.wall += command.ms;
		else if (command.do === "goOffline") this.isOnline = false;
		else if (command.do === "goOnline") {
			this.isOnline = true;
			browser.dispatch("online");
		} else browser.dispatch("visibilitychange");
	}

	// Time passes in steps, so that timers and answers interleave; the number of timers that run shows a loop.
	async #tick(ms: number): Promise<void> {
		const { browser } = this;
		const end = browser.monotonic + ms;
		for (let fired = 0; ; fired++) {
			const next = [...browser.timers].filter(([, { due }]) => due <= end).sort(([, a], [, b]) => a.due - b.due)[0];
			if (next === undefined) break;
			if (fired > 20 + ms / 500) {
				this.check(false, "no timer that runs and runs");
				break;
			}
			const [id, { due, run }] = next;
			browser.timers.delete(id);
			const step = Math.max(0, due - browser.monotonic);
			browser.monotonic += step;
			browser.wall += step;
			run();
			await settle();
		}
		browser.wall += Math.max(0, end - browser.monotonic);
		browser.monotonic = Math.max(end, browser.monotonic);
	}

	async #performInTab(command: Command, tab: Tab): Promise<void> {
		const { session } = tab;
		if (command.do === "identify") {
			// Who is there already has not signed in again.
			if (!tab.isDisposed && tab.user !== command.user) {
				tab.epoch++;
				tab.user = command.user;
				this.#setCookie(tab, command.user);
			}
			session.identify(command.user);
		} else if (command.do === "signOut") {
			if (!tab.isDisposed) {
				tab.epoch++;
				tab.user = null;
			}
			const signedOut = session.signOut(() => !tab.isDisposed && this.#setCookie(tab, null));
			this.check(tab.isDisposed || session.state.status === "signed_out", "signOut() has taken effect when it returns");
			await signedOut;
		} else if (command.do === "dispose") {
			tab.isDisposed = true;
			session.dispose();
		} else if (command.do === "restore") {
			// Another user may be there by now.
			for (const each of this.tabs) {
				const isForeign = !this.#cookieFollows(each);
				each.epoch++;
				if (isForeign) this.#foreignCookieSince.set(each, each.epoch);
			}
			this.browser.dispatch("pageshow", { persisted: true });
		} else if (command.do === "reject") {
			this.#ask(tab, { rejected: tab.handed.at(-1) });
		} else {
			this.#ask(tab, { retry: command.do === "retry" });
		}
	}

	#ask(tab: Tab, options: { rejected?: string | undefined; retry?: boolean }): void {
		void tab.session.getToken(options).then(
			(token) => token !== null && this.#hand(tab, token, "caller"),
			(error: unknown) =>
				this.check(
					error instanceof TokenSessionError && !tab.isDisposed,
					"an error is a TokenSessionError, and none comes after dispose()",
				),
		);
	}

	/** A tab learns from the endpoint, or from another tab, that its user has gone. */
	follow(): void {
		for (const tab of this.tabs) {
			if (tab.isDisposed || tab.session.state.status !== "signed_out" || tab.user === null) continue;
			tab.user = null;
			tab.epoch++;
		}
	}
}

describe("a token session, whatever happens in whatever order", () => {
	const browser = new SimulatedBrowser();
	const { stackTraceLimit } = Error;
	beforeAll(() => {
		browser.install();
		// Every request is aborted when it is over, with an exception that nobody looks at.
		Error.stackTraceLimit = 0;
	});
	afterAll(() => {
		browser.uninstall();
		Error.stackTraceLimit = stackTraceLimit;
	});

	it(`keeps its invariants in ${runs.toLocaleString("en")} runs`, { timeout: 300_000 }, async () => {
		const seen = { handed: 0, requests: 0, revived: 0 };
		await fc.assert(
			fc.asyncProperty(
				fc.scheduler(),
				fc.array(command, { minLength: 1, maxLength: 25 }),
				fc.array(fate, { maxLength: 12 }),
				fc.constantFrom(0, 0.5, 0.999),
				fc.constantFrom(0, 0, 1, 2, 3),
				fc.boolean(),
				async (scheduler, commands, fates, random, leaveAt, isEchoing) => {
					browser.random = random;
					browser.reset();
					const world = new World(browser, scheduler, fates, leaveAt, isEchoing);
					scheduler.scheduleSequence(
						commands.map((next) => ({
							label: next.do,
							builder: async () => {
								await world.perform(next);
								world.follow();
							},
						})),
					);
					while (scheduler.count() > 0) {
						await scheduler.waitNext(1);
						await settle();
						world.follow();
					}
					expect(world.broken).toEqual([]);

					// When all is well again, a session comes back by itself.
					world.fates.length = 0;
					world.isOnline = true;
					world.leaveAt = 0;
					for (const tab of world.tabs) {
						if (tab.isDisposed) continue;
						tab.epoch++;
						tab.user = "grace";
						world.cookie = "grace";
						tab.session.identify("grace");
						tab.session.identify("grace");
						const asked = tab.session.getToken({ retry: true });
						for (let step = 0; step < 3; step++) {
							await scheduler.waitIdle();
							await settle();
							await world.perform({ do: "tick", ms: 2000 });
						}
						expect(await asked).toMatch(/^grace-/);
						seen.revived++;
					}
					for (const tab of world.tabs) {
						seen.handed += tab.handed.length;
						seen.requests += tab.sent.length;
						tab.session.dispose();
					}
					await settle();
					expect(world.broken).toEqual([]);
					expect(browser.leftovers).toEqual({ timers: 0, listeners: 0, channels: 0 });
				},
			),
			{ numRuns: runs },
		);
		expect(seen.handed).toBeGreaterThan(runs);
		expect(seen.requests).toBeGreaterThan(runs);
		expect(seen.revived).toBeGreaterThan(runs);
	});
});
