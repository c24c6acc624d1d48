import { beforeEach, describe, expect, it } from "vitest";
import { bestChatBot, customGpt, hilal, jupid, onPilot, openWidgetPages } from "./widget-page.ts";

const pages = openWidgetPages();
const { site, open, signIn, mount, becomes, visitorOf, seenBy, logged } = pages;

describe("a visitor who is not signed in", () => {
	beforeEach(() => pages.page.goto(site.origin));

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
		await pages.page.waitForTimeout(150);
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
		await pages.page.evaluate(() => session.identify("ada"));
		await becomes(widget, "ada");
		expect(await pages.page.evaluate(() => log)).not.toContain("reload");
	});

	it("is told so once", async () => {
		await mount({ ...hilal, stay: true });
		await becomes("hilal", "anonymous");
		// What says again that nobody is signed in.
		await pages.page.evaluate(async () => {
			await session.signOut(() => {});
			session.identify("nobody");
			await session.getToken();
		});
		expect((await seenBy("hilal")).map(({ how }) => how)).toEqual(["init", "start"]);
	});

	it("and then signs in is told apart where a new page is needed for it", async () => {
		await mount({ ...hilal, embed: "attribute", stay: true });
		await becomes("hilal", "anonymous");
		await signIn("ada");
		await pages.page.evaluate(() => session.identify("ada"));
		await logged("reload_required");
		expect(await pages.page.evaluate(() => log)).not.toContain("reload");
	});
});

describe("while the endpoint is down", () => {
	it("the widget is anonymous, and verified when the endpoint is back", async () => {
		await signIn("ada");
		site.fault = "down";
		const tabs = await Promise.all(
			[bestChatBot, hilal, customGpt].map(async (mounting) => {
				const tab = await open();
				await tab.goto(site.origin);
				await mount(mounting, tab);
				return tab;
			}),
		);
		const widgets = ["bestchatbot", "hilal", "customgpt"];
		await Promise.all(widgets.map((widget, index) => becomes(widget, "anonymous", tabs[index])));
		site.fault = undefined;
		await Promise.all(widgets.map((widget, index) => becomes(widget, "ada", tabs[index])));
	});

	it("a widget that wants a token waits for it", async () => {
		await signIn("ada");
		site.fault = "down";
		await pages.page.goto(site.origin);
		await mount(onPilot);
		await logged("failed");
		expect(site.requests).not.toContain("GET /vendor/onpilot.js");
		site.fault = undefined;
		await becomes("onpilot", "ada");
	});
});

describe("a token that expires", () => {
	it("is replaced without a click where the vendor has a way", async () => {
		await signIn("ada");
		site.lifetimeSeconds = 3;
		const ways = [
			[bestChatBot, "bestchatbot", "setUserToken"],
			[customGpt, "customgpt", "CustomGPTEmbed.setJwtToken"],
		] as const;
		await Promise.all(
			ways.map(async ([mounting, widget, call]) => {
				const tab = await open();
				await tab.goto(site.origin);
				await mount(mounting, tab);
				await logged("refreshed", tab);
				const given = (await seenBy(widget, tab)).filter(({ how }) => how === call).map(({ value }) => value);
				expect(given.length).toBeGreaterThanOrEqual(2);
				expect(new Set(given).size).toBe(given.length);
				expect(await visitorOf(widget, tab)).toBe("ada");
			}),
		);
	});

	it("is given only once to a widget that has no way to take a newer one, though the page has it", async () => {
		await signIn("ada");
		site.lifetimeSeconds = 3;
		await pages.page.goto(site.origin);
		await mount(jupid);
		await becomes("jupid", "ada");
		// Such as useWidgetToken() elsewhere in the page.
		await pages.page.evaluate(() => void session.subscribe(() => {}, { fresh: () => true }));
		await pages.page.waitForFunction(() => log.filter((entry) => entry === "received").length >= 2);
		expect((await seenBy("jupid")).map(({ how }) => how)).toEqual(["mount"]);
	});

	it("is not fetched anew for nothing where the vendor has none", async () => {
		await signIn("ada");
		site.lifetimeSeconds = 1;
		const tabs = await Promise.all(
			[onPilot, hilal, jupid].map(async (mounting) => {
				const tab = await open();
				await tab.goto(site.origin);
				await mount(mounting, tab);
				return tab;
			}),
		);
		await Promise.all(["onpilot", "hilal", "jupid"].map((widget, index) => becomes(widget, "ada", tabs[index])));
		await pages.page.waitForTimeout(2500);
		expect(site.asked).toEqual(["ada", "ada", "ada"]);
	});
});
