import { bestChatBot, customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";
import { describe, expect, test } from "vitest";
import { readVisitor, setStage } from "./stage.ts";
import { grace, mintFor } from "./tokens.ts";

const stage = setStage();
const script = (path: string, attributes = ""): string => `<script NONCE src="${stage.url}${path}" ${attributes}></script>`;
const inline = (code: string): string => `<script NONCE>${code}</script>`;

describe("OnPilot", () => {
	test("data-identity-token", async () => {
		const page = await stage.openApp(script("/onpilot/embed.js", `data-identity-token="${await mintFor(stage.sandbox, onPilot)}"`));
		expect(await readVisitor(page, "verified")).toBe("Ada");
	});

	test("without it the visitor is anonymous", async () => {
		const page = await stage.openApp(script("/onpilot/embed.js"));
		expect(await readVisitor(page, "anonymous")).toBe("Visitor");
	});

	test("a script that the page inserts later reads its attribute too", async () => {
		const token = await mintFor(stage.sandbox, onPilot);
		stage.app.show("<script NONCE></script>", { trustedTypes: false });
		const page = await stage.open(stage.app.origin);
		const insert = (src: string, value: string): Promise<void> =>
			page.evaluate(
				([address, identityToken]) => {
					const element = document.createElement("script");
					element.src = address as string;
					element.nonce = document.querySelector("script")?.nonce ?? "";
					element.dataset.identityToken = identityToken as string;
					document.head.append(element);
				},
				[src, value],
			);
		await insert(`${stage.url}/onpilot/embed.js`, token);
		expect(await readVisitor(page, "verified")).toBe("Ada");
		await insert(`${stage.url}/onpilot/embed.js?again`, await mintFor(stage.sandbox, onPilot, grace));
		await page.getByText("Grace").first().waitFor();
		expect(await page.locator("[data-widget-token-sandbox]").count()).toBe(1);
	});
});

describe("BestChatBot", () => {
	test("data-user-token", async () => {
		const page = await stage.openApp(
			script("/bestchatbot/widget/v1/chat.js", `data-api-key="key" data-user-token="${await mintFor(stage.sandbox, bestChatBot)}"`),
		);
		expect(await readVisitor(page, "verified")).toBe("Ada");
	});

	test("setUserToken and clearUserToken", async () => {
		const page = await stage.openApp(script("/bestchatbot/widget/v1/chat.js", 'data-api-key="key"'));
		await readVisitor(page, "anonymous");
		await page.evaluate((token) => window.BestChatBot.setUserToken(token), await mintFor(stage.sandbox, bestChatBot));
		expect(await readVisitor(page, "verified")).toBe("Ada");
		await page.evaluate(() => window.BestChatBot.clearUserToken());
		expect(await page.locator(".bubble .badge").innerText()).toBe("anonymous");
		expect(await page.locator("[data-widget-token-sandbox]").innerText()).not.toContain("Ada");
	});

	test("a call right after the tag, before the page is parsed, is not lost", async () => {
		const token = await mintFor(stage.sandbox, bestChatBot);
		const page = await stage.openApp(
			script("/bestchatbot/widget/v1/chat.js", 'data-api-key="key"') + inline(`window.BestChatBot.setUserToken(${JSON.stringify(token)})`),
		);
		expect(await readVisitor(page, "verified")).toBe("Ada");
	});

	test("after a switch of the user, a late answer about the earlier one changes nothing", async () => {
		const page = await stage.openApp(script("/bestchatbot/widget/v1/chat.js", 'data-api-key="key"'));
		await readVisitor(page, "anonymous");
		const [first, second] = [await mintFor(stage.sandbox, bestChatBot), await mintFor(stage.sandbox, bestChatBot, grace)];
		let release = (): void => {};
		const held = new Promise<void>((resolve) => {
			release = resolve;
		});
		await page.route("**/api/widget/verify-jwt*", async (route) => {
			if (route.request().postData()?.includes(first)) await held;
			await route.continue().catch(() => undefined);
		});
		await page.evaluate(
			([one, other]) => {
				window.BestChatBot.setUserToken(one as string);
				window.BestChatBot.setUserToken(other as string);
			},
			[first, second],
		);
		expect(await readVisitor(page, "verified")).toBe("Grace");
		const late = page.waitForResponse((response) => response.request().postData()?.includes(first) === true);
		release();
		await (await late).finished();
		expect(await readVisitor(page, "verified")).toBe("Grace");
	});

	test("a tag without data-api-key is told so", async () => {
		const page = await stage.openApp(script("/bestchatbot/widget/v1/chat.js"));
		await page.getByRole("button", { name: "Why is my visitor anonymous?" }).click();
		await page.getByText("The script tag lacks data-api-key").waitFor();
	});
});

describe("Hilal", () => {
	test("data-user-token, with the answer that its page tells to look for", async () => {
		const token = await mintFor(stage.sandbox, hilal);
		stage.app.show(script("/hilal/chat_v3.js", `data-org-id="org_1" data-bot-id="bot_1" data-user-token="${token}"`));
		const page = await stage.open("about:blank");
		const answer = page.waitForResponse(/\/api\/widget\/verify-jwt/);
		await page.goto(stage.app.origin);
		const response = await answer;
		expect([response.request().method(), response.status()]).toEqual(["POST", 200]);
		expect(await response.json()).toEqual({ verified: true, claims: { sub: "user_1", name: "Ada", email: "Ada@example.com" } });
		expect(await readVisitor(page, "verified")).toBe("Ada");
	});

	test("HilalChat.init, and init without a token", async () => {
		const page = await stage.openApp(script("/hilal/chat_v3.js"));
		await page.evaluate(
			(userToken) => window.HilalChat.init({ organizationId: "org_1", botId: "bot_1", userToken }),
			await mintFor(stage.sandbox, hilal),
		);
		expect(await readVisitor(page, "verified")).toBe("Ada");
		await page.evaluate(() => window.HilalChat.init({ organizationId: "org_1", botId: "bot_1" }));
		expect(await readVisitor(page, "anonymous")).toBe("Visitor");
	});

	test("the chat request carries X-Hilal-Identity-Source: verified, and only then", async () => {
		const page = await stage.openApp(
			script("/hilal/chat_v3.js", `data-org-id="org_1" data-bot-id="bot_1" data-user-token="${await mintFor(stage.sandbox, hilal)}"`),
		);
		await readVisitor(page, "verified");
		await page.locator(".bubble").click();
		const say = async (text: string): Promise<string | undefined> => {
			const sent = page.waitForRequest((request) => request.url().includes("/api/chat") && request.method() === "POST");
			await page.getByLabel("Message").fill(text);
			await page.keyboard.press("Enter");
			return (await sent).headers()["x-hilal-identity-source"];
		};
		expect(await say("Hello")).toBe("verified");
		await page.getByText("Hello Ada. Hilal Chatbot knows you").waitFor();
		await page.evaluate(() => window.HilalChat.init({ organizationId: "org_1", botId: "bot_1" }));
		await readVisitor(page, "anonymous");
		expect(await say("And now?")).toBeUndefined();
		await page.getByText("does not know who you are, and answers all the same").waitFor();
	});
});

describe("Jupid", () => {
	const element = '<div id="jupid-embed"></div>';
	const mount = (token: string, more = ""): string =>
		`JupidEmbed.mount({ partnerId: "jupid-partner-id", token: ${JSON.stringify(token)}, container: document.getElementById("jupid-embed"), initialPath: "/invoices", appUrl: "${stage.url}/jupid" ${more}})`;

	test("JupidEmbed.mount shows the app in a frame, which asks the page for the token", async () => {
		const token = await mintFor(stage.sandbox, jupid);
		const page = await stage.openApp(element + script("/jupid/embed.js") + inline(mount(token)));
		expect(await readVisitor(page, "verified")).toBe("Ada");
		const frame = page.frameLocator("#jupid-embed iframe");
		await frame.getByText("Signed in as Ada.").waitFor();
		await frame.getByText("/invoices").waitFor();
		expect(await page.locator("#jupid-embed iframe").getAttribute("src")).toBe(`${stage.url}/jupid/invoices`);
	});

	test("a page of another origin that has got into the frame asks in vain", async () => {
		const page = await stage.openApp(element + script("/jupid/embed.js") + inline(mount(await mintFor(stage.sandbox, jupid))));
		await readVisitor(page, "verified");
		await page.evaluate(async (thief) => {
			const frame = document.querySelector("[data-widget-token-sandbox]")?.shadowRoot?.querySelector("iframe") as HTMLIFrameElement;
			const asked = new Promise((resolve) => addEventListener("message", ({ data }) => data.type === "asked" && resolve(undefined)));
			frame.src = thief;
			await asked;
			// The widget asks the vendor again when the page is looked at again.
			window.dispatchEvent(new Event("focus"));
			frame.contentWindow?.postMessage("the last message", "*");
		}, stage.app.thief);
		const heard = page.frameLocator("#jupid-embed iframe").locator("#heard");
		await heard.getByText("the last message").waitFor();
		expect(await heard.locator("li").allInnerTexts()).toEqual(['"the last message"']);
	});

	test("nor can it tell the page who the visitor is", async () => {
		const page = await stage.openApp(element + script("/jupid/embed.js"));
		await page.route("**/jupid/invoices", () => new Promise(() => {}));
		await page.evaluate(mount(await mintFor(stage.sandbox, jupid)));
		await page.evaluate(async (thief) => {
			const frame = document.querySelector("[data-widget-token-sandbox]")?.shadowRoot?.querySelector("iframe") as HTMLIFrameElement;
			const asked = new Promise((resolve) => addEventListener("message", ({ data }) => data.type === "asked" && resolve(undefined)));
			frame.src = thief;
			await asked;
		}, stage.app.thief);
		expect(await page.locator(".frame-bar").innerText()).toMatch(/checking/);
	});

	test("an app at another address is refused, and so is a mount without an element", async () => {
		const page = await stage.openApp(element + script("/jupid/embed.js"));
		const attempts = await page.evaluate(() =>
			[
				{ appUrl: "https://attacker.example", container: document.getElementById("jupid-embed") },
				{ appUrl: `${location.origin}/jupid`, container: document.getElementById("jupid-embed") },
			].map((options) => {
				try {
					window.JupidEmbed.mount({ partnerId: "jupid-partner-id", token: "x", ...options });
					return "mounted";
				} catch (error) {
					return (error as Error).message;
				}
			}),
		);
		expect(attempts).toEqual([
			`In the sandbox, the address of Jupid Embed is ${stage.url}/jupid`,
			`In the sandbox, the address of Jupid Embed is ${stage.url}/jupid`,
		]);
		expect(await page.locator("iframe").count()).toBe(0);
	});

	test("emptying its element signs the visitor out, and another mount signs the next one in", async () => {
		const page = await stage.openApp(element + script("/jupid/embed.js") + inline(mount(await mintFor(stage.sandbox, jupid))));
		await readVisitor(page, "verified");
		await page.evaluate(() => document.getElementById("jupid-embed")?.replaceChildren());
		expect(await page.locator("[data-widget-token-sandbox]").count()).toBe(0);
		await page.evaluate(
			([url, token]) =>
				window.JupidEmbed.mount({
					partnerId: "jupid-partner-id",
					token,
					container: document.getElementById("jupid-embed"),
					initialPath: "/",
					appUrl: `${url}/jupid`,
				}),
			[stage.url, await mintFor(stage.sandbox, jupid, grace)],
		);
		expect(await readVisitor(page, "verified")).toBe("Grace");
		await page.frameLocator("#jupid-embed iframe").getByText("Signed in as Grace.").waitFor();
	});
});

describe("CustomGPT.ai", () => {
	// Its tokens carry no name: the visitor is called by the email address.
	const ada = "Ada@example.com";
	const live = `${'<script NONCE>window.asked = 0; window.fetchJwt = async () => { window.asked += 1; return (await (await fetch("/api/widget-token")).json()).token; };</script>'}`;
	const answerWithToken = (): void =>
		stage.app.answerTokenRequests(async () => ({ body: { token: await mintFor(stage.sandbox, customGpt) } }));

	test("the standard embed stands in its element, and CustomGPTEmbed.setJwtToken takes the token", async () => {
		const page = await stage.openApp(
			`<div id="customgpt_chat"></div>${script("/customgpt/js/embed.js", 'defer div_id="customgpt_chat" p_id="1" p_key="key"')}`,
		);
		await readVisitor(page, "anonymous");
		await page.evaluate((token) => window.CustomGPTEmbed?.setJwtToken(token), await mintFor(stage.sandbox, customGpt));
		expect(await readVisitor(page, "verified")).toBe(ada);
		expect(await page.locator("#customgpt_chat [data-widget-token-sandbox]").count()).toBe(1);
	});

	test.each([
		["CustomGPT.init with a resolver", 'CustomGPT.init({ p_id: "1", p_key: "key", jwt: fetchJwt })'],
		["CustomGPT.setJwtToken after init", 'CustomGPT.init({ p_id: "1", p_key: "key" }); CustomGPT.setJwtToken(fetchJwt)'],
		["CustomGPTChat.setJwtToken after init", 'CustomGPT.init({ p_id: "1", p_key: "key" }); window.CustomGPTChat?.setJwtToken(fetchJwt)'],
	])("%s asks for the token when the chat opens, not before", async (_, code) => {
		answerWithToken();
		const page = await stage.openApp(
			`${live}${script("/customgpt/js/chat.js", "defer")}${inline(`addEventListener("load", () => { ${code} })`)}`,
		);
		await readVisitor(page, "anonymous");
		expect(await page.evaluate(() => window.asked)).toBe(0);
		await page.locator(".bubble").click();
		expect(await readVisitor(page, "verified")).toBe(ada);
		expect(await page.evaluate(() => window.asked)).toBe(1);
	});

	test("a resolver that gives the string itself, or fails, or gives nothing", async () => {
		const token = await mintFor(stage.sandbox, customGpt);
		const page = await stage.openApp(script("/customgpt/js/chat.js"));
		await page.evaluate(() =>
			window.CustomGPT.init({ p_id: "1", p_key: "key", jwt: () => Promise.reject(new Error("Unable to create CustomGPT.ai JWT")) }),
		);
		await page.getByRole("button", { name: "Why is my visitor anonymous?" }).click();
		await page.getByText("The chat has not been opened yet").first().waitFor();
		await page.locator(".bubble").click();
		await page.getByText("Unable to create CustomGPT.ai JWT").waitFor();
		await page.evaluate(() => window.CustomGPT.setJwtToken(async () => ""));
		await page.getByText("function has returned no token").first().waitFor();
		await page.evaluate((jwt) => window.CustomGPT.setJwtToken(() => jwt), token);
		expect(await readVisitor(page, "verified")).toBe(ada);
	});

	test.each(["ai-assistant", "instant-viewer"])("the widget %s takes the token itself", async (name) => {
		const page = await stage.openApp(script(`/customgpt/${name}.js`));
		await page.evaluate(
			([widget, token]) =>
				(widget === "ai-assistant" ? window.CustomGPTAiAssistant : window.CustomGPTInstantViewer)?.setJwtToken(token as string),
			[name, await mintFor(stage.sandbox, customGpt)],
		);
		expect(await readVisitor(page, "verified")).toBe(ada);
	});
});

type TokenFunction = (token?: unknown) => void;

declare global {
	interface Window {
		asked: number;
		BestChatBot: { setUserToken: TokenFunction; clearUserToken(): void };
		HilalChat: { init(options: object): void };
		JupidEmbed: { mount(options: object): void };
		CustomGPT: { init(options: object): void; setJwtToken: TokenFunction };
		CustomGPTChat?: { setJwtToken: TokenFunction };
		CustomGPTEmbed?: { setJwtToken: TokenFunction };
		CustomGPTAiAssistant?: { setJwtToken: TokenFunction };
		CustomGPTInstantViewer?: { setJwtToken: TokenFunction };
	}
}
