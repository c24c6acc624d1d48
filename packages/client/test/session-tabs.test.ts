import { createTokenSession, type TokenState } from "@widget-token/client";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { settle, simulateBrowser } from "./simulated-browser.ts";
import { json, SimulatedEndpoint } from "./simulated-endpoint.ts";

const browser = simulateBrowser();
const seconds = 1000;

/** Tabs of one browser: one cookie, one endpoint. */
const beginTabs = (count: number) => {
	const endpoint = new SimulatedEndpoint();
	const tabs = Array.from({ length: count }, () => {
		const session = createTokenSession({ endpoint: "/api/widget-token", fetch: endpoint.fetch });
		const states: TokenState[] = [];
		session.subscribe((state) => states.push(state));
		return { session, states };
	});
	return { endpoint, tabs: tabs as [(typeof tabs)[0], (typeof tabs)[0], ...typeof tabs] };
};

describe("sign-out", () => {
	it("reaches the other tabs, without a token in the message", async () => {
		const { endpoint, tabs } = beginTabs(3);
		for (const { session } of tabs) {
			session.identify("ada");
			await session.getToken();
		}
		const asked = endpoint.requests.length;
		void tabs[0].session.signOut();
		for (const { session } of tabs) {
			expect(session.state).toEqual({ status: "signed_out" });
			expect(await session.getToken()).toBeNull();
		}
		expect(endpoint.requests).toHaveLength(asked);
		expect(JSON.stringify(browser().messages)).not.toMatch(/ada-\d/);
	});

	it("reaches a tab whose request is in flight", async () => {
		const { endpoint, tabs } = beginTabs(2);
		tabs[0].session.identify("ada");
		await tabs[0].session.getToken();
		tabs[1].session.identify("ada");
		endpoint.isManual = true;
		const asked = tabs[1].session.getToken();
		await settle();
		void tabs[0].session.signOut();
		endpoint.requests.at(-1)?.answer(json({ token: "ada-late", expiresIn: 300 }));
		expect(await asked).toBeNull();
		expect(tabs[1].states.some(({ token }) => token !== undefined)).toBe(false);
	});

	it("reaches tabs of pages that name no user", async () => {
		const { tabs } = beginTabs(2);
		for (const { session } of tabs) await session.getToken();
		void tabs[0].session.signOut();
		expect(tabs[1].session.state).toEqual({ status: "signed_out" });
	});

	it.each([
		["of a page that names no user reaches those that do", undefined, "ada", "signed_out"],
		["of a named user reaches pages that name none", "ada", undefined, "signed_out"],
		["of one user leaves another alone, who has signed in since", "ada", "grace", "signed_in"],
	])("%s", async (_, leaving, present, status) => {
		const { tabs } = beginTabs(2);
		// What the tabs say while they start is not what is looked at here.
		const { deliver } = browser();
		browser().deliver = () => {};
		for (const [{ session }, user] of [[tabs[0], leaving] as const, [tabs[1], present] as const]) {
			if (user !== undefined) session.identify(user);
			await session.getToken();
		}
		browser().deliver = deliver;
		void tabs[0].session.signOut();
		expect(tabs[1].session.state.status).toBe(status);
	});

	it("of a page that never had a user signs nobody out", async () => {
		const { tabs } = beginTabs(2);
		tabs[1].session.identify("ada");
		await tabs[1].session.getToken();
		// Many an app says so while it is still finding out who is signed in.
		void tabs[0].session.signOut();
		expect(tabs[1].session.state.status).toBe("signed_in");
	});

	it("clears here before the app's own session ends, and tells everybody when that is over", async () => {
		const { tabs } = beginTabs(2);
		for (const { session } of tabs) {
			session.identify("ada");
			await session.getToken();
		}
		const log: string[] = [];
		tabs[0].session.subscribe(({ status }) => log.push(`here: ${status}`));
		tabs[1].session.subscribe(({ status }) => log.push(`there: ${status}`));
		await tabs[0].session.signOut(async () => {
			log.push("the app's session ends");
			await settle();
			log.push("the app's session is over");
		});
		expect(log).toEqual([
			"there: signed_out",
			"here: signed_out",
			"the app's session ends",
			"the app's session is over",
			"there: signed_out",
			"here: signed_out",
		]);
	});

	it("is told once, though the app says it again while its own session ends", async () => {
		const { tabs } = beginTabs(1);
		const [{ session, states }] = tabs;
		session.identify("ada");
		await session.getToken();
		states.length = 0;
		// As a provider's own listener does when it hears of the sign-out.
		await session.signOut(() => {
			void session.signOut();
			expect(states).toEqual([{ status: "signed_out" }]);
		});
		expect(states).toEqual([{ status: "signed_out" }, { status: "signed_out" }]);
	});

	it("does not disturb a user who has signed in meanwhile", async () => {
		const { endpoint, tabs } = beginTabs(1);
		const [{ session, states }] = tabs;
		session.identify("ada");
		await session.getToken();
		let end = (): void => {};
		const leaving = session.signOut(() => new Promise<void>((resolve) => (end = resolve)));
		endpoint.cookie = "grace";
		session.identify("grace");
		await session.getToken();
		end();
		await leaving;
		expect(states.at(-1)).toEqual({ status: "signed_in", token: "grace-2" });
	});

	it("fails with the app's own error, signed out all the same", async () => {
		const { tabs } = beginTabs(2);
		for (const { session } of tabs) await session.getToken();
		const error = new Error("the provider is down");
		await expect(tabs[0].session.signOut(() => Promise.reject(error))).rejects.toBe(error);
		for (const { session } of tabs) expect(session.state).toEqual({ status: "signed_out" });
	});
});

