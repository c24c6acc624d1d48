import { createTokenSession, type TokenState } from "@widget-token/client";
import { describe, expect, it } from "vitest";
import { settle, simulateBrowser } from "./simulated-browser.ts";
import { json, SimulatedEndpoint } from "./simulated-endpoint.ts";

const browser = simulateBrowser();
const begin = (options: { authorization?: () => Promise<string | null>; widget?: string } = {}) => {
	const endpoint = new SimulatedEndpoint();
	return { endpoint, session: createTokenSession({ endpoint: "/api/widget-token", fetch: endpoint.fetch, ...options }) };
};

describe("a token session", () => {
	it("does nothing before it is asked", async () => {
		const { endpoint } = begin();
		await browser().pass(60_000);
		expect(endpoint.requests).toEqual([]);
		expect(browser().leftovers).toEqual({ timers: 0, listeners: 0, channels: 0 });
	});

	it("is made on a server too, where it gives nobody's token to anybody", async () => {
		const { endpoint, session } = begin();
		Reflect.deleteProperty(globalThis, "document");
		session.subscribe(() => {}, { fresh: () => true });
		expect(await session.getToken()).toBeNull();
		expect(endpoint.requests).toEqual([]);
		expect(browser().leftovers).toEqual({ timers: 0, listeners: 0, channels: 0 });
	});

	it("asks with POST, with the page's cookies, past every cache, and follows no redirect", async () => {
		const { endpoint, session } = begin();
		expect(await session.getToken()).toBe("ada-1");
		expect(endpoint.requests).toHaveLength(1);
		expect(endpoint.requests[0]).toMatchObject({
			url: expect.stringMatching(/^\/api\/widget-token\?nonce=[\w-]{1,128}$/),
			init: { method: "POST", credentials: "include", cache: "no-store", redirect: "manual", headers: { accept: "application/json" } },
		});
		expect(endpoint.requests[0]?.init.headers).not.toHaveProperty("authorization");
	});

	it("names the widget to an endpoint that serves several", async () => {
		const endpoint = new SimulatedEndpoint();
		for (const [address, asked] of [
			["/api/widget-token", /^\/api\/widget-token\?nonce=[\w-]+&widget=best%26chat$/],
			["/api/widget-token?v=2", /^\/api\/widget-token\?v=2&nonce=[\w-]+&widget=best%26chat$/],
		] as const) {
			await createTokenSession({ endpoint: address, widget: "best&chat", fetch: endpoint.fetch }).getToken();
			expect(endpoint.requests.at(-1)?.url).toMatch(asked);
		}
	});

	it("sends a provider's bearer token instead of cookies, and asks nothing when there is none", async () => {
		let bearer: string | null = "id-token";
		const { endpoint, session } = begin({ authorization: async () => bearer });
		await session.getToken();
		expect(endpoint.requests[0]?.init.headers).toMatchObject({ authorization: "Bearer id-token" });
		expect(endpoint.requests[0]?.init.credentials).toBeUndefined();
		bearer = null;
		session.identify("grace");
		expect(await session.getToken()).toBeNull();
		expect(session.state.status).toBe("signed_out");
		expect(endpoint.requests).toHaveLength(1);
	});

	it("has one request in flight however many ask, and asks no more while the token lives", async () => {
		const { endpoint, session } = begin();
		const tokens = await Promise.all(Array.from({ length: 20 }, () => session.getToken()));
		expect(new Set(tokens)).toEqual(new Set(["ada-1"]));
		await browser().pass(200_000);
		expect(await session.getToken()).toBe("ada-1");
		expect(endpoint.requests).toHaveLength(1);
	});

	it("takes null for signed out, and asks again for a user who is named", async () => {
		const { endpoint, session } = begin();
		endpoint.cookie = null;
		expect(await session.getToken()).toBeNull();
		expect(await session.getToken()).toBeNull();
		expect(session.state).toEqual({ status: "signed_out" });
		expect(endpoint.requests).toHaveLength(1);
		endpoint.cookie = "ada";
		session.identify("ada");
		expect(await session.getToken()).toBe("ada-1");
	});
});

