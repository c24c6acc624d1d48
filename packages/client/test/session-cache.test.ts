import { createTokenSession, type TokenSessionError } from "@widget-token/client";
import { describe, expect, it, vi } from "vitest";
import { begin } from "./begin-session.ts";
import { settle, simulateBrowser } from "./simulated-browser.ts";
import { json, type SimulatedEndpoint } from "./simulated-endpoint.ts";

const browser = simulateBrowser();
const seconds = 1000;

const beginFresh = () => {
	const begun = begin();
	begun.session.subscribe(() => {}, { fresh: () => true });
	return begun;
};

describe("the random value of a request", () => {
	it("is another one each time, and needs no secure context", async () => {
		// As on a page of plain http.
		vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
		const { endpoint, session } = begin();
		for (let user = 0; user < 50; user++) {
			session.identify(`user ${user}`);
			await session.getToken();
		}
		const sent = endpoint.requests.map(({ url }) => /nonce=([A-Za-z0-9_-]{1,128})$/.exec(url)?.[1]);
		expect(sent).not.toContain(undefined);
		expect(new Set(sent).size).toBe(50);
	});

	it("returned by the endpoint lets the answer pass", async () => {
		const { endpoint, session } = begin();
		endpoint.isEchoing = true;
		expect(await session.getToken()).toBe("ada-1");
		endpoint.cookie = null;
		session.identify("grace");
		expect(await session.getToken()).toBeNull();
		expect(session.state.status).toBe("signed_out");
	});

	it.each([
		["of another request", "0-0-0-0"],
		["that is empty", ""],
		["that is no text", 0],
		["in a list", ["0-0-0-0"]],
	])("%s shows a cached token at its first use", async (_, nonce) => {
		const { endpoint, session, failureOf, events } = begin();
		endpoint.isEchoing = true;
		endpoint.next.push(json({ token: "grace-9", expiresIn: 300, nonce }));
		const error = await failureOf();
		expect(error).toMatchObject({ code: "token_cached" });
		expect(error.message).toMatch(/cache.*Exempt/);
		expect(session.state.status).toBe("failed");
		expect(events).toEqual([{ type: "failed", error }]);
		await browser().pass(4 * seconds);
		expect(await session.getToken()).toBe("ada-1");
	});

	it("of another request signs nobody out", async () => {
		const { endpoint, session, failureOf, events } = begin();
		endpoint.next.push(json({ token: null, nonce: "0-0-0-0" }));
		session.identify("ada");
		expect(await failureOf()).toMatchObject({ code: "token_cached" });
		expect(events.map(({ type }) => type)).not.toContain("signed_out");
		await browser().pass(4 * seconds);
		expect(await session.getToken()).toBe("ada-1");
	});

	it("of another request makes no refusal or outage the present user's", async () => {
		const { endpoint, session, failureOf } = begin();
		for (const status of [403, 503]) {
			endpoint.next.push(json({ code: "email_unverified", nonce: "0-0-0-0" }, status, { "retry-after": "86400" }));
			session.identify(`user ${status}`);
			expect(await failureOf()).toMatchObject({ code: "token_cached" });
		}
		await browser().pass(4 * seconds);
		expect(await session.getToken()).toBe("ada-1");
	});

	it("of another request leaves the present token valid until its end, and is not asked for in a loop", async () => {
		const { endpoint, session } = beginFresh();
		endpoint.isEchoing = true;
		await settle();
		for (let again = 0; again < 50; again++) endpoint.next.push(json({ token: "grace-9", expiresIn: 300, nonce: "0-0-0-0" }));
		await browser().pass(298 * seconds);
		expect(session.state).toEqual({ status: "signed_in", token: "ada-1" });
		await browser().pass(600 * seconds);
		expect(session.state).toMatchObject({ status: "failed", error: { code: "token_cached" } });
		expect(endpoint.requests.length).toBeLessThan(20);
	});

	it.each([undefined, null])("is not missed at an endpoint that returns none: %j", async (nonce) => {
		const { endpoint, session } = begin();
		endpoint.next.push(json({ token: "ada-9", expiresIn: 300, nonce }));
		expect(await session.getToken()).toBe("ada-9");
	});
});

