import { widgetScript } from "@widget-token/client";
import { bestChatBot as contract } from "@widget-token/widgets/browser";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { bestChatBot, customGpt, hilal, jupid, type Mounting, onPilot, openWidgetPages } from "./widget-page.ts";

const pages = openWidgetPages();
const { site, signIn, mount, becomes, visitorOf, seenBy, logged, html } = pages;

describe("a token in the page", () => {
	beforeEach(() => signIn("ada"));

	it.each([
		["OnPilot", onPilot, "onpilot"],
		["Hilal", { ...hilal, embed: "attribute" }, "hilal"],
	])("is in the attribute until the script has run, and no longer: %s", async (_, mounting, widget) => {
		await pages.page.goto(site.origin);
		await mount(mounting);
		await logged("script_load");
		expect(await html()).not.toMatch(/eyJ/);
		await becomes(widget, "ada");
	});

	it.each([
		["BestChatBot", bestChatBot, "bestchatbot"],
		["Hilal", hilal, "hilal"],
		["Jupid", jupid, "jupid"],
		["CustomGPT", customGpt, "customgpt"],
	])("is in no attribute at all where the vendor has a call: %s", async (_, mounting, widget) => {
		await pages.page.goto(site.origin);
		await pages.page.evaluate(() => {
			globalThis.log = [];
			new MutationObserver((records) => {
				for (const { target } of records) if (/eyJ/.test((target as Element).outerHTML)) log.push("a token in the page");
			}).observe(document, { subtree: true, childList: true, attributes: true });
		});
		await mount(mounting);
		await becomes(widget, "ada");
		expect(await pages.page.evaluate(() => log)).not.toContain("a token in the page");
	});

	it("is taken from a tag whose script cannot be loaded", async () => {
		await pages.page.goto(site.origin);
		await mount({ ...onPilot, src: "blocked.js" });
		await logged("script_error");
		expect(await html()).not.toMatch(/eyJ/);
	});
});

describe("the vendor's script", () => {
	it("is loaded once, however many mount, and not at all where the page has brought it", async () => {
		await signIn("ada");
		site.page("/", '<script src="/vendor/bestchatbot.js" data-api-key="key_own"></script><script src="/kit.js"></script>');
		await pages.page.goto(site.origin);
		await mount(bestChatBot);
		await mount(bestChatBot);
		await becomes("bestchatbot", "ada");
		expect(site.requests.filter((request) => request.endsWith("/bestchatbot.js"))).toHaveLength(1);
		expect((await seenBy("bestchatbot"))[0]).toMatchObject({ how: "data-api-key", value: "key_own" });
	});

	it("runs under a content security policy with a nonce, and not without", async () => {
		await signIn("ada");
		site.page("/", '<script nonce="n1" src="/kit.js"></script>', {
			"content-security-policy": "default-src 'self'; script-src 'nonce-n1'",
		});
		await pages.page.goto(site.origin);
		await mount({ ...bestChatBot, nonce: "n1" });
		await becomes("bestchatbot", "ada");
		await pages.page.goto(site.origin);
		await mount(bestChatBot);
		await logged("script_error");
		expect(await visitorOf("bestchatbot")).toBeUndefined();
	});
});

describe("a script that is blocked", () => {
	it("is waited for ever less often, and its functions are still found when they come", async () => {
		await signIn("ada");
		await pages.page.clock.install();
		await pages.page.goto(site.origin);
		await mount({ ...bestChatBot, src: "blocked.js" });
		await logged("script_error");
		await pages.page.evaluate(() => {
			Object.defineProperty(globalThis, "BestChatBot", { configurable: true, get: () => void log.push("looked for") });
		});
		const lookups = (): Promise<number> => pages.page.evaluate(() => log.filter((entry) => entry === "looked for").length);
		await pages.page.clock.runFor("02:00");
		const inTheFirstMinutes = await lookups();
		expect(inTheFirstMinutes).toBeGreaterThan(10);
		expect(inTheFirstMinutes).toBeLessThan(150);
		await pages.page.clock.runFor("02:00");
		expect((await lookups()) - inTheFirstMinutes).toBeLessThan(30);

		await pages.page.evaluate(() => {
			Object.defineProperty(globalThis, "BestChatBot", { value: { setUserToken: (token: string) => log.push(`set ${token.length > 0}`) } });
		});
		await pages.page.clock.runFor("00:30");
		expect(await pages.page.evaluate(() => log.filter((entry) => entry === "set true"))).toHaveLength(1);
	});
});

