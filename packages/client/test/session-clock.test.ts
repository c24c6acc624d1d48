import { createTokenSession, type TokenState } from "@widget-token/client";
import { describe, expect, it } from "vitest";
import { settle, simulateBrowser } from "./simulated-browser.ts";
import { json, SimulatedEndpoint } from "./simulated-endpoint.ts";

const browser = simulateBrowser();
const seconds = 1000;
const begin = () => {
	const endpoint = new SimulatedEndpoint();
	return { endpoint, session: createTokenSession({ endpoint: "/api/widget-token", fetch: endpoint.fetch }) };
};
/** A session that somebody, such as a mounted widget, wants fresh. */
const beginFresh = async () => {
	const { endpoint, session } = begin();
	const states: TokenState[] = [];
	const unsubscribe = session.subscribe((state) => states.push(state), { fresh: () => true });
	await settle();
	return { endpoint, session, states, unsubscribe };
};

describe("the deadline of a token", () => {
	it.each([
		[3600, 3570],
		[300, 270],
		[150, 120],
		[100, 80],
		[10, 8],
		[5, 4],
	])("of %d s is 30 s, or a fifth, before its expiry: %d s", async (expiresIn, deadline) => {
		const { endpoint, session } = begin();
		endpoint.expiresIn = expiresIn;
		await session.getToken();
		await browser().pass(deadline * seconds - 1);
		expect(await session.getToken()).toBe("ada-1");
		await browser().pass(1);
		expect(await session.getToken()).toBe("ada-2");
		expect(endpoint.requests).toHaveLength(2);
	});

	it("counts from the start of the request, however slow the answer", async () => {
		const { endpoint, session } = begin();
		endpoint.isManual = true;
		const asked = session.getToken();
		await browser().pass(14 * seconds);
		endpoint.requests[0]?.answer(endpoint.mint("ada"));
		expect(await asked).toBe("ada-1");
		await browser().pass((300 - 30 - 14) * seconds - 1);
		expect(await session.getToken()).toBe("ada-1");
		await browser().pass(1);
		void session.getToken();
		await settle();
		expect(endpoint.requests).toHaveLength(2);
	});

	it("is met without being asked while somebody wants the token fresh, and only then", async () => {
		const { endpoint, states, unsubscribe } = await beginFresh();
		await browser().pass(270 * seconds);
		expect(states).toEqual([
			{ status: "signed_in", token: "ada-1" },
			{ status: "signed_in", token: "ada-2" },
		]);
		expect(browser().timers.size).toBe(1);
		unsubscribe();
		expect(browser().timers.size).toBe(0);
		await browser().pass(3600 * seconds);
		expect(endpoint.requests).toHaveLength(2);
	});

	it("is not met by a listener that does not want the token fresh", async () => {
		const { endpoint, session } = begin();
		session.subscribe(() => {});
		await browser().pass(3600 * seconds);
		expect(endpoint.requests).toEqual([]);
		await session.getToken();
		await browser().pass(3600 * seconds);
		expect(endpoint.requests).toHaveLength(1);
		expect(browser().timers.size).toBe(0);
	});

	it("never comes for a proof that never expires", async () => {
		const { endpoint, session } = begin();
		endpoint.expiresIn = undefined;
		session.subscribe(() => {}, { fresh: () => true });
		await settle();
		browser().sleep(365 * 86_400 * seconds);
		browser().dispatch("visibilitychange");
		await browser().pass(30 * 86_400 * seconds);
		expect(await session.getToken()).toBe("ada-1");
		expect(endpoint.requests).toHaveLength(1);
	});

	it("is met in time though a timer can wait no longer than 24.8 days", async () => {
		const { endpoint, session } = begin();
		endpoint.expiresIn = 40 * 86_400;
		session.subscribe(() => {}, { fresh: () => true });
		await settle();
		expect(Math.max(...[...browser().timers.values()].map(({ due }) => due - browser().monotonic))).toBeLessThan(2 ** 31);
		await browser().pass(40 * 86_400 * seconds - 31 * seconds);
		expect(endpoint.requests).toHaveLength(1);
		await browser().pass(1 * seconds);
		expect(endpoint.requests).toHaveLength(2);
	});
});

