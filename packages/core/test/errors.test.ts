import { readdir, readFile } from "node:fs/promises";
import { type ErrorCode, errorCodes, WidgetTokenError } from "@widget-token/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const codes = Object.keys(errorCodes) as ErrorCode[];

describe("the table of errors", () => {
	it.each(codes)("describes %s: a status, a sentence safe for anybody, and a remedy", (code) => {
		const { status, title, remedy } = errorCodes[code];
		expect([400, 401, 403, 405, 429, 500, 503]).toContain(status);
		expect(code).toMatch(/^[a-z]+(?:_[a-z]+)+$/);
		expect(title).toMatch(/^[A-Z].*[^.!]$/);
		expect(remedy).toMatch(/^[A-Z].*\.$/);
		expect(Object.keys(errorCodes[code])).toEqual(["status", "title", "remedy"]);
		expect(Object.isFrozen(errorCodes[code])).toBe(true);
	});

	it("has no two codes with one title", () => {
		expect(new Set(codes.map((code) => errorCodes[code].title)).size).toBe(codes.length);
		expect(Object.isFrozen(errorCodes)).toBe(true);
	});

	it("holds no code that nothing throws", async () => {
		const packages = new URL("../../", import.meta.url);
		const sources: string[] = [];
		for (const name of await readdir(packages)) {
			const src = new URL(`${name}/src/`, packages);
			for (const file of await readdir(src, { recursive: true }).catch(() => [])) {
				if (file.endsWith(".ts") && !file.endsWith("error-codes.ts")) sources.push(await readFile(new URL(file, src), "utf8"));
			}
		}
		const text = sources.join("\n");
		expect(codes.filter((code) => !text.includes(`"${code}"`))).toEqual([]);
	});
});

describe("an error", () => {
	it("says what is wrong, where, what to do, and its code", () => {
		const error = new WidgetTokenError("secret_missing", { detail: "ACME_SECRET" });
		expect(error.message).toBe(
			"The widget's secret is missing: ACME_SECRET. Set the environment variable to the value from the vendor's dashboard, or pass `secret`. (secret_missing)",
		);
		expect(error).toMatchObject({
			name: "WidgetTokenError",
			code: "secret_missing",
			status: 500,
			detail: "ACME_SECRET",
			title: "The widget's secret is missing",
			retryAfterSeconds: undefined,
		});
		expect(error).toBeInstanceOf(Error);
	});

	it("may carry a remedy that is more exact, and the error behind it", () => {
		const cause = new Error("x");
		const error = new WidgetTokenError("setting_missing", { remedy: "Set TENANT_ID.", cause });
		expect(error).toMatchObject({ remedy: "Set TENANT_ID.", cause });
		expect(error.message).toBe("A setting of the widget is missing. Set TENANT_ID. (setting_missing)");
	});

	it("of an outage says when to come back; another one only when it is told to", () => {
		for (const code of codes) expect(new WidgetTokenError(code).retryAfterSeconds).toBe(errorCodes[code].status === 503 ? 5 : undefined);
		expect(new WidgetTokenError("rate_limited", { retryAfterSeconds: 9 }).retryAfterSeconds).toBe(9);
	});

	it("never takes a word of its cause into its message", () => {
		fc.assert(
			fc.property(fc.constantFrom(...codes), fc.stringMatching(/^[0-9a-f]{24}$/), (code, secret) => {
				const error = new WidgetTokenError(code, { detail: "where", cause: new Error(secret, { cause: { secret } }) });
				for (const text of [error.message, String(error), error.title, error.remedy, JSON.stringify(error), error.stack ?? ""])
					expect(text).not.toContain(secret);
			}),
		);
	});
});
