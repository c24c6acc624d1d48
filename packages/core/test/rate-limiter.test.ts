import { RateLimiterMemory } from "rate-limiter-flexible";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ada } from "./minting.ts";
import { problemOf, request, serve } from "./serving.ts";

afterEach(() => {
	vi.useRealTimers();
});

describe("a rate limiter", () => {
	const limited = (points: number, duration = 60) =>
		serve({
			rateLimiter: new RateLimiterMemory({ points, duration }),
			identify: async (asked) => {
				const id = asked.headers.get("x-user");
				return id === null ? null : { ...ada, id };
			},
		});

	it("of rate-limiter-flexible refuses the user who asks too often, with the time to wait", async () => {
		const { handler, events } = limited(3);
		for (let count = 0; count < 3; count++) expect((await handler(request({ "x-user": "1" }))).status).toBe(200);
		const response = await handler(request({ "x-user": "1" }));
		expect(response.status).toBe(429);
		expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
		expect(Number(response.headers.get("retry-after"))).toBeLessThanOrEqual(60);
		expect(await problemOf(response)).toMatchObject({ code: "rate_limited" });
		expect(events.at(-1)).toMatchObject({ outcome: "refused", code: "rate_limited", provider: "my-app", subject: expect.any(String) });
	});

	it("counts each user alone, and nobody not at all", async () => {
		const { handler } = limited(1);
		expect((await handler(request({ "x-user": "1" }))).status).toBe(200);
		expect((await handler(request({ "x-user": "2" }))).status).toBe(200);
		for (let count = 0; count < 3; count++) expect((await handler(request())).status).toBe(200);
		expect((await handler(request({ "x-user": "1" }))).status).toBe(429);
	});

	it("counts by the id that is signed, and never two users as one", async () => {
		const keys: string[] = [];
		const rateLimiter = { consume: async (key: string) => void keys.push(key) };
		const ask = async (provider: string, id: string | number): Promise<string | undefined> => {
			await serve({ rateLimiter, identify: () => ({ provider, id: id as string }) }).handler(request());
			return keys.pop();
		};
		const asked = [
			["a", "b:c"],
			["a:b", "c"],
			['a","b', "c"],
			["a", 'b","c'],
			["a", "zo\u00eb"],
			["a", "zoe\u0308"],
		] as const;
		const counted: unknown[] = [];
		for (const [provider, id] of asked) counted.push(await ask(provider, id));
		expect(counted).not.toContain(undefined);
		expect(new Set(counted).size).toBe(asked.length);
		expect(await ask("a", 42)).toBe(await ask("a", "42"));
	});

	it("counts tokenFor too", async () => {
		const { handler } = limited(1);
		await handler.tokenFor(request({ "x-user": "1" }));
		await expect(handler.tokenFor(request({ "x-user": "1" }))).rejects.toMatchObject({ code: "rate_limited" });
	});

	it("that fails by itself lets nobody through", async () => {
		const failures = [
			() => Promise.reject(new Error("redis is down")),
			() => Promise.reject(null),
			() => Promise.reject({ msBeforeNext: "soon" }),
		];
		const thrower = (): never => {
			throw new Error("redis is down");
		};
		for (const consume of [...failures, thrower]) {
			const response = await serve({ rateLimiter: { consume } }).handler(request());
			expect(response.status).toBe(503);
			expect(response.headers.get("retry-after")).toBe("5");
			expect(await problemOf(response)).toMatchObject({ code: "limiter_unavailable" });
		}
	});

	it("that never answers lets nobody through, and does not hold the request", async () => {
		vi.useFakeTimers();
		const answering = serve({ rateLimiter: { consume: () => new Promise(() => undefined) } }).handler(request());
		await vi.advanceTimersByTimeAsync(5000);
		expect(await problemOf(await answering)).toMatchObject({ code: "limiter_unavailable" });
	});

	it("says at least one second", async () => {
		for (const [msBeforeNext, seconds] of [
			[0, "1"],
			[1, "1"],
			[1001, "2"],
			[60_000, "60"],
		] as const) {
			const response = await serve({ rateLimiter: { consume: () => Promise.reject({ msBeforeNext }) } }).handler(request());
			expect(response.headers.get("retry-after")).toBe(seconds);
		}
	});
});
