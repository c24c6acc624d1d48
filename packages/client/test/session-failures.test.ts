import { createTokenSession, type TokenSessionError, type TokenState } from "@widget-token/client";
import { describe, expect, it } from "vitest";
import { begin } from "./begin-session.ts";
import { settle, simulateBrowser } from "./simulated-browser.ts";
import { json, redirect, SimulatedEndpoint } from "./simulated-endpoint.ts";

const browser = simulateBrowser();
const seconds = 1000;
const offline = (): Error => new TypeError("Failed to fetch");
const loginPage = (): Response => new Response("<!doctype html><title>Sign in</title>", { headers: { "content-type": "text/html" } });

const beginFresh = (options = {}) => {
	const begun = begin(options);
	const states: TokenState[] = [];
	begun.session.subscribe((state) => states.push(state), { fresh: () => true });
	return { ...begun, states };
};

describe("what is over by itself after a while", () => {
	it.each([408, 425, 429, 500, 502, 503, 504, 599])("status %d: is asked again", async (status) => {
		const { endpoint, session, states } = beginFresh();
		endpoint.next.push(json({}, status), json({}, status), json({}, status));
		await browser().pass(60 * seconds);
		expect(states.map((state) => state.status)).toEqual(["failed", "failed", "failed", "signed_in"]);
		expect(states[0]).toMatchObject({ error: { code: "endpoint_unavailable", status } });
		expect(await session.getToken()).toBe("ada-1");
		expect(endpoint.requests).toHaveLength(4);
	});

	it("no network: is asked again, and at once when the browser is online", async () => {
		const { endpoint, session, states } = beginFresh();
		browser().random = 1;
		for (let attempt = 0; attempt < 8; attempt++) endpoint.next.push(offline());
		await browser().pass(3600 * seconds);
		expect(states.at(-1)).toMatchObject({ status: "signed_in" });

		await browser().pass(10 * seconds);
		void session.signOut();
		endpoint.next.push(offline(), offline(), offline(), offline(), offline());
		session.identify("ada");
		await browser().pass(40 * seconds);
		expect(session.state).toMatchObject({ status: "failed", error: { code: "network_failed" } });
		endpoint.next.length = 0;
		const asked = endpoint.requests.length;
		browser().dispatch("online");
		await settle();
		expect(endpoint.requests).toHaveLength(asked + 1);
		expect(session.state.status).toBe("signed_in");
	});

	it("an answer that never comes: is given up after 15 s, and asked for again", async () => {
		const { endpoint, states } = beginFresh();
		endpoint.isManual = true;
		await browser().pass(15 * seconds);
		expect(states).toMatchObject([{ status: "failed", error: { code: "network_failed" } }]);
		expect(endpoint.requests[0]?.init.signal?.aborted).toBe(true);
		endpoint.isManual = false;
		await browser().pass(10 * seconds);
		expect(states.at(-1)).toMatchObject({ status: "signed_in" });
	});

	it("a provider that cannot give its bearer token: is asked again", async () => {
		let isBroken = true;
		const { session } = beginFresh({
			authorization: async () => (isBroken ? Promise.reject(new Error("auth/network-request-failed")) : "id-token"),
		});
		await settle();
		expect(session.state).toMatchObject({ status: "failed", error: { code: "network_failed" } });
		isBroken = false;
		await browser().pass(10 * seconds);
		expect(session.state.status).toBe("signed_in");
	});

	it("pauses grow with full jitter, to 5 minutes at most", async () => {
		const pausesWith = async (random: number): Promise<number[]> => {
			const { endpoint, session } = beginFresh();
			browser().random = random;
			for (let attempt = 0; attempt < 14; attempt++) endpoint.next.push(offline());
			await browser().pass(7200 * seconds);
			session.dispose();
			const times = endpoint.requests.slice(0, 14).map(({ at }) => at / seconds);
			return times.slice(1).map((time, index) => time - (times[index] as number));
		};
		expect(await pausesWith(1)).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300, 300]);
		expect(await pausesWith(0.5)).toEqual([2, 2, 4, 8, 16, 32, 64, 128, 150, 150, 150, 150, 150]);
		expect(Math.max(...(await pausesWith(0)))).toBe(2);
	});

	it.each([
		["seconds", { "retry-after": "120" }],
		[
			"a date, by the server's clock, not the browser's",
			{ "retry-after": "Wed, 21 Oct 2015 07:30:00 GMT", date: "Wed, 21 Oct 2015 07:28:00 GMT" },
		],
	])("waits for Retry-After in %s", async (_, headers) => {
		const { endpoint, session } = beginFresh();
		endpoint.next.push(json({}, 503, headers));
		await browser().pass(119 * seconds);
		browser().dispatch("online");
		await settle();
		expect(endpoint.requests).toHaveLength(1);
		expect(session.state).toMatchObject({ status: "failed", error: { retryAfterSeconds: 120 } });
		await browser().pass(2 * seconds);
		expect(endpoint.requests).toHaveLength(2);
	});

	it.each(["soon", "-5", "Wed, 21 Oct 2015 07:30:00 GMT", ""])("is not misled by a Retry-After of %j", async (value) => {
		const { endpoint, session } = beginFresh();
		endpoint.next.push(json({}, 503, { "retry-after": value }));
		await browser().pass(10 * seconds);
		expect(session.state.status).toBe("signed_in");
		expect(endpoint.requests).toHaveLength(2);
	});

	it("costs who asks in between nothing but the error", async () => {
		const { endpoint, failureOf } = begin();
		browser().random = 1;
		endpoint.next.push(json({}, 503));
		expect((await failureOf()).code).toBe("endpoint_unavailable");
		for (let again = 0; again < 10; again++) expect((await failureOf()).code).toBe("endpoint_unavailable");
		expect(endpoint.requests).toHaveLength(1);
	});

	it("keeps the token that is still valid, while an early refresh fails", async () => {
		const { endpoint, session, states, events } = beginFresh();
		await settle();
		browser().random = 1;
		endpoint.next.push(json({}, 503), json({}, 503));
		await browser().pass(272 * seconds);
		expect(endpoint.requests).toHaveLength(3);
		expect(await session.getToken()).toBe("ada-1");
		expect(session.state).toEqual({ status: "signed_in", token: "ada-1" });
		expect(states).toEqual([{ status: "signed_in", token: "ada-1" }]);
		expect(events.filter(({ type }) => type === "failed")).toHaveLength(2);
		await browser().pass(10 * seconds);
		expect(session.state).toEqual({ status: "signed_in", token: "ada-2" });
	});

	it("and lasts until the token has expired: then nobody is given it", async () => {
		const { endpoint, session, states } = beginFresh();
		await settle();
		for (let attempt = 0; attempt < 40; attempt++) endpoint.next.push(json({}, 503));
		await browser().pass(298 * seconds);
		expect(session.state.status).toBe("signed_in");
		await browser().pass(1 * seconds);
		expect(session.state.status).not.toBe("signed_in");
		await browser().pass(60 * seconds);
		expect(states.at(-1)).toMatchObject({ status: "failed", error: { code: "endpoint_unavailable" } });
		await expect(session.getToken()).rejects.toMatchObject({ code: "endpoint_unavailable" });
	});
});

