import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchChromium } from "./chromium.ts";
import { VendorSite } from "./vendor-site.ts";

interface Seen {
	readonly widget: string;
	readonly how: string;
	readonly value?: unknown;
}

declare global {
	var seen: Seen[];
	var visitor: Record<string, string>;
	var openChat: () => Promise<void>;
	var session: import("@widget-token/client").TokenSession;
	var mounted: import("@widget-token/client").MountedWidget;
	var log: string[];
	var kit: typeof import("@widget-token/client") & { contracts: Record<string, import("@widget-token/client").WidgetContract> };
}

const site = new VendorSite();
let browser: Browser;
let context: BrowserContext;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
	browser = await launchChromium();
	await site.listen();
});
afterAll(async () => {
	await browser?.close();
	await site.close();
});
beforeEach(async () => {
	context = await browser.newContext();
	page = await open();
	site.fault = undefined;
	site.lifetimeSeconds = 300;
	site.asked.length = 0;
	site.requests.length = 0;
	problems.length = 0;
	site.page("/", '<div id="place"></div><script src="/kit.js"></script>');
});
afterEach(async () => {
	await context.close();
	expect(problems).toEqual([]);
});

async function open(): Promise<Page> {
	const opened = await context.newPage();
	opened.on("pageerror", (error) => problems.push(String(error)));
	return opened;
}

async function signIn(user: string): Promise<void> {
	await context.addCookies([{ name: "user", value: user, url: site.origin }]);
}

interface Mounting {
	readonly contract: string;
	readonly src?: string;
	readonly embed?: string;
	readonly settings?: Readonly<Record<string, unknown>>;
	readonly user?: string;
	readonly nonce?: string;
	/** Keeps the page, and notes that it would have been loaded anew. */
	readonly stay?: boolean;
}

/** Mounts a widget in the page, as an app does. Settings `#x` stand for elements. */
function mount(mounting: Mounting, target: Page = page): Promise<void> {
	return target.evaluate(({ contract, src, embed, settings = {}, user, nonce, stay }) => {
		globalThis.log ??= [];
		globalThis.session ??= kit.createTokenSession({ endpoint: "/api/widget-token", widget: kit.contracts[contract]?.id ?? "", onEvent: ({ type }) => log.push(type) });
		if (user !== undefined) session.identify(user);
		const resolved = Object.entries(settings).map(([name, value]) => [name, typeof value === "string" && value.startsWith("#") ? document.querySelector(value) : value]);
		globalThis.mounted = kit.mountWidget(kit.contracts[contract] as never, {
			session,
			settings: Object.fromEntries(resolved),
			embed,
			src: src && `/vendor/${src}`,
			nonce,
			onEvent: (event) => log.push(event),
			...(stay ? { reload: () => log.push("reload") } : {}),
		});
	}, mounting);
}

const visitorOf = (widget: string, target: Page = page): Promise<unknown> => target.evaluate((id) => globalThis.visitor?.[id], widget);
const becomes = (widget: string, visitor: string, target: Page = page): Promise<unknown> =>
	target.waitForFunction(([id, name]) => globalThis.visitor?.[id as string] === name, [widget, visitor], { timeout: 10_000 });
const seenBy = (widget: string, target: Page = page): Promise<Seen[]> => target.evaluate((id) => (globalThis.seen ?? []).filter((entry) => entry.widget === id), widget);
const howOf = async (widget: string): Promise<string[]> => (await seenBy(widget)).map(({ how }) => how);
const logged = (event: string, target: Page = page): Promise<unknown> => target.waitForFunction((name) => globalThis.log?.includes(name), event, { timeout: 10_000 });
const html = (): Promise<string> => page.evaluate(() => document.documentElement.outerHTML);

const bestChatBot: Mounting = { contract: "bestChatBot", src: "bestchatbot.js", settings: { apiKey: "key_1" } };
const onPilot: Mounting = { contract: "onPilot", src: "onpilot.js" };
const hilal: Mounting = { contract: "hilal", src: "hilal.js", settings: { organizationId: "org_1", botId: "bot_1" } };
const jupid: Mounting = {
	contract: "jupid",
	settings: { scriptUrl: "/vendor/jupid.js", partnerId: "partner_1", container: "#place", initialPath: "/", appUrl: "https://partner.example.com" },
};
const customGpt: Mounting = { contract: "customGpt", src: "customgpt-embed.js", settings: { projectId: "1", projectKey: "k", containerId: "place" } };
const liveChat: Mounting = { ...customGpt, src: "customgpt-chat.js", embed: "liveChat" };
const others = (embed: string): Mounting => ({ contract: "customGpt", embed });
const token = expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);

