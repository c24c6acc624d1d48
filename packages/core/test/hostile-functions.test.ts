import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createMint, type TokenHandlerOptions, WidgetTokenError } from "@widget-token/core";
import { isNextControlFlow } from "@widget-token/core/next";
import { createVerifyHandler, type VerifyHandlerOptions } from "@widget-token/core/verify";
import { jupid, onPilot } from "@widget-token/widgets";
import fc from "fast-check";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { failures, hostileValues, traps, withThen } from "./hostile-values.ts";
import { ada, env } from "./minting.ts";
import { problemOf, request, serve } from "./serving.ts";

interface Answered {
	readonly name: string;
	readonly failure: string;
	readonly status: number;
	readonly type: string | null;
	readonly body: string;
}

/** What no answer depends on. */
const harmless = new Set(["the provider of the identity", "onEvent", "onEvent of the verification", "onEvent of the visitor"]);

describe("an app in a process of its own, whose functions fail in every way with every value", () => {
	let answers: readonly Answered[];
	let last: unknown;
	beforeAll(async () => {
		const app = fileURLToPath(new URL("hostile-app.ts", import.meta.url));
		const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=@widget-token/source", "--no-warnings", app], {
			maxBuffer: 1e8,
		}).catch((error: { stdout: string; stderr: string }) => error);
		const lines = stdout
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line) as unknown);
		last = lines.at(-1);
		answers = lines.filter((line) => typeof line === "object") as Answered[];
	});

	it("lives on, and answers each request", () => {
		expect(last).toBe("alive");
		const kinds = new Set(answers.map(({ failure }) => failure));
		expect(kinds.size).toBeGreaterThan(Object.keys(hostileValues).length * 2);
		expect(answers.length).toBe(new Set(answers.map(({ name }) => name)).size * kinds.size);
	});

	it("says what went wrong as problem+json, and nothing of what was thrown", () => {
		const unlike = answers.filter(({ name, status, type }) => {
			if (harmless.has(name)) return status !== 200;
			return status < 500 || type !== "application/problem+json";
		});
		expect(unlike).toEqual([]);
		expect(answers.filter(({ body }) => body.includes("4711"))).toEqual([]);
	});
});