describe("a token of an earlier user", () => {
	it("is thrown away when it comes after sign-out", async () => {
		const { endpoint, session } = begin();
		endpoint.isManual = true;
		session.identify("ada");
		const asked = session.getToken();
		await settle();
		void session.signOut();
		endpoint.requests[0]?.answer(json({ token: "ada-late", expiresIn: 300 }));
		expect(await asked).toBeNull();
		expect(await session.getToken()).toBeNull();
		expect(session.state).toEqual({ status: "signed_out" });
		expect(endpoint.requests[0]?.init.signal?.aborted).toBe(true);
	});

	it("is never served to the next user, though the first one's answer comes last", async () => {
		const { endpoint, session } = begin();
		endpoint.isManual = true;
		const states: TokenState[] = [];
		session.subscribe((state) => states.push(state));
		session.identify("ada");
		const first = session.getToken();
		await settle();
		void session.signOut();
		endpoint.cookie = "grace";
		session.identify("grace");
		const second = session.getToken();
		await settle();
		expect(endpoint.requests.map(({ user }) => user)).toEqual(["ada", "grace"]);
		endpoint.requests[1]?.answer(json({ token: "grace-1", expiresIn: 300 }));
		await settle();
		endpoint.requests[0]?.answer(json({ token: "ada-late", expiresIn: 300 }));
		expect(await second).toBe("grace-1");
		// Who asked in Ada's time is told who is there now.
		expect(await first).toBe("grace-1");
		expect(await session.getToken()).toBe("grace-1");
		expect(states.filter(({ token }) => token?.startsWith("ada"))).toEqual([]);
	});

	it("is dropped at once when another user is named", async () => {
		const { endpoint, session } = begin();
		session.identify("ada");
		await session.getToken();
		endpoint.cookie = "grace";
		session.identify("grace");
		expect(session.state).toEqual({ status: "idle" });
		expect(await session.getToken()).toBe("grace-2");
	});

	it("is kept when the same user is named again", async () => {
		const { endpoint, session } = begin();
		session.identify("ada");
		await session.getToken();
		session.identify("ada");
		expect(session.state).toEqual({ status: "signed_in", token: "ada-1" });
		expect(await session.getToken()).toBe("ada-1");
		expect(endpoint.requests).toHaveLength(1);
	});

	it("does not fail the next user, when its request does", async () => {
		const { endpoint, session } = begin();
		endpoint.isManual = true;
		session.identify("ada");
		const first = session.getToken();
		await settle();
		endpoint.cookie = "grace";
		session.identify("grace");
		endpoint.requests[0]?.fail();
		await settle();
		expect(session.state).toEqual({ status: "idle" });
		endpoint.requests[1]?.answer(json({ token: "grace-1", expiresIn: 300 }));
		expect(await first).toBe("grace-1");
	});

	it("is not asked for, when the user leaves while the provider's bearer token is on its way", async () => {
		let give = (_: string): void => {};
		const { endpoint, session } = begin({ authorization: () => new Promise((resolve) => (give = resolve)) });
		const asked = session.getToken();
		await settle();
		void session.signOut();
		give("id-token-of-ada");
		expect(await asked).toBeNull();
		await settle();
		expect(endpoint.requests).toEqual([]);
	});

	it("is told to no listener after one that signs out", async () => {
		const { session } = begin();
		const told: string[] = [];
		session.subscribe(({ status }) => {
			told.push(`first: ${status}`);
			if (status === "signed_in") void session.signOut();
		});
		session.subscribe(({ status }) => told.push(`second: ${status}`));
		expect(await session.getToken()).toBeNull();
		expect(told).toEqual(["first: signed_in", "first: signed_out", "second: signed_out"]);
	});

	it("is not handed out after an observer of its arrival has signed out", async () => {
		const endpoint = new SimulatedEndpoint();
		const told: string[] = [];
		const session = createTokenSession({
			endpoint: "/api/widget-token",
			fetch: endpoint.fetch,
			onEvent: ({ type }) => void (type === "received" && session.signOut()),
		});
		session.subscribe(({ status }) => told.push(status));
		expect(await session.getToken()).toBeNull();
		expect(session.state).toEqual({ status: "signed_out" });
		expect(told).toEqual(["signed_out"]);
	});
});

describe("an observer", () => {
	it("that signs out after a failure leaves nobody signed in", async () => {
		const endpoint = new SimulatedEndpoint();
		endpoint.next.push(json({}, 401));
		const session = createTokenSession({
			endpoint: "/api/widget-token",
			fetch: endpoint.fetch,
			onEvent: ({ type }) => void (type === "failed" && session.signOut()),
		});
		expect(await session.getToken()).toBeNull();
		expect(session.state).toEqual({ status: "signed_out" });
	});

	it("that names the next user when one has left is not overruled", async () => {
		const endpoint = new SimulatedEndpoint();
		const session = createTokenSession({
			endpoint: "/api/widget-token",
			fetch: endpoint.fetch,
			onEvent: ({ type }) => void (type === "signed_out" && session.identify("grace")),
		});
		session.identify("ada");
		await session.getToken();
		endpoint.cookie = "grace";
		void session.signOut();
		expect(session.state).toEqual({ status: "idle" });
		expect(await session.getToken()).toMatch(/^grace/);
	});
});