describe("a token that the page has seen under another user", () => {
	const echo = (endpoint: SimulatedEndpoint, body: object): Response =>
		json({ ...body, nonce: new URLSearchParams(endpoint.requests.at(-1)?.url.split("?")[1]).get("nonce") });

	it.each([
		["named right after", () => {}],
		["named after sign-out", (session: { signOut(): unknown }) => void session.signOut()],
	])("is never handed out, whatever brings it back: to a user %s", async (_, between) => {
		const { endpoint, session, failureOf, events } = begin();
		session.identify("ada");
		expect(await session.getToken()).toBe("ada-1");
		between(session);
		session.identify("grace");
		endpoint.next.push(json({ token: "ada-1", expiresIn: 300 }), json({ token: "ada-1", expiresIn: 300 }));
		expect(await failureOf()).toMatchObject({ code: "token_cached" });
		expect(session.state.status).toBe("failed");
		await browser().pass(4 * seconds);
		expect(await failureOf()).toMatchObject({ code: "token_cached" });
		expect(events.filter(({ type }) => type === "received")).toHaveLength(1);
		endpoint.cookie = "grace";
		await browser().pass(8 * seconds);
		expect(await session.getToken()).toBe("grace-2");
	});

	it("is that user's again, once they are back", async () => {
		const { endpoint, session, failureOf } = begin();
		session.identify("ada");
		await session.getToken();
		session.identify("grace");
		endpoint.next.push(json({ token: "ada-1", expiresIn: 300 }));
		expect(await failureOf()).toMatchObject({ code: "token_cached" });
		session.identify("ada");
		endpoint.next.push(json({ token: "ada-1", expiresIn: 300 }));
		expect(await session.getToken()).toBe("ada-1");
	});

	it("is not handed out though the endpoint says that it is fresh", async () => {
		const { endpoint, session } = begin();
		session.identify("ada");
		await session.getToken();
		session.identify("grace");
		endpoint.isManual = true;
		const asked = session.getToken();
		await settle();
		endpoint.requests.at(-1)?.answer(echo(endpoint, { token: "ada-1", expiresIn: 300 }));
		await expect(asked).rejects.toMatchObject({ code: "token_cached" });
	});

	it("and had never been named, is not handed out unless the endpoint shows that it is fresh", async () => {
		for (const isEchoing of [false, true]) {
			const { endpoint, session } = begin();
			endpoint.isEchoing = isEchoing;
			expect(await session.getToken()).toBe("ada-1");
			session.identify("ada");
			endpoint.isManual = true;
			const asked = session.getToken();
			await settle();
			// The same user in the same second gets the same token.
			const body = { token: "ada-1", expiresIn: 300 };
			endpoint.requests.at(-1)?.answer(isEchoing ? echo(endpoint, body) : json(body));
			if (isEchoing) expect(await asked).toBe("ada-1");
			else await expect(asked).rejects.toMatchObject({ code: "token_cached" });
		}
	});

	it("is not handed out on a page that names no user, after another tab has named one", async () => {
		const { endpoint, session, failureOf } = begin();
		expect(await session.getToken()).toBe("ada-1");
		createTokenSession({ endpoint: "/api/widget-token" }).identify("grace");
		endpoint.next.push(json({ token: "ada-1", expiresIn: 300 }));
		expect(await failureOf()).toMatchObject({ code: "token_cached" });
	});

	it("is not handed out on a page that names no user, after it came back from the back/forward cache", async () => {
		const { endpoint, session, failureOf } = begin();
		expect(await session.getToken()).toBe("ada-1");
		await browser().pass(10 * seconds);
		browser().dispatch("pageshow", { persisted: true });
		endpoint.next.push(json({ token: "ada-1", expiresIn: 300 }));
		expect(await failureOf()).toMatchObject({ code: "token_cached" });
	});

	it("on its way while the page was in the back/forward cache, is not taken for the present one's", async () => {
		const { endpoint, session } = begin();
		endpoint.isManual = true;
		const asked = session.getToken();
		await settle();
		browser().dispatch("pageshow", { persisted: true });
		endpoint.requests[0]?.answer(json({ token: "ada-late", expiresIn: 300 }));
		await browser().pass(3 * seconds);
		endpoint.requests[1]?.answer(json({ token: "grace-1", expiresIn: 300 }));
		expect(await asked).toBe("grace-1");
	});

	it("is remembered among the last hundred, the oldest forgotten first", async () => {
		const { endpoint, session } = begin();
		const bringBack = async (count: number): Promise<string> => {
			session.identify("grace");
			endpoint.next.push(json({ token: `ada-${count}`, expiresIn: 300 }));
			return session.getToken().then(
				() => "handed out",
				({ code }: TokenSessionError) => code,
			);
		};
		for (let count = 1; count <= 101; count++) {
			session.identify(`ada ${count}`);
			await session.getToken();
		}
		for (const count of [2, 50, 101]) {
			expect(await bringBack(count)).toBe("token_cached");
			session.identify("ada");
		}
		expect(await bringBack(1)).toBe("handed out");
	});
});