describe("a tag that the server has rendered", () => {
	it.each([
		["BestChatBot", bestChatBot, "bestchatbot", "data-user-token"],
		["OnPilot", onPilot, "onpilot", "data-identity-token"],
		["Hilal", { ...hilal, embed: "attribute" }, "hilal", "data-user-token"],
	])("is taken over, and its token taken from the page: %s", async (_, mounting, widget, attribute) => {
		await signIn("ada");
		const rendered = await mintFor(widget);
		const attributes = widget === "hilal" ? 'data-org-id="org_1" data-bot-id="bot_1"' : "";
		site.page("/", `<script src="/vendor/${widget}.js" ${attributes} ${attribute}="${rendered}"></script><script src="/kit.js"></script>`);
		await pages.page.goto(site.origin);
		await becomes(widget, "ada");
		await mount({ ...mounting, stay: true });
		await pages.page.waitForFunction(() => !/eyJ/.test(document.documentElement.outerHTML));
		expect(site.requests.filter((request) => request.endsWith(`/${widget}.js`))).toHaveLength(1);
		expect(await visitorOf(widget)).toBe("ada");
	});

	it("holds its token no longer than the script takes, whatever the endpoint does, and its user leaves with the next page", async () => {
		await signIn("ada");
		const rendered = await mintFor("onpilot");
		site.fault = "hang";
		site.page("/", `<script src="/vendor/onpilot.js" data-identity-token="${rendered}"></script><script src="/kit.js"></script>`);
		await pages.page.goto(site.origin);
		await becomes("onpilot", "ada");
		await mount({ ...onPilot, user: "ada", stay: true });
		await pages.page.waitForFunction(() => !/eyJ/.test(document.documentElement.outerHTML));
		expect(await pages.page.evaluate(() => session.state.status)).toBe("idle");
		await pages.page.evaluate(() => session.signOut(() => log.push("the app's session is over")));
		expect(await pages.page.evaluate(() => log)).toEqual(["signed_out", "reload_required", "the app's session is over", "reload"]);
	});

	it("keeps its token until the script has read it, where the page mounts before that, and no longer", async () => {
		await signIn("ada");
		const rendered = await mintFor("onpilot");
		const script = Promise.withResolvers<void>();
		await pages.page.route("**/vendor/onpilot.js", async (route) => {
			await script.promise;
			await route.continue();
		});
		site.page("/", `<script src="/kit.js"></script><script defer src="/vendor/onpilot.js" data-identity-token="${rendered}"></script>`);
		await pages.page.goto(site.origin, { waitUntil: "commit" });
		await pages.page.waitForFunction(() => "kit" in globalThis && document.scripts.length === 2);
		await mount({ ...onPilot, user: "ada", stay: true });
		script.resolve();
		await becomes("onpilot", "ada");
		await pages.page.waitForFunction(() => !/eyJ/.test(document.documentElement.outerHTML));
	});

	it("that a cache has kept from another visitor is cleared, when the endpoint knows of nobody", async () => {
		await signIn("ada");
		const cached = await mintFor("bestchatbot");
		await pages.context.clearCookies();
		site.page("/", `<script src="/vendor/bestchatbot.js" data-user-token="${cached}"></script><script src="/kit.js"></script>`);
		await pages.page.goto(site.origin);
		await becomes("bestchatbot", "ada");
		await mount(bestChatBot);
		await logged("cleared");
		await becomes("bestchatbot", "anonymous");
	});

	async function mintFor(widget: string): Promise<string> {
		const response = await pages.context.request.post(`${site.origin}/api/widget-token?widget=${widget}`, {
			headers: { accept: "text/plain" },
		});
		return response.text();
	}
});

describe("a tag of widgetScript()", () => {
	it("holds what it was given and nothing else, for whatever text, as a browser reads it", async () => {
		await pages.page.goto(site.origin);
		// Where markup would break out, if it could.
		const text = fc.oneof(
			fc.string({ unit: "binary" }),
			fc.string({ unit: fc.constantFrom(..."\"'`<>&=/ \n\t;!-sx", "&quot;", "&#39;", "</script>", "<!--", "{token}", "onload=") }),
		);
		const given = fc.record({ token: text, apiKey: text, src: text, nonce: text });
		await fc.assert(
			fc.asyncProperty(fc.array(given, { minLength: 200, maxLength: 200 }), async (all) => {
				const tags = all.map(({ apiKey, ...rest }) => widgetScript(contract, { ...rest, settings: { apiKey } }));
				const read = await pages.page.evaluate(
					(htmls) =>
						htmls.map((html) => {
							const { head, body } = new DOMParser().parseFromString(`<head>${html}</head><body></body>`, "text/html");
							const attributes = [...(head.firstElementChild?.attributes ?? [])].map(({ name, value }) => [name, value]);
							return { tags: head.childNodes.length, inBody: body.childNodes.length, attributes: Object.fromEntries(attributes) };
						}),
					tags,
				);
				// HTML has one kind of line end and no NUL.
				const asHtml = (value: string): string => value.replace(/\r\n?/g, "\n").replaceAll("\0", "\uFFFD");
				expect(read).toEqual(
					all.map(({ token, apiKey, src, nonce }) => ({
						tags: 1,
						inBody: 0,
						attributes: {
							src: asHtml(src),
							"data-api-key": asHtml(apiKey),
							...(token && { "data-user-token": asHtml(token) }),
							...(nonce && { nonce: asHtml(nonce) }),
						},
					})),
				);
			}),
			{ numRuns: 20, endOnFailure: true },
		);
	});
});

describe("what is missing is named at once", () => {
	it.each([
		["a setting", { ...bestChatBot, settings: {} }, /apiKey is missing/],
		["the container", { ...jupid, settings: { ...jupid.settings, container: undefined } }, /container is missing/],
		["the embed", { ...bestChatBot, embed: "nope" }, /bestchatbot\.nope is missing/],
	])("%s", async (_, mounting, message) => {
		await pages.page.goto(site.origin);
		await expect(mount(mounting as Mounting)).rejects.toThrow(message);
	});
});