describe("each vendor's browser API is given a token that its server verifies", () => {
	beforeEach(async () => {
		await signIn("ada");
		await page.goto(site.origin);
	});

	it("OnPilot: data-identity-token", async () => {
		await mount(onPilot);
		await becomes("onpilot", "ada");
		expect(await seenBy("onpilot")).toEqual([{ widget: "onpilot", how: "data-identity-token", value: token }]);
	});

	it("BestChatBot: setUserToken", async () => {
		await mount(bestChatBot);
		await becomes("bestchatbot", "ada");
		expect(await seenBy("bestchatbot")).toEqual([
			{ widget: "bestchatbot", how: "data-api-key", value: "key_1" },
			{ widget: "bestchatbot", how: "setUserToken", value: token },
		]);
	});

	it("Hilal: HilalChat.init", async () => {
		await mount(hilal);
		await becomes("hilal", "ada");
		expect((await seenBy("hilal"))[0]).toEqual({ widget: "hilal", how: "init", value: { organizationId: "org_1", botId: "bot_1", userToken: token } });
		expect((await howOf("hilal")).filter((how) => how === "start")).toHaveLength(1);
	});

	it("Hilal: data-user-token", async () => {
		await mount({ ...hilal, embed: "attribute" });
		await becomes("hilal", "ada");
		expect(await seenBy("hilal")).toEqual([{ widget: "hilal", how: "start", value: { organizationId: "org_1", botId: "bot_1", userToken: token } }]);
	});

	it("Jupid: JupidEmbed.mount with all of its options", async () => {
		await mount(jupid);
		await becomes("jupid", "ada");
		expect(await seenBy("jupid")).toEqual([
			{ widget: "jupid", how: "mount", value: { partnerId: "partner_1", token, container: "place", initialPath: "/", appUrl: "https://partner.example.com" } },
		]);
		expect(await page.locator("#place section").count()).toBe(1);
	});

	it("Jupid: without the options that may be left out", async () => {
		await mount({ contract: "jupid", settings: { scriptUrl: "/vendor/jupid.js", partnerId: "partner_1", container: "#place" } });
		await becomes("jupid", "ada");
		expect((await seenBy("jupid"))[0]?.value).toEqual({ partnerId: "partner_1", token, container: "place" });
	});

	it("CustomGPT: CustomGPTEmbed.setJwtToken", async () => {
		await mount(customGpt);
		await becomes("customgpt", "ada");
		expect(await seenBy("customgpt")).toEqual([
			{ widget: "customgpt", how: "script", value: { div: "place", project: "1", key: "k" } },
			{ widget: "customgpt", how: "CustomGPTEmbed.setJwtToken", value: token },
		]);
	});

	it.each(["CustomGPTAiAssistant", "CustomGPTInstantViewer"])("CustomGPT: %s.setJwtToken, of a script that the page brings, sooner or later", async (name) => {
		await mount(others(name === "CustomGPTAiAssistant" ? "aiAssistant" : "instantViewer"));
		await page.waitForTimeout(150);
		await page.addScriptTag({ url: "/vendor/customgpt-others.js" });
		await becomes("customgpt", "ada");
		expect(await seenBy("customgpt")).toEqual([{ widget: "customgpt", how: `${name}.setJwtToken`, value: token }]);
	});

	it("CustomGPT: the resolver of Live Chat, which asks when the chat is opened and not before", async () => {
		await mount(liveChat);
		await page.waitForFunction(() => globalThis.seen?.length === 1);
		expect(await seenBy("customgpt")).toEqual([{ widget: "customgpt", how: "CustomGPT.init", value: { p_id: "1", p_key: "k", jwt: "function" } }]);
		await page.waitForTimeout(200);
		expect(site.asked).toEqual([]);
		await page.evaluate(() => openChat());
		expect(site.asked).toEqual(["ada"]);
		await becomes("customgpt", "ada");
		await page.evaluate(() => openChat());
		expect(site.asked).toEqual(["ada"]);
	});

	it.each([
		["liveChatLater", "CustomGPT.setJwtToken"],
		["liveChatHelper", "CustomGPTChat.setJwtToken"],
	])("CustomGPT: the resolver of a Live Chat that the page has started, %s", async (embed, how) => {
		await page.addScriptTag({ url: "/vendor/customgpt-chat.js" });
		await mount(others(embed));
		await page.waitForFunction(() => globalThis.seen?.length === 1);
		expect(await seenBy("customgpt")).toEqual([{ widget: "customgpt", how, value: "function" }]);
		expect(site.asked).toEqual([]);
		await page.evaluate(() => openChat());
		await becomes("customgpt", "ada");
	});
});