describe("what only a person can fix", () => {
	const mistakes: readonly (readonly [name: string, answer: () => Response, error: object, text: RegExp])[] = [
		[
			"a refusal",
			() => json({ title: "The user's e-mail address is not verified", code: "email_unverified", remedy: "Verify it." }, 403),
			{ code: "endpoint_refused", status: 403, reason: "email_unverified" },
			/not verified\. Verify it\.$/,
		],
		[
			"a refusal without a remedy",
			() => json({ title: "Unauthorized" }, 401),
			{ code: "endpoint_refused" },
			/^Unauthorized\. See its log\.$/,
		],
		["401", () => json({}, 401), { code: "endpoint_refused", status: 401 }, /status 401/],
		["404 as HTML", () => new Response("<!doctype html>", { status: 404 }), { code: "endpoint_refused", status: 404 }, /status 404/],
		["a redirect to a login page", redirect, { code: "endpoint_redirected" }, /redirect.*login page.*Exempt/],
		[
			"a redirect, outside browsers",
			() => new Response(null, { status: 307, headers: { location: "/login" } }),
			{ code: "endpoint_redirected" },
			/redirect/,
		],
		["HTML instead of JSON", loginPage, { code: "endpoint_not_json", status: 200 }, /no JSON.*Check its address/],
		["JSON that is not the endpoint's", () => json({ jwt: "x" }), { code: "endpoint_not_json" }, /JSON/],
		["null", () => json(null), { code: "endpoint_not_json" }, /JSON/],
		["an empty token", () => json({ token: "", expiresIn: 60 }), { code: "endpoint_not_json" }, /JSON/],
		["a token that is no text", () => json({ token: { a: 1 }, expiresIn: 60 }), { code: "endpoint_not_json" }, /JSON/],
		["a lifetime that is no number", () => json({ token: "ada-x", expiresIn: "an hour" }), { code: "endpoint_not_json" }, /JSON/],
		["a lifetime of nothing", () => json({ token: "ada-x", expiresIn: 0 }), { code: "endpoint_not_json" }, /JSON/],
	];

	it.each(mistakes)("%s: stops, with an error of its own that says what to do", async (_, answer, error, text) => {
		const { endpoint, failureOf, events, session } = begin();
		session.subscribe(() => {}, { fresh: () => true });
		endpoint.next.push(answer());
		expect(await failureOf()).toMatchObject(error);
		expect((await failureOf()).message).toMatch(text);
		await browser().pass(86_400 * seconds);
		browser().dispatch("online");
		browser().dispatch("visibilitychange");
		await browser().pass(10 * seconds);
		expect(endpoint.requests).toHaveLength(1);
		expect(browser().timers.size).toBe(0);
		expect(events.filter(({ type }) => type === "failed")).toHaveLength(1);
	});

	it("stops until a retry that is asked for", async () => {
		const { endpoint, session, failureOf } = begin();
		endpoint.next.push(json({}, 403));
		await failureOf();
		await browser().pass(2 * seconds);
		expect(await session.getToken({ retry: true })).toBe("ada-1");
	});

	it.each(["ada", "grace"])("stops until a user is named, the same or another: %s", async (user) => {
		const { endpoint, session, failureOf } = begin();
		session.identify("ada");
		endpoint.next.push(json({}, 403));
		await failureOf();
		endpoint.cookie = user;
		await browser().pass(2 * seconds);
		session.identify(user);
		expect(await session.getToken()).toBe(`${user}-1`);
	});

	it("keeps the token that is still valid, until it has expired", async () => {
		const { endpoint, session } = beginFresh();
		await settle();
		endpoint.next.push(json({}, 403));
		await browser().pass(280 * seconds);
		expect(await session.getToken()).toBe("ada-1");
		await browser().pass(20 * seconds);
		expect(session.state).toMatchObject({ status: "failed", error: { code: "endpoint_refused" } });
		await expect(session.getToken()).rejects.toMatchObject({ code: "endpoint_refused" });
		expect(endpoint.requests).toHaveLength(2);
	});
});

describe("no error or event", () => {
	it("holds a token", async () => {
		const { endpoint, session, events, failureOf } = begin({ authorization: async () => "secret-id-token" });
		endpoint.next.push(
			json({ token: "secret-widget-token", expiresIn: 10 }),
			new Response("secret-widget-token"),
			json({ token: ["secret-widget-token"] }),
		);
		await session.getToken();
		await browser().pass(20 * seconds);
		const errors = [await failureOf()];
		await browser().pass(2 * seconds);
		errors.push((await session.getToken({ retry: true }).catch((error: unknown) => error)) as TokenSessionError);
		await session.signOut();
		const told = JSON.stringify([events, errors, errors.map(({ message, stack, cause }) => [message, stack, String(cause)])]);
		expect(errors.map(({ code }) => code)).toEqual(["endpoint_not_json", "endpoint_not_json"]);
		expect(told).not.toContain("secret");
	});

	it("harms the session when its observer throws", async () => {
		const endpoint = new SimulatedEndpoint();
		const session = createTokenSession({
			endpoint: "/api/widget-token",
			fetch: endpoint.fetch,
			onEvent: () => {
				throw new Error("observer");
			},
		});
		expect(await session.getToken()).toBe("ada-1");
	});
});
