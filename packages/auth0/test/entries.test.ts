import { expect, test } from "vitest";

test("each entry exports what its documentation names, and nothing else", async () => {
	expect(Object.keys(await import("../src/index.ts"))).toEqual(["createAuth0Identify", "withAuth0WidgetToken"]);
	expect(Object.keys(await import("../src/pages.ts"))).toEqual(["withAuth0WidgetTokenApiRoute"]);
	expect(Object.keys(await import("../src/express.ts"))).toEqual(["auth0WidgetToken"]);
});

test("a browser that loads the package is told where it belongs", async () => {
	await expect(import("../src/browser.ts")).rejects.toThrow("@widget-token/client");
});
