import { beforeEach, describe, expect, it } from "vitest";
import { bestChatBot, customGpt, hilal, jupid, liveChat, onPilot, openWidgetPages } from "./widget-page.ts";

const pages = openWidgetPages();
const { site, open, signIn, mount, becomes, visitorOf, seenBy, logged, html } = pages;

describe("sign-out", () => {
	beforeEach(async () => {
		await signIn("ada");
		await pages.page.goto(site.origin);
	});

	it.each([
		["BestChatBot", bestChatBot, "bestchatbot"],
		["Jupid", jupid, "jupid"],
	])("clears the widget before the app's own session ends: %s", async (_, mounting, widget) => {
		await mount({ ...mounting, stay: true });
		await becomes(widget, "ada");
		const order = await pages.page.evaluate(async () => {
			await session.signOut(async () => {
				log.push("the app's session ends");
				await fetch("/sign-out", { method: "POST" });
			});
			return log;
		});
		expect(order.indexOf("cleared")).toBeGreaterThan(-1);
		expect(order.indexOf("cleared")).toBeLessThan(order.indexOf("the app's session ends"));
		expect(order).not.toContain("reload");
		if (widget === "jupid") expect(await pages.page.locator("#place section").count()).toBe(0);
		else expect(await visitorOf(widget)).toBe("anonymous");
	});

	it.each([
		["OnPilot", onPilot, "onpilot"],
		["Hilal", hilal, "hilal"],
		["CustomGPT", customGpt, "customgpt"],
	])("loads the page anew where the vendor has no way, once the app's session is over: %s", async (_, mounting, widget) => {
		await mount({ ...mounting, user: "ada" });
		await becomes(widget, "ada");
		const reloaded = pages.page.waitForNavigation();
		await pages.page.evaluate(() => void session.signOut(() => fetch("/sign-out", { method: "POST" })));
		await reloaded;
		expect((await pages.context.cookies()).map(({ name }) => name)).not.toContain("user");
		expect(await pages.page.evaluate(() => globalThis.seen)).toBeUndefined();
		await mount(mounting);
		await logged("signed_out");
		expect(JSON.stringify(await seenBy(widget))).not.toMatch(/eyJ/);
	});

	it("of a Live Chat that nobody has opened needs no new page, and the chat is given nothing", async () => {
		await mount({ ...liveChat, stay: true });
		await pages.page.waitForFunction(() => globalThis.seen?.length === 1);
		await pages.page.evaluate(() => session.signOut(() => fetch("/sign-out", { method: "POST" })));
		await pages.page.evaluate(() => openChat());
		expect(await visitorOf("customgpt")).toBe("anonymous");
		expect(await pages.page.evaluate(() => log)).not.toContain("reload");
	});

	it("in the moment in which a Live Chat is given its token leaves it without", async () => {
		await mount({ ...liveChat, stay: true });
		await pages.page.waitForFunction(() => globalThis.seen?.length === 1);
		await pages.page.evaluate(async () => {
			// Who asked first is answered first, and signs out before the chat has its answer.
			void session.getToken().then(() => session.signOut(() => {}));
			await openChat();
		});
		expect(await visitorOf("customgpt")).toBe("anonymous");
		expect((await seenBy("customgpt")).map(({ how }) => how)).toEqual(["CustomGPT.init"]);
	});

	it.each([
		["BestChatBot", bestChatBot, "bestchatbot", "anonymous"],
		["Jupid", jupid, "jupid", "cleared"],
	])("reaches the widget in another tab at once: %s", async (_, mounting, widget, then) => {
		const other = await open();
		await other.goto(site.origin);
		for (const tab of [pages.page, other]) {
			await mount({ ...mounting, user: "ada" }, tab);
			await becomes(widget, "ada", tab);
		}
		await pages.page.evaluate(() => void session.signOut(() => fetch("/sign-out", { method: "POST" })));
		if (then === "anonymous") await becomes(widget, "anonymous", other);
		else await logged("cleared", other);
		expect(await other.evaluate(() => session.getToken())).toBeNull();
	});

	it("loads the other tab anew where the vendor has no way, and it comes back without the user", async () => {
		const other = await open();
		await other.goto(site.origin);
		for (const tab of [pages.page, other]) {
			await mount({ ...onPilot, user: "ada" }, tab);
			await becomes("onpilot", "ada", tab);
		}
		const reloads = [pages.page.waitForNavigation(), other.waitForNavigation()];
		await pages.page.evaluate(() => void session.signOut(() => fetch("/sign-out", { method: "POST" })));
		await Promise.all(reloads);
		await mount(onPilot, other);
		await logged("signed_out", other);
		expect(await other.evaluate(() => globalThis.seen)).toBeUndefined();
	});

	it("while the widget's script is on its way leaves it without the token", async () => {
		let release = (): void => {};
		const held = new Promise<void>((resolve) => (release = resolve));
		await pages.page.route("**/vendor/*.js", async (route) => {
			await held;
			await route.continue();
		});
		await mount({ ...bestChatBot, stay: true });
		await logged("received");
		await pages.page.evaluate(() => session.signOut());
		release();
		await becomes("bestchatbot", "anonymous");
		await pages.page.waitForTimeout(300);
		expect((await seenBy("bestchatbot")).map(({ how }) => how)).toEqual(["data-api-key"]);
	});

	it("while a script with the token in its tag is on its way takes the token from the tag", async () => {
		let release = (): void => {};
		const held = new Promise<void>((resolve) => (release = resolve));
		await pages.page.route("**/vendor/*.js", async (route) => {
			await held;
			await route.continue();
		});
		await mount({ ...onPilot, stay: true });
		await logged("delivered");
		await pages.page.evaluate(() => session.signOut());
		expect(await html()).not.toMatch(/eyJ/);
		release();
		await becomes("onpilot", "anonymous");
	});
});