describe("a function that never answers", () => {
	beforeEach(() => {
		vi.useFakeTimers();
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	const never = (): Promise<never> => new Promise(() => undefined);
	const thenable = (): Promise<never> => withThen({ value: () => undefined }) as Promise<never>;
	const stuck = [never, thenable];
	const observe = (hang: () => Promise<never>) => {
		const { promise: called, resolve } = Promise.withResolvers<void>();
		const call = (): Promise<never> => {
			resolve();
			return hang();
		};
		return { called, call };
	};

	const ofTheEndpoint: readonly (readonly [string, (hang: () => Promise<never>) => Partial<TokenHandlerOptions>, code: string])[] = [
		["identify", (identify) => ({ identify }), "provider_timeout"],
		["the rate limiter", (consume) => ({ rateLimiter: { consume } }), "limiter_unavailable"],
		["role", (role) => ({ widget: onPilot, role }), "provider_timeout"],
		["claims", (claims) => ({ widget: jupid, claims }), "provider_timeout"],
		["a member of claims", (payload) => ({ widget: jupid, claims: { payload } }), "provider_timeout"],
		["secret", (secret) => ({ secret }), "key_unavailable"],
		["a remote signer", (sign) => ({ secret: { alg: "HS256", sign } }), "key_unavailable"],
	];

	it.each(ofTheEndpoint)("of the endpoint is an outage: %s", async (_, options, code) => {
		for (const hang of stuck) {
			const { called, call } = observe(hang);
			const answering = serve(options(call)).handler(request());
			await called;
			await vi.advanceTimersByTimeAsync(5000);
			const response = await answering;
			expect(response.status).toBe(503);
			expect(await problemOf(response)).toMatchObject({ code });
			expect(vi.getTimerCount()).toBe(0);
		}
	});

	const ofTheVerification: readonly (readonly [string, (hang: () => Promise<never>) => Partial<VerifyHandlerOptions>, code: string])[] = [
		["allowedOrigins", (allowedOrigins) => ({ allowedOrigins }), "key_unavailable"],
		["client", (client) => ({ client, rateLimiter: { consume: async () => undefined } }), "key_unavailable"],
		["tenant", (tenant) => ({ tenant }), "key_unavailable"],
		["keys", (keys) => ({ keys }), "key_unavailable"],
		["secret", (secret) => ({ secret }), "key_unavailable"],
		["settings", (settings) => ({ settings }), "key_unavailable"],
		["the store of used tokens", (claim) => ({ replay: { store: { claim } } }), "replay_unavailable"],
	];

	it.each(ofTheVerification)("of the verification is an outage: %s", async (_, options, code) => {
		const { token } = await createMint(jupid, { env })(ada);
		for (const hang of stuck) {
			const { called, call } = observe(hang);
			const handler = createVerifyHandler({
				widget: jupid,
				env,
				onEvent: () => undefined,
				timeoutSeconds: 2,
				...options(call),
			});
			const asked = new Request("https://app.example.com/", {
				method: "POST",
				headers: { origin: "https://shop.example.com" },
				body: JSON.stringify({ token }),
			});
			const answering = handler(asked);
			await called;
			await vi.advanceTimersByTimeAsync(2000);
			const response = await answering;
			expect(response.status).toBe(503);
			expect(await problemOf(response)).toMatchObject({ code });
		}
	});

	it("is not waited for where its answer is there at once: no timer, no promise", async () => {
		const started = vi.spyOn(globalThis, "setTimeout");
		const mint = createMint(onPilot, { env, role: () => "user" });
		await mint(ada);
		expect(started).not.toHaveBeenCalled();
	});
});

describe("an error of ours", () => {
	it("is known by what made it, whatever is done to it or pretends to be it", () => {
		class Own extends WidgetTokenError {}
		const error = new WidgetTokenError("user_disabled");
		expect(new Own("user_disabled")).toBeInstanceOf(Own);
		expect(new Own("user_disabled")).toBeInstanceOf(WidgetTokenError);
		expect(error).not.toBeInstanceOf(Own);
		expect(new Proxy(error, {})).not.toBeInstanceOf(WidgetTokenError);
		expect(Object.create(WidgetTokenError.prototype)).not.toBeInstanceOf(WidgetTokenError);
		expect(() => Object.defineProperty(error, "code", { get: () => "not_signed_in" })).toThrow(TypeError);
	});

	it("has one of the table's codes, and no member that every object has", () => {
		for (const code of ["constructor", "__proto__", "toString", "nonsense"])
			expect(() => new WidgetTokenError(code as "internal_error"), code).toThrow(TypeError);
	});
});

describe("any proxy", () => {
	const target = fc.constantFrom<() => object>(
		() => ({}),
		() => [],
		() => new Error("4711"),
		() => new WidgetTokenError("user_disabled"),
		() => Object.assign(new Error("4711"), { digest: "NEXT_REDIRECT" }),
		() => () => undefined,
	);

	it("that is thrown is a failure like any other", async () => {
		await fc.assert(
			fc.asyncProperty(target, fc.subarray(Object.keys(traps)), fc.constantFrom(...Object.values(failures)), async (make, names, fail) => {
				const value = new Proxy(make(), Object.fromEntries(names.map((name) => [name, traps[name]])));
				expect([true, false]).toContain(isNextControlFlow(value));
				const { handler, events } = serve({ identify: (() => fail(value)) as TokenHandlerOptions["identify"] });
				const response = await handler(request());
				expect(response.status).toBe(500);
				expect(await problemOf(response)).toMatchObject({ code: "internal_error" });
				expect(events).toMatchObject([{ outcome: "failed", code: "internal_error" }]);
			}),
			{ numRuns: 300 },
		);
	});
});