describe("a token in the page", () => {
	beforeEach(() => signIn("ada"));

	it.each([
		["OnPilot", onPilot, "onpilot"],
		["Hilal", { ...hilal, embed: "attribute" }, "hilal"],
	])("is in the attribute until the script has run, and no longer: %s", async (_, mounting, widget) => {
		await page.goto(site.origin);
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
		await page.goto(site.origin);
		await page.evaluate(() => {
			globalThis.log = [];
			new MutationObserver((records) => {
				for (const { target } of records) if (/eyJ/.test((target as Element).outerHTML)) log.push("a token in the page");
			}).observe(document, { subtree: true, childList: true, attributes: true });
		});
		await mount(mounting);
		await becomes(widget, "ada");
		expect(await page.evaluate(() => log)).not.toContain("a token in the page");
	});

	it("is taken from a tag whose script cannot be loaded", async () => {
		await page.goto(site.origin);
		await mount({ ...onPilot, src: "blocked.js" });
		await logged("script_error");
		expect(await html()).not.toMatch(/eyJ/);
	});
});

describe("the vendor's script", () => {
	it("is loaded once, however many mount, and not at all where the page has brought it", async () => {
		await signIn("ada");
		site.page("/", '<script src="/vendor/bestchatbot.js" data-api-key="key_own"></script><script src="/kit.js"></script>');
		await page.goto(site.origin);
		await mount(bestChatBot);
		await mount(bestChatBot);
		await becomes("bestchatbot", "ada");
		expect(site.requests.filter((request) => request.endsWith("/bestchatbot.js"))).toHaveLength(1);
		expect((await seenBy("bestchatbot"))[0]).toMatchObject({ how: "data-api-key", value: "key_own" });
	});

	it("runs under a content security policy with a nonce, and not without", async () => {
		await signIn("ada");
		site.page("/", '<script nonce="n1" src="/kit.js"></script>', { "content-security-policy": "default-src 'self'; script-src 'nonce-n1'" });
		await page.goto(site.origin);
		await mount({ ...bestChatBot, nonce: "n1" });
		await becomes("bestchatbot", "ada");
		await page.goto(site.origin);
		await mount(bestChatBot);
		await logged("script_error");
		expect(await visitorOf("bestchatbot")).toBeUndefined();
	});
});

describe("a visitor who is not signed in", () => {
	beforeEach(() => page.goto(site.origin));

	it.each([
		["BestChatBot", bestChatBot, "bestchatbot"],
		["Hilal", hilal, "hilal"],
		["Hilal, by attributes", { ...hilal, embed: "attribute" }, "hilal"],
		["CustomGPT", customGpt, "customgpt"],
	])("gets the widget, anonymous: %s", async (_, mounting, widget) => {
		await mount(mounting);
		await becomes(widget, "anonymous");
		expect(JSON.stringify(await seenBy(widget))).not.toMatch(/eyJ/);
		expect(site.asked).toEqual([null]);
	});

	it.each([
		["OnPilot", onPilot],
		["Jupid", jupid],
	])("gets nothing of a widget that wants a token: %s", async (_, mounting) => {
		await mount(mounting);
		await logged("signed_out");
		await page.waitForTimeout(150);
		expect(site.requests.filter((request) => request.includes("/vendor/"))).toEqual([]);
	});

	it.each([
		["BestChatBot", bestChatBot, "bestchatbot"],
		["Hilal", hilal, "hilal"],
		["OnPilot", onPilot, "onpilot"],
		["Jupid", jupid, "jupid"],
		["CustomGPT", customGpt, "customgpt"],
	])("and then signs in is known without a new page: %s", async (_, mounting, widget) => {
		await mount({ ...mounting, stay: true });
		await logged("signed_out");
		await signIn("ada");
		await page.evaluate(() => session.identify("ada"));
		await becomes(widget, "ada");
		expect(await page.evaluate(() => log)).not.toContain("reload");
	});

	it("and then signs in is told apart where a new page is needed for it", async () => {
		await mount({ ...hilal, embed: "attribute", stay: true });
		await becomes("hilal", "anonymous");
		await signIn("ada");
		await page.evaluate(() => session.identify("ada"));
		await logged("reload_required");
		expect(await page.evaluate(() => log)).not.toContain("reload");
	});
});