describe("another user", () => {
	beforeEach(async () => {
		await signIn("ada");
		await pages.page.goto(site.origin);
	});

	it.each([
		["BestChatBot", bestChatBot, "bestchatbot"],
		["Jupid", jupid, "jupid"],
	])("is shown, and never the earlier one: %s", async (_, mounting, widget) => {
		await mount({ ...mounting, user: "ada" });
		await becomes(widget, "ada");
		await signIn("grace");
		await pages.page.evaluate(() => {
			globalThis.visitor = {};
			session.identify("grace");
		});
		await becomes(widget, "grace");
		expect(await pages.page.evaluate(() => log.filter((entry) => ["delivered", "cleared"].includes(entry)))).toEqual([
			"delivered",
			"cleared",
			"delivered",
		]);
		if (widget === "jupid") expect(await pages.page.locator("#place section").count()).toBe(1);
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
		await pages.page.evaluate(() => session.identify("grace"));
		await logged("reload");
		await pages.page.evaluate(() => session.getToken());
		expect((await seenBy(widget)).length).toBe(before);

		await pages.page.goto(site.origin);
		await mount({ ...mounting, user: "grace" });
		await becomes(widget, "grace");
	});

	it.each([
		["OnPilot", onPilot, "onpilot"],
		["Hilal", hilal, "hilal"],
		["CustomGPT", customGpt, "customgpt"],
	])("who may be the same, named late, gets no new page that would end up here again: %s", async (_, mounting, widget) => {
		await mount({ ...mounting, stay: true });
		await becomes(widget, "ada");
		// A token that differs from the first one, though both may be of one second.
		site.lifetimeSeconds = 299;
		await pages.page.evaluate(async () => {
			session.subscribe(() => {}, { fresh: () => true });
			session.identify("ada");
			await session.getToken();
		});
		const order = await pages.page.evaluate(async () => {
			await session.signOut(async () => {
				log.push("the app's session ends");
				await fetch("/sign-out", { method: "POST" });
			});
			return log.filter((entry) => !/^(received|script_load)$/.test(entry));
		});
		expect(order).toEqual(["delivered", "reload_required", "signed_out", "the app's session ends", "reload"]);
	});

	it("of a Live Chat is whoever is signed in when the chat is opened", async () => {
		await mount({ ...liveChat, user: "ada", stay: true });
		await signIn("grace");
		await pages.page.evaluate(() => session.identify("grace"));
		await pages.page.waitForFunction(() => globalThis.seen?.length === 1);
		await pages.page.evaluate(() => openChat());
		await becomes("customgpt", "grace");
		expect(site.asked).toEqual(["grace"]);
	});
});

describe("dispose()", () => {
	beforeEach(async () => {
		await signIn("ada");
		await pages.page.goto(site.origin);
	});

	it.each([
		["BestChatBot", bestChatBot, "bestchatbot"],
		["Jupid", jupid, "jupid"],
	])("clears the widget, and a second mount gives it the user again: %s", async (_, mounting, widget) => {
		await mount(mounting);
		await becomes(widget, "ada");
		await pages.page.evaluate(() => {
			mounted.dispose();
			globalThis.visitor = {};
		});
		await logged("cleared");
		if (widget === "jupid") expect(await pages.page.locator("#place section").count()).toBe(0);
		await mount(mounting);
		await becomes(widget, "ada");
		expect(site.requests.filter((request) => request.endsWith(`/${widget}.js`))).toHaveLength(1);
		expect(site.asked).toEqual(["ada"]);
	});

	it("before the script is there delivers nothing", async () => {
		await mount({ ...bestChatBot, stay: true });
		await pages.page.evaluate(() => mounted.dispose());
		await pages.page.waitForTimeout(500);
		expect(await pages.page.evaluate(() => log)).not.toContain("delivered");
		expect((await seenBy("bestchatbot")).map(({ how }) => how)).not.toContain("setUserToken");
	});

	it("of a widget that cannot be cleared still sees the user go", async () => {
		await mount({ ...onPilot, user: "ada", stay: true });
		await becomes("onpilot", "ada");
		await pages.page.evaluate(() => mounted.dispose());
		await pages.page.evaluate(() => session.signOut(() => {}));
		await logged("reload");
	});

	it("of a Live Chat that is waiting for its token gives it none", async () => {
		await mount(liveChat);
		await pages.page.waitForFunction(() => globalThis.seen?.length === 1);
		await pages.page.evaluate(async () => {
			const opened = openChat();
			mounted.dispose();
			await opened;
		});
		expect(await visitorOf("customgpt")).toBe("anonymous");
		expect((await seenBy("customgpt")).map(({ how }) => how)).toEqual(["CustomGPT.init"]);
	});

	it("of a Live Chat ends the resolver", async () => {
		await mount(liveChat);
		await pages.page.waitForFunction(() => globalThis.seen?.length === 1);
		await pages.page.evaluate(() => mounted.dispose());
		await pages.page.evaluate(() => openChat());
		expect(await visitorOf("customgpt")).toBe("anonymous");
		expect(site.asked).toEqual([]);
	});
});