describe("another user", () => {
	it("is told twice when the page had named the first, and once when it had named nobody", async () => {
		const { tabs } = beginTabs(1);
		const [{ session, states }] = tabs;
		session.identify("ada");
		expect(states).toEqual([{ status: "idle" }]);
		session.identify("grace");
		expect(states).toEqual([{ status: "idle" }, { status: "idle" }, { status: "idle" }]);
	});

	it("in one tab ends the earlier one's token in the others", async () => {
		const { endpoint, tabs } = beginTabs(2);
		for (const { session } of tabs) {
			session.identify("ada");
			await session.getToken();
		}
		endpoint.cookie = "grace";
		tabs[0].session.identify("grace");
		// That tab's page still shows Ada's data: it is for its app to name Grace there.
		expect(tabs[1].session.state).toEqual({ status: "signed_out" });
		expect(await tabs[1].session.getToken()).toBeNull();
		tabs[1].session.identify("grace");
		expect(await tabs[1].session.getToken()).toMatch(/^grace/);
		expect(tabs[0].session.state.status).not.toBe("signed_out");
	});

	it("is served in a tab that names no user, and the earlier one is not", async () => {
		const { endpoint, tabs } = beginTabs(2);
		await tabs[1].session.getToken();
		endpoint.cookie = "grace";
		tabs[0].session.identify("grace");
		expect(tabs[1].session.state).toEqual({ status: "idle" });
		expect(await tabs[1].session.getToken()).toMatch(/^grace/);
	});

	it("is no other when a second tab is opened", async () => {
		const { tabs } = beginTabs(2);
		tabs[0].session.identify("ada");
		await tabs[0].session.getToken();
		tabs[1].session.identify("ada");
		expect(tabs[0].session.state.status).toBe("signed_in");
	});
});