describe("while the endpoint is down", () => {
	it.each([
		["BestChatBot", bestChatBot, "bestchatbot"],
		["Hilal", hilal, "hilal"],
		["CustomGPT", customGpt, "customgpt"],
	])("the widget is anonymous, and verified when the endpoint is back: %s", async (_, mounting, widget) => {
		await signIn("ada");
		site.fault = "down";
		await page.goto(site.origin);
		await mount(mounting);
		await becomes(widget, "anonymous");
		site.fault = undefined;
		await becomes(widget, "ada");
	});

	it("a widget that wants a token waits for it", async () => {
		await signIn("ada");
		site.fault = "down";
		await page.goto(site.origin);
		await mount(onPilot);
		await logged("failed");
		expect(site.requests).not.toContain("GET /vendor/onpilot.js");
		site.fault = undefined;
		await becomes("onpilot", "ada");
	});
});

describe("a token that expires", () => {
	it.each([
		["BestChatBot", bestChatBot, "bestchatbot", "setUserToken"],
		["CustomGPT", customGpt, "customgpt", "CustomGPTEmbed.setJwtToken"],
	])("is replaced without a click where the vendor has a way: %s", async (_, mounting, widget, call) => {
		await signIn("ada");
		site.lifetimeSeconds = 3;
		await page.goto(site.origin);
		await mount(mounting);
		await logged("refreshed");
		const given = (await seenBy(widget)).filter(({ how }) => how === call).map(({ value }) => value);
		expect(given.length).toBeGreaterThanOrEqual(2);
		expect(new Set(given).size).toBe(given.length);
		expect(await visitorOf(widget)).toBe("ada");
	});

	it.each([
		["OnPilot", onPilot, "onpilot"],
		["Hilal", hilal, "hilal"],
		["Jupid", jupid, "jupid"],
	])("is not fetched anew for nothing where the vendor has none: %s", async (_, mounting, widget) => {
		await signIn("ada");
		site.lifetimeSeconds = 1;
		await page.goto(site.origin);
		await mount(mounting);
		await becomes(widget, "ada");
		await page.waitForTimeout(2500);
		expect(site.asked).toEqual(["ada"]);
	});
});

