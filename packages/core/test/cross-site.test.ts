import { createTokenHandler } from "@widget-token/core";
import { describe, expect, it } from "vitest";
import { codeOf, env } from "./minting.ts";
import { address, expectProtected, problemOf, request, serve, widget } from "./serving.ts";

const shop = "https://shop.example.com";
const cors = [
	"access-control-allow-origin",
	"access-control-allow-credentials",
	"access-control-allow-methods",
	"access-control-allow-headers",
	"access-control-max-age",
	"access-control-expose-headers",
];

describe("a page of another site", () => {
	type Row = readonly [allowed: boolean, headers: Record<string, string>, url?: string];
	const rows: readonly Row[] = [
		[true, {}],
		[true, { "sec-fetch-site": "same-origin" }],
		[true, { "sec-fetch-site": "same-origin", origin: "https://app.example.com" }],
		[true, { "sec-fetch-site": "none" }],
		[true, { "sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }],
		[true, { origin: "https://app.example.com" }],
		// TLS ends before the app, or a proxy rewrites Host: the browser's own header tells.
		[true, { origin: "https://app.example.com" }, "http://app.example.com/api"],
		[true, { "sec-fetch-site": "same-origin", origin: "https://app.example.com" }, "http://10.0.0.7:3000/api"],
		// A form or a page with `Referrer-Policy: no-referrer` of the own origin.
		[true, { "sec-fetch-site": "same-origin", origin: "null" }],

		[false, { "sec-fetch-site": "cross-site" }],
		[false, { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" }],
		[false, { "sec-fetch-site": "cross-site", origin: "https://app.example.com" }],
		[false, { "sec-fetch-site": "cross-site", origin: "null" }],
		[false, { "sec-fetch-site": "same-site", origin: "https://user-pages.example.com" }],
		[false, { "sec-fetch-site": "none", origin: "https://evil.example" }],
		[false, { origin: "https://evil.example" }],
		[false, { origin: "null" }],
		[false, { origin: "" }],
		[false, { origin: "app.example.com" }],
		[false, { origin: "https://app.example.com.evil.example" }],
		[false, { origin: "https://app.example.com@evil.example" }],
		[false, { origin: "https://app.example.com:8443" }],
		[false, { origin: "https://notapp.example.com" }],
		[false, { origin: "https://app.example.com, https://evil.example" }],
		[false, { origin: "https://evil.example", host: "evil.example", "x-forwarded-host": "evil.example", forwarded: "host=evil.example" }],
		[false, { origin: "https://app.example.com" }, "http://127.0.0.1:3000/api"],
	];

	it.each(rows.map(([isAllowed, headers, url = address]) => ({ isAllowed, headers, url })))(
		"is told apart (allowed: $isAllowed) by $headers",
		async ({ isAllowed, headers, url }) => {
			for (const method of ["GET", "POST"]) {
				const { handler, identified, events } = serve();
				const response = await handler(new Request(url, { method, headers }));
				expect(response.status).toBe(isAllowed ? 200 : 403);
				expect(identified()).toBe(isAllowed ? 1 : 0);
				for (const name of cors) expect(response.headers.has(name), name).toBe(false);
				if (isAllowed) continue;
				expect(await problemOf(response)).toMatchObject({ code: "cross_site_request" });
				expect(events).toMatchObject([{ outcome: "refused", code: "cross_site_request" }]);
			}
		},
	);
});

describe("an allow-listed origin", () => {
	const options = { allowedOrigins: [shop, "http://localhost:5173"] };

	it.each([shop, "http://localhost:5173"])("may ask, with the user's cookies: %s", async (origin) => {
		for (const site of ["cross-site", "same-site", undefined]) {
			const response = await serve(options).handler(request({ origin, ...(site === undefined ? {} : { "sec-fetch-site": site }) }));
			expect(response.status).toBe(200);
			expect(response.headers.get("access-control-allow-origin")).toBe(origin);
			expect(response.headers.get("access-control-allow-credentials")).toBe("true");
			expect(response.headers.get("vary")).toContain("Origin");
		}
	});

	it("may read its refusals, and when to come back", async () => {
		for (const [name, status] of [
			["expired", 401],
			["disabled", 403],
			["broken", 500],
			["outage", 503],
		] as const) {
			const response = await serve(options).handler(request({ origin: shop, "x-case": name }));
			expect(response.status).toBe(status);
			expect(response.headers.get("access-control-allow-origin")).toBe(shop);
			expect(response.headers.get("access-control-expose-headers")).toBe("Retry-After");
		}
		const response = await serve(options).handler(request({ origin: shop }, "DELETE"));
		expect(response.headers.get("access-control-allow-origin")).toBe(shop);
	});

	it.each([
		`${shop}:443`,
		`${shop}/`,
		"http://shop.example.com",
		"https://shop.example.com.evil.example",
		"https://SHOP.example.com",
		"https://a.shop.example.com",
		"null",
		"*",
		"",
	])("is matched exactly: %j is another one", async (origin) => {
		const response = await serve(options).handler(request({ origin, "sec-fetch-site": "cross-site" }));
		expect(response.status).toBe(403);
		for (const name of cors) expect(response.headers.has(name), name).toBe(false);
	});

	it("does not open the endpoint to pages that send no origin", async () => {
		expect((await serve(options).handler(request({ "sec-fetch-site": "cross-site" }))).status).toBe(403);
	});

	it.each([
		"*",
		"null",
		"",
		"shop.example.com",
		"https://shop.example.com/",
		"https://shop.example.com/path",
		"https://*.example.com",
		"HTTPS://shop.example.com",
		"https://Shop.example.com",
		"https://shop.example.com:443",
		"file:///x",
		"https://user@shop.example.com",
	])("must be an origin, and nothing that matches more than one: %j", async (origin) => {
		expect(await codeOf(() => createTokenHandler({ env, widget, identify: async () => null, allowedOrigins: [shop, origin] }))).toBe(
			"options_invalid",
		);
	});

	it("is the list as it was when the handler was made", async () => {
		const allowedOrigins = [shop];
		const { handler } = serve({ allowedOrigins });
		allowedOrigins.push("https://evil.example");
		expect((await handler(request({ origin: "https://evil.example" }))).status).toBe(403);
	});
});

describe("a preflight", () => {
	const preflight = { "access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type" };

	it("of an allow-listed origin is answered before any session work", async () => {
		const { handler, identified, events } = serve({
			allowedOrigins: [shop],
			identify: () => Promise.reject(new Error("must not be asked")),
			env: {},
		});
		const response = await handler(request({ ...preflight, origin: shop, "sec-fetch-site": "cross-site" }, "OPTIONS"));
		expect(response.status).toBe(204);
		expect(await response.text()).toBe("");
		expect(Object.fromEntries(cors.map((name) => [name, response.headers.get(name)]))).toEqual({
			"access-control-allow-origin": shop,
			"access-control-allow-credentials": "true",
			"access-control-allow-methods": "GET, POST",
			"access-control-allow-headers": "Authorization, Content-Type, Accept",
			"access-control-max-age": "600",
			"access-control-expose-headers": "Retry-After",
		});
		expectProtected(response.headers);
		expect(identified()).toBe(0);
		expect(events).toEqual([]);
	});

	it.each(["https://evil.example", "null", "https://app.example.com"])("of another origin is told nothing: %s", async (origin) => {
		for (const allowedOrigins of [[shop], []]) {
			const { handler, identified } = serve({ allowedOrigins });
			const response = await handler(request({ ...preflight, origin }, "OPTIONS"));
			expect(response.status).toBe(405);
			for (const name of cors) expect(response.headers.has(name), name).toBe(false);
			expect(identified()).toBe(0);
		}
	});
});
