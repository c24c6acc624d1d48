import { type ErrorCode, errorCodes, type Identify, WidgetTokenError } from "@widget-token/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ada, codeOf } from "./minting.ts";
import { expectProtected, mailWidget, problemOf, request, serve } from "./serving.ts";

describe("a provider that does not answer in time", () => {
	beforeEach(() => {
		vi.useFakeTimers();
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	it.each([
		[undefined, 5000],
		[0.5, 500],
		[30, 30_000],
	])("is an outage after timeoutSeconds: %s", async (timeoutSeconds, milliseconds) => {
		let signal: AbortSignal | undefined;
		const { handler, events } = serve({
			...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
			identify: (_, context) => {
				signal = context.signal;
				return new Promise(() => undefined);
			},
		});
		let response: Response | undefined;
		const answering = handler(request()).then((answer) => (response = answer));
		await vi.advanceTimersByTimeAsync(milliseconds - 1);
		expect(response).toBeUndefined();
		expect(signal?.aborted).toBe(false);
		await vi.advanceTimersByTimeAsync(1);
		await answering;
		expect(signal?.aborted).toBe(true);
		expect(response?.status).toBe(503);
		expect(response?.headers.get("retry-after")).toBe("5");
		expect(await problemOf(response as Response)).toMatchObject({ code: "provider_timeout" });
		expect(events).toMatchObject([{ outcome: "failed", code: "provider_timeout" }]);
	});

	it("is still that outage when the aborted work fails, or finishes, afterwards", async () => {
		const late: Identify[] = [
			(_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("aborted")))),
			(_, { signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve(ada))),
			(_, { signal }) => new Promise((resolve) => signal.addEventListener("abort", () => setTimeout(resolve, 1000, ada))),
			async (_, { signal }) => {
				await new Promise((resolve) => signal.addEventListener("abort", resolve));
				throw new WidgetTokenError("credential_invalid");
			},
		];
		for (const identify of late) {
			const { handler, events } = serve({ identify });
			const answering = handler(request());
			await vi.advanceTimersByTimeAsync(7000);
			expect(await problemOf(await answering)).toMatchObject({ code: "provider_timeout" });
			expect(events).toHaveLength(1);
		}
	});

	it("leaves no timer behind when it does answer", async () => {
		for (const name of ["ada", "nobody", "expired", "broken"]) await serve().handler(request({ "x-case": name }));
		expect(vi.getTimerCount()).toBe(0);
	});
});

describe("a provider that answers", () => {
	it("gets the request itself and a signal that is not aborted", async () => {
		const asked = request({ cookie: "session=1", authorization: "Bearer 2" });
		const identify = vi.fn<Identify>(async () => ada);
		await serve({ identify }).handler(asked);
		expect(identify).toHaveBeenCalledOnce();
		expect(identify.mock.calls[0]?.[0]).toBe(asked);
		expect(identify.mock.calls[0]?.[1].signal.aborted).toBe(false);
	});

	it.each([null, undefined, false, 0, ""])("with %j says that nobody is signed in", async (answer) => {
		for (const identify of [async () => answer, () => answer]) {
			const { handler, events } = serve({ identify: identify as unknown as Identify });
			const response = await handler(request());
			expect(response.status).toBe(200);
			expect(await response.json()).toEqual({ token: null });
			expect(events).toMatchObject([{ outcome: "signed_out", provider: undefined, subject: undefined }]);
		}
	});

	const consume = (): never => expect.unreachable("the limiter was asked about nobody");

	it.each([[true], ["u_1"], [7], [[]], [[ada]], [() => ada]])(
		"with nonsense is a mistake in `identify`, not the user's: %j",
		async (answer) => {
			for (const options of [{}, { rateLimiter: { consume } }]) {
				const { handler, events } = serve({ identify: (async () => answer) as unknown as Identify, ...options });
				const response = await handler(request());
				expect(response.status).toBe(500);
				expect(await problemOf(response)).toMatchObject({ code: "provider_misconfigured" });
				expect(events).toMatchObject([
					{ outcome: "failed", detail: "`identify` returned something that is not an identity", subject: undefined },
				]);
			}
		},
	);

	// As Auth.js does whose session callback copies no id.
	it.each([[{}], [{ user: ada }], [{ id: undefined, provider: "x" }], [{ id: null, provider: "x" }], [new Response("u_1")]])(
		"without an id is told so, by the member's name: %j",
		async (answer) => {
			for (const options of [{}, { rateLimiter: { consume } }]) {
				const { handler, events } = serve({ identify: (async () => answer) as unknown as Identify, ...options });
				const response = await handler(request());
				expect(response.status).toBe(500);
				expect(await problemOf(response)).toMatchObject({ code: "provider_misconfigured" });
				expect(events).toMatchObject([
					{
						outcome: "failed",
						detail: "`identify` returned an identity without an `id`",
						remedy: expect.stringContaining("`id`"),
						subject: undefined,
					},
				]);
			}
		},
	);

	it.each([[""], [" "], [" u_1"], ["u_1\u00a0"], ["u\u0000"], [{}]])("with an unusable id refuses that user: %j", async (id) => {
		for (const options of [{}, { rateLimiter: { consume } }]) {
			const { handler, events } = serve({ identify: () => ({ ...ada, id: id as string }), ...options });
			const response = await handler(request());
			expect(response.status).toBe(403);
			expect(await problemOf(response)).toMatchObject({ code: "identity_invalid" });
			// No id was signed, so there is none to tell users apart by.
			expect(events).toMatchObject([{ outcome: "refused", detail: expect.stringMatching(/^id /), subject: undefined }]);
		}
	});

	it("without a promise, or with nothing at all, is as good", async () => {
		const answers: readonly [Identify, object][] = [
			[() => ada, { token: expect.any(String) }],
			[() => null, { token: null }],
			[() => undefined, { token: null }],
			[async () => undefined, { token: null }],
			[async () => ({ ...ada, email: null, name: null, organization: null }), { token: expect.any(String) }],
		];
		for (const [identify, body] of answers) expect(await (await serve({ identify }).handler(request())).json()).toMatchObject(body);
	});
});

