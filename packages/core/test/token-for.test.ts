import { createTokenHandler } from "@widget-token/core";
import { describe, expect, it, vi } from "vitest";
import { ada, codeOf, env, now, payloadOf } from "./minting.ts";
import { mailWidget, request, serve, widget } from "./serving.ts";

describe("tokenFor", () => {
	it("gives a page that is rendered on the server the token, without HTTP", async () => {
		const minted = await serve().handler.tokenFor(request());
		expect(minted).toMatchObject({ expiresIn: 600 });
		expect(payloadOf(minted?.token ?? "")).toMatchObject({ sub: "u_1" });
	});

	it("gives null when nobody is signed in", async () => {
		expect(await serve().handler.tokenFor(request({ "x-case": "nobody" }))).toBeNull();
	});

	it("needs no request where the provider reads the framework's own context", async () => {
		const identify = vi.fn(async () => ada);
		const handler = createTokenHandler({ env, now, widget, identify });
		expect(await handler.tokenFor()).toHaveProperty("token");
		expect(await handler.tokenFor(undefined, {})).toHaveProperty("token");
		expect(identify).toHaveBeenCalledTimes(2);
	});

	it("chooses among several widgets by its option", async () => {
		const { handler } = serve({ widgets: [widget, mailWidget] });
		expect(payloadOf((await handler.tokenFor(request(), { widget: "mail" }))?.token ?? "")).toMatchObject({ email: "Ada@Example.com" });
		expect(await codeOf(() => handler.tokenFor(request()))).toBe("widget_required");
		expect(await codeOf(() => handler.tokenFor(request({}, "GET", "?widget=mail")))).toBe("widget_required");
		expect(await codeOf(() => handler.tokenFor(request(), { widget: "nope" }))).toBe("widget_unknown");
	});

	it.each([
		["expired", "credential_expired"],
		["disabled", "user_disabled"],
		["outage", "provider_unavailable"],
		["broken", "internal_error"],
	])("throws the code that the endpoint would have answered: %s", async (name, code) => {
		expect(await codeOf(() => serve().handler.tokenFor(request({ "x-case": name })))).toBe(code);
	});

	it("shows the error behind a failure to the server's own code, not to its message", async () => {
		const error: unknown = await serve()
			.handler.tokenFor(request({ "x-case": "broken" }))
			.catch((caught: unknown) => caught);
		expect((error as Error).message).not.toContain("4711");
		expect(((error as Error).cause as Error).message).toContain("4711");
	});

	it("does not ask where the request came from: the page is the app's own", async () => {
		expect(await serve().handler.tokenFor(request({ "sec-fetch-site": "cross-site", origin: "https://evil.example" }))).toHaveProperty(
			"token",
		);
	});
});