describe("the browser's clocks", () => {
	it.each([
		["stands still", true],
		["goes on", false],
	])("after a sleep in which the monotonic clock %s, no expired token is handed out", async (_, isMonotonicFrozen) => {
		const { endpoint, session } = begin();
		await session.getToken();
		await browser().pass(2 * seconds);
		browser().sleep(3600 * seconds, { isMonotonicFrozen });
		expect(session.state).toEqual({ status: "expired" });
		expect(await session.getToken()).toBe("ada-2");
		expect(endpoint.requests).toHaveLength(2);
	});

	it.each(["visibilitychange", "pageshow", "online"])("%s: the token is looked at again, since timers may not have run", async (event) => {
		const { endpoint, session } = await beginFresh();
		await browser().pass(2 * seconds);
		browser().sleep(3600 * seconds);
		expect(endpoint.requests).toHaveLength(1);
		browser().dispatch(event);
		await settle();
		expect(endpoint.requests).toHaveLength(2);
		expect(session.state).toEqual({ status: "signed_in", token: "ada-2" });
		browser().dispatch(event);
		await settle();
		expect(endpoint.requests).toHaveLength(2);
		expect(browser().timers.size).toBe(1);
	});

	it.each([1, 300, 86_400, 3_153_600_000])("set wrong by %d s, either way, do not make it loop", async (error) => {
		for (const direction of [1, -1]) {
			const { endpoint, session, unsubscribe } = await beginFresh();
			browser().wall += direction * error * seconds;
			browser().dispatch("visibilitychange");
			await browser().pass(60 * seconds);
			// A clock that is set forward cannot be told from a sleep: that costs one request, and no more.
			expect(endpoint.requests.length).toBeLessThanOrEqual(2);
			expect(session.state.status).toBe("signed_in");
			await browser().pass(540 * seconds);
			expect(endpoint.requests.length).toBeLessThanOrEqual(4);
			unsubscribe();
			session.dispose();
		}
	});

	it("set back, do not lengthen a token's life", async () => {
		const { session } = begin();
		await session.getToken();
		browser().wall -= 365 * 86_400 * seconds;
		await browser().pass(270 * seconds);
		expect(await session.getToken()).toBe("ada-2");
	});

	it("that jump all the time cause no more than one request in 2 s", async () => {
		const { endpoint } = await beginFresh();
		for (let second = 0; second < 60; second++) {
			browser().wall += 86_400 * seconds;
			browser().dispatch("visibilitychange");
			await browser().pass(1 * seconds);
		}
		expect(endpoint.requests.length).toBeLessThanOrEqual(31);
	});

	it("are not needed to see that a token was too old when it came", async () => {
		const { endpoint, session } = begin();
		endpoint.expiresIn = 10;
		endpoint.isManual = true;
		const asked = session.getToken();
		await settle();
		browser().sleep(60 * seconds);
		endpoint.requests[0]?.answer(endpoint.mint("ada"));
		await expect(asked).rejects.toMatchObject({ code: "token_cached" });
	});
});

describe("a token that the widget refused", () => {
	it("is replaced once, however often its refusal is reported", async () => {
		const { endpoint, session } = begin();
		const rejected = (await session.getToken()) as string;
		const reports = [session.getToken({ rejected }), session.getToken({ rejected }), session.getToken({ rejected })];
		await browser().pass(2 * seconds);
		expect(await Promise.all(reports)).toEqual(["ada-2", "ada-2", "ada-2"]);
		expect(await session.getToken({ rejected })).toBe("ada-2");
		await browser().pass(10 * seconds);
		expect(endpoint.requests).toHaveLength(2);
	});

	it("and refused again and again, costs one request in 2 s", async () => {
		const { endpoint, session } = begin();
		let rejected = await session.getToken();
		let isOver = false;
		const refusing = (async () => {
			while (!isOver) rejected = await session.getToken({ rejected: rejected as string });
		})();
		await browser().pass(60 * seconds);
		isOver = true;
		await browser().pass(2 * seconds);
		await refusing;
		expect(endpoint.requests.length).toBeLessThanOrEqual(32);
		expect(endpoint.requests.length).toBeGreaterThan(10);
	});

	it("is not handed out again when it cannot be replaced", async () => {
		const { endpoint, session } = begin();
		const rejected = (await session.getToken()) as string;
		endpoint.next.push(json({}, 503));
		const asked = session.getToken({ rejected });
		asked.catch(() => {});
		await browser().pass(2 * seconds);
		await expect(asked).rejects.toMatchObject({ code: "endpoint_unavailable" });
		expect(session.state.status).toBe("failed");
	});
});

it("asks with a pause of 2 s for tokens that live for one", async () => {
	const { endpoint, session } = begin();
	endpoint.expiresIn = 1;
	session.subscribe(() => {}, { fresh: () => true });
	await browser().pass(60 * seconds);
	expect(endpoint.requests.length).toBeGreaterThan(25);
	expect(endpoint.requests.length).toBeLessThanOrEqual(31);
});
