import { createHash } from "node:crypto";
import { type Identity, type TokenEvent, WidgetTokenError } from "@widget-token/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ada, env } from "./minting.ts";
import { mailWidget, problemOf, request, serve } from "./serving.ts";

afterEach(() => {
	vi.restoreAllMocks();
});

const members = ["outcome", "code", "detail", "remedy", "cause", "widget", "provider", "subject", "durationMs"];

describe("an event", () => {
	it("tells of a minted token: for which widget, from which provider, for whom, how long it took", async () => {
		const { handler, events } = serve();
		await handler(request());
		const subject = createHash("sha256").update('["my-app","u_1"]').digest("hex").slice(0, 24);
		expect(events).toEqual([{ outcome: "minted", widget: "profile", provider: "my-app", subject, durationMs: expect.any(Number) }]);
		expect(events[0]?.durationMs).toBeGreaterThanOrEqual(0);
		expect(Object.isFrozen(events[0])).toBe(true);
	});

	it("tells of a visitor who is not signed in", async () => {
		const { handler, events } = serve();
		await handler(request({ "x-case": "nobody" }));
		expect(events).toEqual([
			{ outcome: "signed_out", widget: "profile", provider: undefined, subject: undefined, durationMs: expect.any(Number) },
		]);
	});

	it("tells of a refusal and of a failure apart, with what exactly was wrong and the class of the error behind it", async () => {
		class VendorError extends Error {}
		const refused = new WidgetTokenError("credential_invalid", {
			detail: "the audience is another project's",
			cause: new VendorError("session-token-4711"),
		});
		const failed = new WidgetTokenError("provider_unavailable", {
			detail: "the provider answered 502",
			cause: new TypeError("session-token-4711"),
		});
		for (const [error, outcome, cause] of [
			[refused, "refused", "VendorError"],
			[failed, "failed", "TypeError"],
		] as const) {
			const { handler, events } = serve({ identify: () => Promise.reject(error) });
			await handler(request());
			expect(events).toEqual([
				{
					outcome,
					code: error.code,
					detail: error.detail,
					remedy: error.remedy,
					cause,
					widget: "profile",
					provider: undefined,
					subject: undefined,
					durationMs: expect.any(Number),
				},
			]);
		}
	});

	it("names the user of a refusal that comes after the sign-in", async () => {
		const { handler, events } = serve({ widget: mailWidget, identify: async () => ({ ...ada, emailVerified: false }) });
		await handler(request());
		expect(events).toMatchObject([
			{ outcome: "refused", code: "email_unverified", provider: "my-app", subject: expect.stringMatching(/^[0-9a-f]{24}$/) },
		]);
	});

	it("tells users apart by a hash that is the same each time", async () => {
		const { handler, events } = serve({
			identify: async (asked) => ({ ...ada, id: asked.headers.get("x-user") ?? "", provider: asked.headers.get("x-provider") ?? "a" }),
		});
		for (const headers of [{ "x-user": "1" }, { "x-user": "1" }, { "x-user": "2" }, { "x-user": "1", "x-provider": "b" }])
			await handler(request(headers));
		const [first, again, other, elsewhere] = events.map(({ subject }) => subject);
		expect(again).toBe(first);
		expect(new Set([first, other, elsewhere]).size).toBe(3);
	});

	it("tells apart whom a provider's name with a separator in it could confuse, and knows a number by its text", async () => {
		const subjectOf = async (identity: Pick<Identity, "id" | "provider">): Promise<unknown> => {
			const { handler, events } = serve({ identify: () => identity });
			await handler(request());
			return events[0]?.subject;
		};
		expect(await subjectOf({ provider: "a:b", id: "c" })).not.toBe(await subjectOf({ provider: "a", id: "b:c" }));
		expect(await subjectOf({ provider: "a", id: "zo\u00eb" })).not.toBe(await subjectOf({ provider: "a", id: "zoe\u0308" }));
		expect(await subjectOf({ provider: "a", id: 42 as unknown as string })).toBe(await subjectOf({ provider: "a", id: "42" }));
	});

	it("comes once for each request for a token, and for tokenFor", async () => {
		const { handler, events } = serve();
		await Promise.all(Array.from({ length: 20 }, () => handler(request())));
		expect(events).toHaveLength(20);
		await handler.tokenFor(request());
		await handler.tokenFor(request({ "x-case": "expired" })).catch(() => undefined);
		expect(events.slice(20)).toMatchObject([{ outcome: "minted" }, { outcome: "refused" }]);
	});

	it("holds no token, no secret, no claim and no header of the request", async () => {
		const marked = { ...ada, id: "subject-4711", email: "mail-4711@example.com", name: "name-4711", user: { session: "raw-4711" } };
		const events: TokenEvent[] = [];
		const tokens: string[] = [];
		const cases: readonly Parameters<typeof serve>[0][] = [
			{},
			{ widget: mailWidget },
			{ identify: async () => ({ ...marked, emailVerified: false }), widget: mailWidget },
			{ identify: async () => ({ ...marked, name: "a\u0000-4711", email: "no address 4711" }), widget: mailWidget },
			{ identify: async () => ({ ...marked, id: `4711${"x".repeat(500)}` }) },
			{ identify: () => Promise.reject(new WidgetTokenError("credential_invalid", { cause: new Error("session-4711") })) },
			{ rateLimiter: { consume: () => Promise.reject(new Error("redis://user:password-4711@host")) } },
			{ secret: "secret-4711" },
		];
		for (const options of cases) {
			const { handler } = serve({ identify: async () => marked, onEvent: (event) => void events.push(event), ...options });
			const response = await handler(
				request({ cookie: "session=cookie-4711", authorization: "Bearer bearer-4711", "user-agent": "agent-4711" }, "GET", "?x=query-4711"),
			);
			const { token } = (await response.json()) as { token?: string };
			if (token) tokens.push(token);
		}
		expect(events).toHaveLength(cases.length);
		const text = JSON.stringify(events);
		expect(text).not.toContain("4711");
		expect(tokens.length).toBe(2);
		for (const part of tokens.flatMap((token) => token.split("."))) expect(text).not.toContain(part);
		for (const event of events) expect(Object.keys(event).filter((member) => !members.includes(member))).toEqual([]);
	});
});