describe("a token that was too old when it came", () => {
	it("is no fresher the second time", async () => {
		const { endpoint, session } = begin();
		endpoint.isManual = true;
		const asked = session.getToken();
		await settle();
		browser().sleep(600 * seconds);
		endpoint.requests[0]?.answer(json({ token: "ada-1", expiresIn: 300 }));
		await expect(asked).rejects.toMatchObject({ code: "token_cached" });
		await browser().pass(4 * seconds);
		const again = session.getToken();
		await settle();
		endpoint.requests[1]?.answer(json({ token: "ada-1", expiresIn: 300 }));
		await expect(again).rejects.toMatchObject({ code: "token_cached" });
	});
});

describe("a cache that gives a user their own old token", () => {
	it("and gives the same token after it has expired is named, and asked no more than it must be", async () => {
		const { endpoint, session, failureOf } = begin();
		await session.getToken();
		for (let again = 0; again < 5; again++) endpoint.next.push(json({ token: "ada-1", expiresIn: 300 }));
		await browser().pass(400 * seconds);
		const error = await failureOf();
		expect(error).toMatchObject({ code: "token_cached" });
		expect(error.message).toMatch(/cache.*Exempt/);
		expect((await failureOf()).code).toBe("token_cached");
		expect(endpoint.requests).toHaveLength(2);
	});

	it("and gives an older token than the last is named too: several caches take turns", async () => {
		const { endpoint, session, failureOf } = begin();
		await session.getToken();
		await browser().pass(280 * seconds);
		expect(await session.getToken()).toBe("ada-2");
		endpoint.next.push(json({ token: "ada-1", expiresIn: 300 }));
		await browser().pass(400 * seconds);
		expect(await failureOf()).toMatchObject({ code: "token_cached" });
	});

	it("and gives a token again with what is left of its life leaves that to it", async () => {
		const { endpoint, session } = begin();
		session.identify("ada");
		await session.getToken();
		await browser().pass(100 * seconds);
		void session.signOut();
		session.identify("ada");
		endpoint.next.push(json({ token: "ada-1", expiresIn: 200 }));
		expect(await session.getToken()).toBe("ada-1");
		await browser().pass(169 * seconds);
		expect(await session.getToken()).toBe("ada-1");
		await browser().pass(1 * seconds);
		expect(await session.getToken()).toBe("ada-2");
	});

	it("and gives the same token to an early refresh leaves the token valid until its end", async () => {
		const { endpoint, session, events } = beginFresh();
		await settle();
		for (let again = 0; again < 50; again++) endpoint.next.push(json({ token: "ada-1", expiresIn: 300 }));
		await browser().pass(280 * seconds);
		expect(await session.getToken()).toBe("ada-1");
		expect(events).toContainEqual({ type: "failed", error: expect.objectContaining({ code: "token_cached" }) });
		await browser().pass(60 * seconds);
		expect(session.state).toMatchObject({ status: "failed", error: { code: "token_cached" } });
	});

	it("is not blamed when the same user comes back", async () => {
		const { endpoint, session } = begin();
		session.identify("ada");
		await session.getToken();
		void session.signOut();
		session.identify("ada");
		endpoint.next.push(json({ token: "ada-1", expiresIn: 300 }));
		expect(await session.getToken()).toBe("ada-1");
	});

	it("is not blamed for a proof that never changes", async () => {
		const { endpoint, session } = begin();
		const rejected = "0123abcd";
		endpoint.next.push(json({ token: rejected }), json({ token: rejected }));
		expect(await session.getToken()).toBe(rejected);
		await browser().pass(2 * seconds);
		expect(await session.getToken({ rejected })).toBe(rejected);
	});
});