describe("sign-out", () => {
	beforeEach(async () => {
		await signIn("ada");
		await page.goto(site.origin);
	});

	it.each([
		["BestChatBot", bestChatBot, "bestchatbot"],
		["Jupid", jupid, "jupid"],
	])("clears the widget before the app's own session ends: %s", async (_, mounting, widget) => {
		await mount({ ...mounting, stay: true });
		await becomes(widget, "ada");
		const order = await page.evaluate(async () => {
			await session.signOut(async () => {
				log.push("the app's session ends");
				await fetch("/sign-out", { method: "POST" });
			});
			return log;
		});
		expect(order.indexOf("cleared")).toBeGreaterThan(-1);
		expect(order.indexOf("cleared")).toBeLessThan(order.indexOf("the app's session ends"));
		expect(order).not.toContain("reload");
		if (widget === "jupid") expect(await page.locator("#place section").count()).toBe(0);
		else expect(await visitorOf(widget)).toBe("anonymous");
	});

	it.each([
		["OnPilot", onPilot, "onpilot"],
		["Hilal", hilal, "hilal"],
		["CustomGPT", customGpt, "customgpt"],
	])("loads the page anew where the vendor has no way, once the app's session is over: %s", async (_, mounting, widget) => {
		await mount({ ...mounting, user: "ada" });
		await becomes(widget, "ada");
		const reloaded = page.waitForNavigation();
		await page.evaluate(() => void session.signOut(() => fetch("/sign-out", { method: "POST" })));
		await reloaded;
		expect((await context.cookies()).map(({ name }) => name)).not.toContain("user");
		expect(await page.evaluate(() => globalThis.seen)).toBeUndefined();
		await mount(mounting);
		await logged("signed_out");
		expect(JSON.stringify(await seenBy(widget))).not.toMatch(/eyJ/);
	});

	it("of a Live Chat that nobody has opened needs no new page, and the chat is given nothing", async () => {
		await mount({ ...liveChat, stay: true });
		await page.waitForFunction(() => globalThis.seen?.length === 1);
		await page.evaluate(() => session.signOut(() => fetch("/sign-out", { method: "POST" })));
		await page.evaluate(() => openChat());
		expect(await visitorOf("customgpt")).toBe("anonymous");
		expect(await page.evaluate(() => log)).not.toContain("reload");
	});

	it.each([
		["BestChatBot", bestChatBot, "bestchatbot", "anonymous"],
		["Jupid", jupid, "jupid", "cleared"],
	])("reaches the widget in another tab at once: %s", async (_, mounting, widget, then) => {
		const other = await open();
		await other.goto(site.origin);
		for (const tab of [page, other]) {
			await mount({ ...mounting, user: "ada" }, tab);
			await becomes(widget, "ada", tab);
		}
		await page.evaluate(() => void session.signOut(() => fetch("/sign-out", { method: "POST" })));
		if (then === "anonymous") await becomes(widget, "anonymous", other);
		else await logged("cleared", other);
		expect(await other.evaluate(() => session.getToken())).toBeNull();
	});

	it("loads the other tab anew where the vendor has no way, and it comes back without the user", async () => {
		const other = await open();
		await other.goto(site.origin);
		for (const tab of [page, other]) {
			await mount({ ...onPilot, user: "ada" }, tab);
			await becomes("onpilot", "ada", tab);
		}
		const reloads = [page.waitForNavigation(), other.waitForNavigation()];
		await page.evaluate(() => void session.signOut(() => fetch("/sign-out", { method: "POST" })));
		await Promise.all(reloads);
		await mount(onPilot, other);
		await logged("signed_out", other);
		expect(await other.evaluate(() => globalThis.seen)).toBeUndefined();
	});

	it("while the widget's script is on its way leaves it without the token", async () => {
		let release = (): void => {};
		const held = new Promise<void>((resolve) => (release = resolve));
		await page.route("**/vendor/*.js", async (route) => {
			await held;
			await route.continue();
		});
		await mount({ ...bestChatBot, stay: true });
		await logged("received");
		await page.evaluate(() => session.signOut());
		release();
		await becomes("bestchatbot", "anonymous");
		await page.waitForTimeout(300);
		expect(await howOf("bestchatbot")).toEqual(["data-api-key"]);
	});

	it("while a script with the token in its tag is on its way takes the token from the tag", async () => {
		let release = (): void => {};
		const held = new Promise<void>((resolve) => (release = resolve));
		await page.route("**/vendor/*.js", async (route) => {
			await held;
			await route.continue();
		});
		await mount({ ...onPilot, stay: true });
		await logged("delivered");
		await page.evaluate(() => session.signOut());
		expect(await html()).not.toMatch(/eyJ/);
		release();
		await becomes("onpilot", "anonymous");
	});
});

