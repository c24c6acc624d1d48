import { type TokenEvent, WidgetTokenError } from "@widget-token/core";
import { createVerify, type VerifyEvent } from "@widget-token/core/verify";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { hostileValues } from "./hostile-values.ts";
import { ada } from "./minting.ts";
import { request, serve } from "./serving.ts";
import { contract, sign } from "./verifying.ts";

afterEach(() => {
	vi.restoreAllMocks();
	vi.unstubAllEnvs();
	vi.unstubAllGlobals();
});

const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1XzQ3MTEifQ.c2lnbmF0dXJl";

/** What the default log writes when `identify` throws a value. */
async function logOf(thrown: unknown): Promise<string> {
	const console_ = vi.spyOn(console, "error").mockImplementation(() => undefined);
	await serve({ onEvent: undefined, identify: () => Promise.reject(thrown) }).handler(request());
	const lines = console_.mock.calls.map((call) => {
		expect(call).toHaveLength(1);
		return String(call[0]);
	});
	console_.mockRestore();
	return lines.join("\n");
}

function readSession(session: string): never {
	throw new TypeError(`Cannot read the session ${session}`);
}

function thrownBy(work: () => unknown): unknown {
	try {
		return work();
	} catch (error) {
		return error;
	}
}

describe("in development the default log", () => {
	it("shows a mistake in `identify` with its message and where it was made", async () => {
		const log = await logOf(thrownBy(() => readSession("4711")));
		expect(log).toContain("[widget-token] internal_error: profile, caused by TypeError\nTypeError: Cannot read the session 4711\n");
		expect(log).toMatch(/\n {4}at readSession \(.*failure-log\.test\.ts:\d+:\d+\)\n/);
	});

	it("shows the causes behind it, and behind an error of ours", async () => {
		const down = new Error("connect ECONNREFUSED");
		const failed = new TypeError("fetch failed", { cause: down });
		for (const error of [failed, new WidgetTokenError("provider_unavailable", { detail: "no answer", cause: failed })]) {
			const log = await logOf(error);
			expect(log).toContain("\nTypeError: fetch failed\n    at ");
			expect(log).toContain("\nError: connect ECONNREFUSED\n    at ");
			expect(log).not.toContain("\nWidgetTokenError");
		}
	});

	it("shows what is not an error", async () => {
		expect(await logOf("out of order")).toContain("\nstring: out of order");
		expect(await logOf({ message: "out of order" })).toContain("\nout of order");
	});

	it("shows neither a token of the message nor what would steer the terminal", async () => {
		for (const text of [jwt, `${jwt.slice(0, 40)}…`, `Bearer opaque-4711`, `authorization: bearer opaque-4711`]) {
			const log = await logOf(new Error(`The provider refused "${text}"`));
			expect(log).toContain("The provider refused");
			expect(log).toContain("[redacted]");
			for (const part of [...jwt.split("."), "opaque-4711"]) expect(log).not.toContain(part);
		}
		expect(await logOf(new Error("\u001b[2Jcleared"))).not.toContain("\u001b");
	});
});

describe("in production the default log", () => {
	const secret = "4711-session";

	it("names the class and the frames of an error and of its causes, and no message", async () => {
		vi.stubEnv("NODE_ENV", "production");
		const cause = thrownBy(() => readSession(secret));
		const log = await logOf(new RangeError(`Outer ${secret}`, { cause }));
		expect(log).toMatch(
			/^\[widget-token\] internal_error: profile, caused by RangeError\nRangeError\n(?: {4}at .*\n)+TypeError\n {4}at readSession \(/,
		);
		expect(log).not.toContain(secret);
		expect(log).not.toContain("Outer");
	});

	it("takes no line of a message for a frame, whatever the message and whatever became of it", async () => {
		vi.stubEnv("NODE_ENV", "production");
		const line = fc.oneof(
			fc.constantFrom("", "Error", "    at ", `    at ${secret} (/app/${secret}.js:1:1)`, "Error: x", "x"),
			fc.string({ maxLength: 12 }).map((text) => `${text}${secret}`),
		);
		const text = fc.array(line, { maxLength: 5 }).map((lines) => lines.join("\n"));
		const change = fc.constantFrom<(error: Error, other: string) => void>(
			() => undefined,
			(error, other) => {
				error.stack = `${error.stack}\nCaused by: ${other}`;
			},
			(error, other) => {
				error.cause = { stack: other, message: other };
			},
			(error, other) => {
				error.name = other;
			},
			(error) => {
				error.message = "";
			},
		);
		await fc.assert(
			fc.asyncProperty(text, text, change, async (message, other, apply) => {
				const error = new Error(`${secret}${message}`);
				apply(error, other);
				expect(await logOf(error)).not.toContain(secret);
			}),
			{ numRuns: 1000 },
		);
	});

	it("is what a runtime gets that cannot tell", async () => {
		vi.stubGlobal("process", undefined);
		expect(await logOf(new Error(secret))).not.toContain(secret);
		vi.stubGlobal("process", {
			get env() {
				throw new Error("NotCapable");
			},
		});
		expect(await logOf(new Error(secret))).not.toContain(secret);
	});
});

describe("the default log", () => {
	it.each(Object.entries(hostileValues))("writes its line, whatever was thrown: %s", async (_, make) => {
		for (const mode of ["development", "production"]) {
			vi.stubEnv("NODE_ENV", mode);
			expect(await logOf(make())).toMatch(/^\[widget-token\] (?:internal_error|provider_unavailable): profile/);
		}
	});

	it("names the member of a profile that cannot be signed, for the app maps it wrongly", async () => {
		const console_ = vi.spyOn(console, "error").mockImplementation(() => undefined);
		await serve({ onEvent: undefined, identify: async () => ({ ...ada, id: "\u0000" }) }).handler(request());
		expect(console_.mock.calls.map(String)).toEqual([expect.stringMatching(/^\[widget-token\] identity_invalid: profile, id /)]);
	});

	it("is the same for a verification", async () => {
		const console_ = vi.spyOn(console, "error").mockImplementation(() => undefined);
		const verify = createVerify(contract, { keys: () => readSession("4711"), now: Date.now });
		await verify(sign()).catch(() => undefined);
		expect(String(console_.mock.calls)).toMatch(
			/^\[widget-token\] key_unavailable: .*\nTypeError: Cannot read the session 4711\n {4}at readSession/,
		);
	});
});

describe("an event", () => {
	it("carries the very value that was thrown, out of sight of whoever writes the whole event down", async () => {
		const thrown = { message: "session-4711" };
		const events: (TokenEvent | VerifyEvent)[] = [];
		const onEvent = (event: TokenEvent | VerifyEvent): void => void events.push(event);
		await serve({ onEvent, identify: () => Promise.reject(thrown) }).handler(request());
		await createVerify(contract, { onEvent, keys: () => Promise.reject(thrown) })(sign()).catch(() => undefined);
		expect(events[0]?.error).toBe(thrown);
		expect(events[1]?.error).toMatchObject({ code: "key_unavailable", cause: thrown });
		expect(JSON.stringify(events.map((event) => ({ ...event })))).not.toContain("4711");
	});

	it("of a token has no error", async () => {
		const { handler, events } = serve();
		await handler(request());
		expect(events[0]?.error).toBeUndefined();
	});
});
