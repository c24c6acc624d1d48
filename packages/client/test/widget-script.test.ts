import { widgetScript } from "@widget-token/client";
import { bestChatBot, customGpt, customGptLiveChat, hilal, jupid, onPilot } from "@widget-token/widgets/browser";
import { describe, expect, it } from "vitest";

const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";

describe("the script tag of a page that is rendered on the server", () => {
	it.each([
		["OnPilot", onPilot, {}, `<script src="https://chat.onpilot.ai/embed.js" data-identity-token="${token}"></script>`],
		[
			"BestChatBot",
			bestChatBot,
			{ apiKey: "key_1" },
			`<script src="https://widget.bestchatbot.io/widget/v1/chat.js" data-api-key="key_1" data-user-token="${token}"></script>`,
		],
		[
			"Hilal",
			hilal,
			{ organizationId: "org_1", botId: "bot_1" },
			`<script src="https://cdn.hilalsoftware.tools/chat_v3.js" data-org-id="org_1" data-bot-id="bot_1" data-user-token="${token}"></script>`,
		],
	])("is the vendor's: %s", (_, contract, settings, tag) => {
		expect(widgetScript(contract, { token, settings })).toBe(tag);
	});

	it.each([undefined, null, ""])("shows a visitor who is not signed in (%j) a widget that can be anonymous, without a token", (nobody) => {
		expect(widgetScript(bestChatBot, { token: nobody, settings: { apiKey: "key_1" } })).toBe(
			'<script src="https://widget.bestchatbot.io/widget/v1/chat.js" data-api-key="key_1"></script>',
		);
		expect(widgetScript(hilal, { token: nobody, settings: { organizationId: "o", botId: "b" } })).not.toContain("token");
		expect(widgetScript(customGpt, { token: nobody, settings: { projectId: "1", projectKey: "k", containerId: "chat" } })).toBe(
			'<script src="https://cdn.customgpt.ai/js/embed.js" defer div_id="chat" p_id="1" p_key="k"></script>',
		);
		expect(widgetScript(customGptLiveChat, { token: nobody })).toBe('<script src="https://cdn.customgpt.ai/js/chat.js" defer></script>');
	});

	it.each([undefined, null, ""])("shows that visitor (%j) nothing at all of a widget that wants a token", (nobody) => {
		expect(widgetScript(onPilot, { token: nobody })).toBe("");
		expect(widgetScript(jupid, { token: nobody, settings: {} })).toBe("");
	});

	it("has the policy's nonce, and another address where one is given", () => {
		expect(widgetScript(onPilot, { token, nonce: "r4nd0m", src: "http://127.0.0.1:4700/onpilot.js" })).toBe(
			`<script src="http://127.0.0.1:4700/onpilot.js" data-identity-token="${token}" nonce="r4nd0m"></script>`,
		);
	});

	it("lets nothing out of its attributes", () => {
		const evil = `"'><script>alert(1)</script>&<!--`;
		const tag = widgetScript(bestChatBot, { token: evil, nonce: evil, src: evil, settings: { apiKey: evil } });
		const escaped = "&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;&lt;!--";
		expect(tag).toBe(`<script src="${escaped}" data-api-key="${escaped}" data-user-token="${escaped}" nonce="${escaped}"></script>`);
	});

	it("does not drop a token in silence that has no place in the tag", () => {
		expect(() => widgetScript(jupid, { token, settings: { scriptUrl: "https://partner.example.com/embed.js" } })).toThrow(
			/jupid.*mountWidget/,
		);
		expect(() => widgetScript(customGpt, { token, settings: {} })).toThrow(/customgpt.*mountWidget/);
	});

	it.each([
		["a setting", () => widgetScript(bestChatBot, { token, settings: {} }), /apiKey is missing/],
		["the embed", () => widgetScript(bestChatBot, { token, embed: "nope" }), /bestchatbot\.nope has no script tag/],
		["the script", () => widgetScript(customGpt, { embed: "aiAssistant" }), /customgpt\.aiAssistant has no script tag/],
		["the delivery", () => widgetScript({ id: "acme" }, { token }), /acme\.default has no script tag/],
	])("names what is missing: %s", (_, render, message) => {
		expect(render).toThrow(message);
	});
});