describe("a page", () => {
	it("that comes back from the back/forward cache asks anew who is signed in", async () => {
		const { endpoint, tabs } = beginTabs(1);
		const [{ session }] = tabs;
		session.subscribe(() => {}, { fresh: () => true });
		await session.getToken();
		endpoint.cookie = null;
		await browser().pass(10 * seconds);
		browser().dispatch("pageshow", { persisted: true });
		expect(session.state.status).not.toBe("signed_in");
		await settle();
		expect(session.state).toEqual({ status: "signed_out" });
	});

	it("has one timer, one channel and three listeners, however often things are said twice", async () => {
		const { endpoint, tabs } = beginTabs(1);
		const [{ session }] = tabs;
		for (let again = 0; again < 5; again++) {
			// As in React's StrictMode: an effect runs, is undone, and runs again.
			session.subscribe(() => {}, { fresh: () => true })();
			session.subscribe(() => {}, { fresh: () => true });
			session.identify("ada");
			void session.getToken();
			browser().dispatch("pageshow");
			browser().dispatch("online");
			browser().dispatch("visibilitychange");
		}
		await settle();
		expect(endpoint.requests).toHaveLength(1);
		expect(browser().leftovers).toEqual({ timers: 1, listeners: 3, channels: 1 });
	});

	it("whose module is made anew, as by hot reloading, has the timers, listeners and channel of one session", async () => {
		const endpoint = new SimulatedEndpoint();
		for (let again = 0; again < 5; again++) {
			const session = createTokenSession({ endpoint: "/api/widget-token", fetch: endpoint.fetch });
			session.subscribe(() => {}, { fresh: () => true });
			session.identify("ada");
			expect(await session.getToken()).toBe(`ada-${again + 1}`);
			expect(browser().leftovers).toEqual({ timers: 1, listeners: 3, channels: 1 });
			if (again < 4) session.dispose();
		}
		await browser().pass(60 * seconds);
		expect(endpoint.requests).toHaveLength(5);
	});

	it("that makes and disposes of a session in one breath asks nothing", async () => {
		const { endpoint, tabs } = beginTabs(1);
		const [{ session }] = tabs;
		session.subscribe(() => {}, { fresh: () => true });
		const asked = session.getToken();
		session.dispose();
		expect(await asked).toBeNull();
		await settle();
		expect(endpoint.requests).toEqual([]);
	});

	it.each(["idle", "in flight", "signed in", "failed", "waiting", "signed out"])(
		"leaves nothing of a session that is disposed of while %s",
		async (moment) => {
			const { endpoint, tabs } = beginTabs(1);
			const [{ session, states }] = tabs;
			session.subscribe(() => {}, { fresh: () => true });
			if (moment === "in flight") endpoint.isManual = true;
			if (moment === "failed") endpoint.next.push(new Error("offline"));
			if (moment !== "idle") await settle();
			if (moment === "waiting") void session.getToken({ rejected: "ada-1" });
			if (moment === "signed out") await session.signOut();
			const asked = endpoint.requests.length;
			const told = states.length;
			session.dispose();
			await settle();
			expect(browser().leftovers).toEqual({ timers: 0, listeners: 0, channels: 0 });
			for (const { init, answer } of endpoint.requests) {
				if (moment === "in flight") expect(init.signal?.aborted).toBe(true);
				answer(json({ token: "ada-late", expiresIn: 300 }));
			}

			session.subscribe(() => {}, { fresh: () => true });
			session.identify("grace");
			browser().dispatch("online");
			expect(await session.getToken({ retry: true })).toBeNull();
			await browser().pass(3600 * seconds);
			expect(endpoint.requests).toHaveLength(asked);
			expect(states).toHaveLength(told);
			expect(browser().leftovers).toEqual({ timers: 0, listeners: 0, channels: 0 });
		},
	);

	it("can still sign out of the app with a session that is disposed of", async () => {
		const { tabs } = beginTabs(1);
		const [{ session }] = tabs;
		session.identify("ada");
		await session.getToken();
		session.dispose();
		const end = vi.fn();
		await session.signOut(end);
		expect(end).toHaveBeenCalledOnce();
	});
});