describe("an observer", () => {
	const observers: readonly (readonly [string, () => unknown])[] = [
		[
			"throws",
			() => {
				throw new Error("log is down");
			},
		],
		["rejects", () => Promise.reject(new Error("log is down"))],
		["never answers", () => new Promise(() => undefined)],
		["returns nonsense", () => "no"],
		["returns what throws when it is looked at", () => new Proxy({}, { get: () => expect.unreachable("log is down") })],
	];

	it.each(observers)("that %s does not reach the request", async (_, onEvent) => {
		const rejections: unknown[] = [];
		const onRejection = (reason: unknown): number => rejections.push(reason);
		process.on("unhandledRejection", onRejection);
		try {
			for (const [name, status] of [
				["ada", 200],
				["nobody", 200],
				["expired", 401],
				["broken", 500],
			] as const) {
				const { handler } = serve({ onEvent });
				expect((await handler(request({ "x-case": name }))).status).toBe(status);
				if (status === 200)
					expect(await handler.tokenFor(request({ "x-case": name }))).toSatisfy((minted) => (minted === null) === (name === "nobody"));
			}
			await new Promise((resolve) => setTimeout(resolve, 5));
			expect(rejections).toEqual([]);
		} finally {
			process.off("unhandledRejection", onRejection);
		}
	});

	it("that is not given: failures go to the console, without their cause, and nothing else does", async () => {
		const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const spies = (["log", "info", "warn", "debug"] as const).map((name) => vi.spyOn(console, name).mockImplementation(() => undefined));
		for (const name of ["ada", "nobody", "expired", "disabled"]) await serve({ onEvent: undefined }).handler(request({ "x-case": name }));
		expect(error).not.toHaveBeenCalled();
		await serve({ onEvent: undefined }).handler(request({ "x-case": "broken" }));
		await serve({ onEvent: undefined }).handler(request({ "x-case": "outage" }));
		await serve({ onEvent: undefined, env: {} }).handler(request());
		expect(error.mock.calls.map(String)).toEqual([
			"[widget-token] internal_error: profile, caused by Error",
			"[widget-token] provider_unavailable: profile, the provider answered 502. Try again.",
			"[widget-token] secret_missing: profile, ACME_SECRET. Set the environment variable to the value from the vendor's dashboard, or pass `secret`.",
		]);
		for (const spy of spies) expect(spy).not.toHaveBeenCalled();
	});

	it("cannot change what is answered", async () => {
		const { handler } = serve({
			onEvent: (event) => {
				(event as { outcome: string }).outcome = "minted";
			},
		});
		expect(await problemOf(await handler(request({ "x-case": "expired" })))).toMatchObject({ code: "credential_expired" });
	});

	it("is not asked to see a preflight or a refused method", async () => {
		const { handler, events } = serve({ env });
		await handler(request({}, "DELETE"));
		await handler(request({}, "OPTIONS"));
		expect(events).toEqual([]);
	});
});