describe("a provider that throws", () => {
	const thrown: readonly unknown[] = [
		new Error("session-4711"),
		new TypeError("session-4711"),
		"session-4711",
		4711,
		null,
		undefined,
		{ message: "session-4711", code: "credential_invalid", status: 401 },
		Symbol("4711"),
		new DOMException("session-4711", "AbortError"),
		new Response("session-4711", { status: 302 }),
	];

	it.each(thrown.map((value) => [value]))("something of its own is a failure without a trace of it: %s", async (value) => {
		const throwing: Identify[] = [
			() => {
				throw value;
			},
			() => Promise.reject(value),
		];
		for (const identify of throwing) {
			const { handler, events } = serve({ identify });
			const response = await handler(request());
			expect(response.status).toBe(500);
			expectProtected(response.headers);
			const body = await response.text();
			expect(JSON.parse(body)).toMatchObject({ code: "internal_error" });
			// Any digits may stand in a duration.
			const told = events.map(({ durationMs: _, ...event }) => event);
			expect(body + JSON.stringify(told) + JSON.stringify([...response.headers])).not.toContain("4711");
			expect(events).toMatchObject([{ outcome: "failed", code: "internal_error" }]);
		}
	});

	it.each(Object.keys(errorCodes) as ErrorCode[])("the code %s is answered with its status", async (code) => {
		const { handler, events } = serve({ identify: () => Promise.reject(new WidgetTokenError(code, { detail: "why" })) });
		const response = await handler(request());
		const { status } = errorCodes[code];
		expect(response.status).toBe(status);
		expect(await problemOf(response)).toEqual({ code, ...errorCodes[code] });
		expect(response.headers.has("retry-after")).toBe(status === 503);
		expect(events).toMatchObject([{ outcome: status < 500 ? "refused" : "failed", code, detail: "why" }]);
	});

	it("what the host framework throws to itself is passed through, unseen", async () => {
		const redirect = Object.assign(new Error("NEXT_REDIRECT"), { digest: "NEXT_REDIRECT;/sign-in" });
		const rethrow = (error: unknown): boolean => error === redirect;
		const { handler, events } = serve({ identify: () => Promise.reject(redirect), rethrow });
		await expect(handler(request())).rejects.toBe(redirect);
		await expect(handler.tokenFor(request())).rejects.toBe(redirect);
		expect(events).toEqual([]);
		expect((await serve({ identify: () => Promise.reject(new Error("other")), rethrow }).handler(request())).status).toBe(500);
	});
});

describe("a mapping of the integrator's that throws", () => {
	it("is a failure, not a token without the claim", async () => {
		const role = (): never => {
			throw new Error("4711");
		};
		const { onPilot } = await import("@widget-token/widgets");
		const { handler, events } = serve({ widget: onPilot, role });
		const response = await handler(request());
		expect(response.status).toBe(500);
		expect((await response.text()) + JSON.stringify(events)).not.toContain("4711");
	});

	it("with a code is answered with it", async () => {
		const { handler } = serve({ widget: mailWidget, identify: async () => ({ ...ada, emailVerified: false }) });
		expect(await problemOf(await handler(request()))).toMatchObject({ code: "email_unverified", status: 403 });
		expect(await codeOf(() => handler.tokenFor(request()))).toBe("email_unverified");
	});
});
