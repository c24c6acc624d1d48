import { beforeEach, describe, expect, it } from "vitest";
import { bestChatBot, customGpt, hilal, jupid, liveChat, onPilot, openWidgetPages } from "./widget-page.ts";

const pages = openWidgetPages();
const { site, signIn, mount, becomes, seenBy } = pages;
const token = expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);

describe("each vendor's browser API is given a token that its server verifies", () => {
	beforeEach(async () => {
		await signIn("ada");
		await pages.page.goto(site.origin);
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
		expect((await seenBy("hilal"))[0]).toEqual({
			widget: "hilal",
			how: "init",
			value: { organizationId: "org_1", botId: "bot_1", userToken: token },
		});
		expect((await seenBy("hilal")).map(({ how }) => how).filter((how) => how === "start")).toHaveLength(1);
	});

	it("Hilal: data-user-token", async () => {
		await mount({ ...hilal, embed: "attribute" });
		await becomes("hilal", "ada");
		expect(await seenBy("hilal")).toEqual([
			{ widget: "hilal", how: "start", value: { organizationId: "org_1", botId: "bot_1", userToken: token } },
		]);
	});

	it("Jupid: JupidEmbed.mount with all of its options", async () => {
		await mount(jupid);
		await becomes("jupid", "ada");
		expect(await seenBy("jupid")).toEqual([
			{
				widget: "jupid",
				how: "mount",
				value: { partnerId: "partner_1", token, container: "place", initialPath: "/", appUrl: "https://partner.example.com" },
			},
		]);
		expect(await pages.page.locator("#place section").count()).toBe(1);
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

	it.each(["CustomGPTAiAssistant", "CustomGPTInstantViewer"])(
		"CustomGPT: %s.setJwtToken, of a script that the page brings, sooner or later",
		async (name) => {
			await mount({ contract: "customGpt", embed: name === "CustomGPTAiAssistant" ? "aiAssistant" : "instantViewer" });
			await pages.page.waitForTimeout(150);
			await pages.page.addScriptTag({ url: "/vendor/customgpt-others.js" });
			await becomes("customgpt", "ada");
			expect(await seenBy("customgpt")).toEqual([{ widget: "customgpt", how: `${name}.setJwtToken`, value: token }]);
		},
	);

	it("CustomGPT: the resolver of Live Chat, which asks when the chat is opened and not before", async () => {
		await mount(liveChat);
		await pages.page.waitForFunction(() => globalThis.seen?.length === 1);
		expect(await seenBy("customgpt")).toEqual([
			{ widget: "customgpt", how: "CustomGPT.init", value: { p_id: "1", p_key: "k", jwt: "function" } },
		]);
		await pages.page.waitForTimeout(200);
		expect(site.asked).toEqual([]);
		await pages.page.evaluate(() => openChat());
		expect(site.asked).toEqual(["ada"]);
		await becomes("customgpt", "ada");
		await pages.page.evaluate(() => openChat());
		expect(site.asked).toEqual(["ada"]);
	});

	it.each([
		["liveChatLater", "CustomGPT.setJwtToken"],
		["liveChatHelper", "CustomGPTChat.setJwtToken"],
	])("CustomGPT: the resolver of a Live Chat that the page has started, %s", async (embed, how) => {
		await pages.page.addScriptTag({ url: "/vendor/customgpt-chat.js" });
		await mount({ contract: "customGpt", embed: embed });
		await pages.page.waitForFunction(() => globalThis.seen?.length === 1);
		expect(await seenBy("customgpt")).toEqual([{ widget: "customgpt", how, value: "function" }]);
		expect(site.asked).toEqual([]);
		await pages.page.evaluate(() => openChat());
		await becomes("customgpt", "ada");
	});
});