describe("another user", () => {
	beforeEach(async () => {
		await signIn("ada");
		await page.goto(site.origin);
	});

	it.each([
		["BestChatBot", bestChatBot, "bestchatbot"],
		["Jupid", jupid, "jupid"],
	])("is shown, and never the earlier one: %s", async (_, mounting, widget) => {
		await mount({ ...mounting, user: "ada" });
		await becomes(widget, "ada");
		await signIn("grace");
		await page.evaluate(() => {
			globalThis.visitor = {};
			session.identify("grace");
		});
		await becomes(widget, "grace");
		expect(await page.evaluate(() => log.filter((entry) => ["delivered", "cleared"].includes(entry)))).toEqual(["delivered", "cleared", "delivered"]);
		if (widget === "jupid") expect(await page.locator("#place section").count()).toBe(1);
	});

	it.each([
		["OnPilot", onPilot, "onpilot"],
		["Hilal", hilal, "hilal"],
		["CustomGPT", customGpt, "customgpt"],
	])("gets a new page where the widget keeps the earlier one, and no token in the old: %s", async (_, mounting, widget) => {
		await mount({ ...mounting, user: "ada", stay: true });
		await becomes(widget, "ada");
		const before = (await seenBy(widget)).length;
		await signIn("grace");
		await page.evaluate(() => session.identify("grace"));
		await page.evaluate(() => session.getToken());
		await logged("reload");
		expect((await seenBy(widget)).length).toBe(before);

		await page.goto(site.origin);
		await mount({ ...mounting, user: "grace" });
		await becomes(widget, "grace");
	});

	it("of a Live Chat is whoever is signed in when the chat is opened", async () => {
		await mount({ ...liveChat, user: "ada", stay: true });
		await signIn("grace");
		await page.evaluate(() => session.identify("grace"));
		await page.waitForFunction(() => globalThis.seen?.length === 1);
		await page.evaluate(() => openChat());
		await becomes("customgpt", "grace");
		expect(site.asked).toEqual(["grace"]);
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
		await page.goto(site.origin);
		await becomes(widget, "ada");
		await mount({ ...mounting, stay: true });
		await page.waitForFunction(() => !/eyJ/.test(document.documentElement.outerHTML));
		expect(site.requests.filter((request) => request.endsWith(`/${widget}.js`))).toHaveLength(1);
		expect(await visitorOf(widget)).toBe("ada");
	});

	it("that a cache has kept from another visitor is cleared, when the endpoint knows of nobody", async () => {
		await signIn("ada");
		const cached = await mintFor("bestchatbot");
		await context.clearCookies();
		site.page("/", `<script src="/vendor/bestchatbot.js" data-user-token="${cached}"></script><script src="/kit.js"></script>`);
		await page.goto(site.origin);
		await becomes("bestchatbot", "ada");
		await mount(bestChatBot);
		await logged("cleared");
		await becomes("bestchatbot", "anonymous");
	});

	async function mintFor(widget: string): Promise<string> {
		const response = await context.request.post(`${site.origin}/api/widget-token?widget=${widget}`, { headers: { accept: "text/plain" } });
		return response.text();
	}
});

describe("dispose()", () => {
	beforeEach(async () => {
		await signIn("ada");
		await page.goto(site.origin);
	});

	it.each([
		["BestChatBot", bestChatBot, "bestchatbot"],
		["Jupid", jupid, "jupid"],
	])("clears the widget, and a second mount gives it the user again: %s", async (_, mounting, widget) => {
		await mount(mounting);
		await becomes(widget, "ada");
		await page.evaluate(() => {
			mounted.dispose();
			globalThis.visitor = {};
		});
		await logged("cleared");
		if (widget === "jupid") expect(await page.locator("#place section").count()).toBe(0);
		await mount(mounting);
		await becomes(widget, "ada");
		expect(site.requests.filter((request) => request.endsWith(`/${widget}.js`))).toHaveLength(1);
		expect(site.asked).toEqual(["ada"]);
	});

	it("before the script is there delivers nothing", async () => {
		await mount({ ...bestChatBot, stay: true });
		await page.evaluate(() => mounted.dispose());
		await page.waitForTimeout(500);
		expect(await page.evaluate(() => log)).not.toContain("delivered");
		expect(await howOf("bestchatbot")).not.toContain("setUserToken");
	});

	it("of a widget that cannot be cleared still sees the user go", async () => {
		await mount({ ...onPilot, user: "ada", stay: true });
		await becomes("onpilot", "ada");
		await page.evaluate(() => mounted.dispose());
		await page.evaluate(() => session.signOut(() => {}));
		await logged("reload");
	});

	it("of a Live Chat ends the resolver", async () => {
		await mount(liveChat);
		await page.waitForFunction(() => globalThis.seen?.length === 1);
		await page.evaluate(() => mounted.dispose());
		await page.evaluate(() => openChat());
		expect(await visitorOf("customgpt")).toBe("anonymous");
		expect(site.asked).toEqual([]);
	});
});

describe("what is missing is named at once", () => {
	it.each([
		["a setting", { ...bestChatBot, settings: {} }, /apiKey is missing/],
		["the container", { ...jupid, settings: { ...jupid.settings, container: undefined } }, /container is missing/],
		["the embed", { ...bestChatBot, embed: "nope" }, /bestchatbot\.nope is missing/],
	])("%s", async (_, mounting, message) => {
		await page.goto(site.origin);
		await expect(mount(mounting as Mounting)).rejects.toThrow(message);
	});
});