describe("a message of another script", () => {
	const channel = (): BroadcastChannel => new BroadcastChannel("widget-token");

	it.each(
		[
			null,
			undefined,
			"",
			"signed_out",
			true,
			0,
			[],
			["signed_out"],
			{},
			{ type: null },
			{ type: "SIGNED_OUT" },
			{ type: ["signed_out"] },
			{ type: "signed_out", user: null },
			{ type: "signed_out", user: 1 },
			{ type: "identify" },
			{ type: "identify", user: null },
			{ type: "identify", user: ["grace"] },
			{ type: "end" },
			{ was: "ada" },
			{ is: "grace" },
			{ ended: true },
			{ data: { type: "signed_out" } },
			new Map([["type", "signed_out"]]),
			new Date(0),
		].map((message) => ({ message })),
	)("changes nothing: $message", async ({ message }) => {
		for (const user of [undefined, "ada"]) {
			const { tabs } = beginTabs(1);
			const [{ session, states }] = tabs;
			if (user !== undefined) session.identify(user);
			await session.getToken();
			const told = states.length;
			channel().postMessage(message);
			expect(session.state.status).toBe("signed_in");
			expect(states).toHaveLength(told);
			session.dispose();
		}
	});

	it("changes nothing, whatever it is", async () => {
		const { endpoint, tabs } = beginTabs(3);
		tabs[1].session.identify("ada");
		for (const { session } of tabs) await session.getToken();
		await tabs[2]?.session.signOut();
		tabs[1].session.identify("grace");
		await tabs[1].session.getToken();
		await tabs[0].session.getToken();
		const asked = endpoint.requests.length;
		const told = tabs.map(({ states }) => [...states]);
		const types = new Set(["identify", "signed_out", "end"]);
		const word = fc.constantFrom("type", "user", "was", "is", "ended", "identify", "signed_out", "end", "ada", "grace");
		const message = fc
			.anything({
				key: fc.oneof(word, fc.string()),
				values: [fc.oneof(word, fc.string()), fc.boolean(), fc.constant(null), fc.double()],
				withDate: true,
				withMap: true,
				withSet: true,
				withTypedArray: true,
				withSparseArray: true,
				withBigInt: true,
			})
			// Our own messages have a type of ours and no member that is not text.
			.filter((value) => {
				const { type, user } = Object(value) as { type?: unknown; user?: unknown };
				return !(types.has(type as string) && (user === undefined ? type !== "identify" : typeof user === "string"));
			});
		fc.assert(
			fc.property(message, (value) => {
				channel().postMessage(value);
				expect(tabs.map(({ states }) => states)).toEqual(told);
			}),
			{ numRuns: 2000 },
		);
		expect(endpoint.requests).toHaveLength(asked);
	});
});

describe("a browser in which the tabs cannot talk to each other", () => {
	const refuse = (): never => {
		throw new DOMException("The origin is opaque", "SecurityError");
	};

	it.each([
		["has no BroadcastChannel", () => undefined],
		[
			"lets nobody make one",
			() =>
				class {
					constructor() {
						refuse();
					}
				},
		],
		[
			"lets nobody post",
			() =>
				class extends BroadcastChannel {
					override postMessage = refuse;
				},
		],
	])("serves each tab for itself: one that %s", async (_, make) => {
		vi.stubGlobal("BroadcastChannel", make());
		const { endpoint, tabs } = beginTabs(2);
		for (const { session } of tabs) {
			session.identify("ada");
			expect(await session.getToken()).toMatch(/^ada/);
		}
		const end = vi.fn();
		await tabs[0].session.signOut(end);
		expect(end).toHaveBeenCalledOnce();
		expect(tabs[0].session.state.status).toBe("signed_out");
		endpoint.cookie = "grace";
		tabs[0].session.identify("grace");
		expect(await tabs[0].session.getToken()).toMatch(/^grace/);
		for (const { session } of tabs) session.dispose();
		expect(browser().leftovers).toEqual({ timers: 0, listeners: 0, channels: 0 });
	});
});
