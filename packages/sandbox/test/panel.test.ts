import { bestChatBot, customGpt, hilal } from "@widget-token/widgets";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { readVisitor, setStage } from "./stage.ts";
import { ada, grace, mintFor } from "./tokens.ts";

const stage = setStage();
const bestChat = (more = ""): string =>
	`<script NONCE src="${stage.url}/bestchatbot/widget/v1/chat.js" data-api-key="key"></script>${more}`;
const fetching = `<script NONCE>
	window.signIn = () => fetch("/api/widget-token").then((response) => response.json()).then(({ token }) => token && window.BestChatBot.setUserToken(token));
</script>`;

async function openPanel(page: Page): Promise<string> {
	const panel = page.locator("#panel");
	if ((await panel.count()) === 0) await page.locator(".why").click();
	await panel.waitFor();
	return panel.innerText();
}

/** The stages of the panel as `name: outcome`. */
async function readStages(page: Page): Promise<string[]> {
	await openPanel(page);
	return page
		.locator(".stage")
		.evaluateAll((items) =>
			items.map((item) => `${item.querySelector(".stage-name")?.textContent}: ${item.className.replace("stage ", "")}`),
		);
}

describe("why is my visitor anonymous?", () => {
	test("because no token has come: with the calls that would bring one", async () => {
		const page = await stage.openApp(bestChat());
		await readVisitor(page, "anonymous");
		expect(await openPanel(page)).toMatch(/The widget has been given no token[\s\S]*call BestChatBot\.setUserToken\(\)/);
	});

	test.each([
		[503, "The page’s token endpoint answered 503"],
		[401, "Nobody is signed in, or the session has not reached the endpoint"],
		[404, "See whether the address is right"],
		[200, "The answer holds no token"],
	])("because the endpoint answered %i", async (status, text) => {
		stage.app.answerTokenRequests(async () => ({ status, body: {} }));
		const page = await stage.openApp(bestChat(fetching));
		await readVisitor(page, "anonymous");
		await page.evaluate("signIn()");
		await openPanel(page);
		await page.locator("#panel").getByText(text).first().waitFor();
		expect(await page.locator("#panel").innerText()).toContain("/api/widget-token");
	});

	test("because the backend is down", async () => {
		const page = await stage.openApp(bestChat(fetching));
		await readVisitor(page, "anonymous");
		await page.route("**/api/widget-token", (route) => route.abort("connectionrefused"));
		await page.evaluate("signIn().catch(() => undefined)");
		await openPanel(page);
		await page.getByText("The page’s token endpoint has no answer that can be read").first().waitFor();
	});

	test("because the sandbox cannot be reached", async () => {
		const page = await stage.openApp(bestChat());
		await page.route("**/api/widget/verify-jwt*", (route) => route.abort());
		await page.evaluate((token) => window.BestChatBot.setUserToken(token), await mintFor(stage.sandbox, bestChatBot));
		await openPanel(page);
		await page.getByText("The sandbox cannot be asked").first().waitFor();
		await page.unroute("**/api/widget/verify-jwt*");
		await page.evaluate(() => window.dispatchEvent(new Event("focus")));
		expect(await readVisitor(page, "verified")).toBe("Ada");
	});

	test("because the vendor's side has no key: seen when the page is looked at again, and fixed by a new one", async () => {
		const page = await stage.openApp(bestChat());
		const setToken = async (): Promise<void> =>
			page.evaluate((token) => window.BestChatBot.setUserToken(token), await mintFor(stage.sandbox, bestChatBot));
		await setToken();
		await readVisitor(page, "verified");
		stage.sandbox.removeKey("bestchatbot");
		await page.evaluate(() => window.dispatchEvent(new Event("focus")));
		await readVisitor(page, "anonymous");
		expect(await openPanel(page)).toMatch(
			/No key is configured[\s\S]*Issue a secret for this widget[\s\S]*make a new one there[\s\S]*key_missing · the vendor’s reason: not_configured/,
		);
		stage.sandbox.regenerate("bestchatbot");
		await setToken();
		expect(await readVisitor(page, "verified")).toBe("Ada");
	});

	test("because of a claim: named, held against the contract, with the remedy", async () => {
		const page = await stage.openApp(bestChat());
		const token = await mintFor(stage.sandbox, {
			...bestChatBot,
			claims: { ...("claims" in bestChatBot ? bestChatBot.claims : {}), email: { from: "identity", field: "email", required: true } },
		} as typeof bestChatBot);
		await page.evaluate((value) => window.BestChatBot.setUserToken(value), token);
		await page.locator(".bubble .badge-anonymous").waitFor();
		await openPanel(page);
		const panel = page.locator("#panel");
		await panel
			.getByText(/The e-?mail address is not in lower case/)
			.first()
			.waitFor();
		expect(await panel.locator(".claim-wrong").innerText()).toMatch(
			/email[\s\S]*not in lower case[\s\S]*Ada@example\.com[\s\S]*in lower case \(required\)/,
		);
		expect(await readStages(page)).toEqual([
			"fetched: done",
			"valid: failed",
			"delivered: done",
			"accepted: failed",
			"refreshed: waiting",
			"cleared: waiting",
		]);
	});

	test("because what was handed over is no token", async () => {
		const page = await stage.openApp(bestChat());
		await page.evaluate(() => window.BestChatBot.setUserToken({ token: "x" }));
		expect(await openPanel(page)).toContain("What was handed over is not a string: object");
		await page.evaluate(() => window.BestChatBot.setUserToken("x"));
		await page.getByText("The token has not exactly three segments").first().waitFor();
	});

	test("because the key was regenerated: seen when the page is looked at again", async () => {
		const page = await stage.openApp(bestChat());
		await page.evaluate((token) => window.BestChatBot.setUserToken(token), await mintFor(stage.sandbox, bestChatBot));
		await readVisitor(page, "verified");
		stage.sandbox.regenerate("bestchatbot");
		await page.evaluate(() => window.dispatchEvent(new Event("focus")));
		await readVisitor(page, "anonymous");
		expect(await openPanel(page)).toContain("which has been replaced: restart the app with the new one");
	});
});

describe("the way of a token", () => {
	test("from fetched to cleared", async () => {
		stage.app.answerTokenRequests(async () => ({ body: { token: await mintFor(stage.sandbox, bestChatBot) } }));
		const page = await stage.openApp(bestChat(fetching));
		await readVisitor(page, "anonymous");
		await page.evaluate("signIn()");
		await readVisitor(page, "verified");
		expect(await readStages(page)).toEqual([
			"fetched: done",
			"valid: done",
			"delivered: done",
			"accepted: done",
			"refreshed: waiting",
			"cleared: waiting",
		]);
		expect(await page.locator(".stage").first().innerText()).toContain("/api/widget-token: 200");
		await page.evaluate("signIn()");
		await page.locator(".stage.done", { hasText: "refreshed" }).waitFor();
		expect(await page.locator(".bubble .visitor-name").innerText()).toBe("Ada");
		await page.evaluate(() => window.BestChatBot.clearUserToken());
		expect((await readStages(page)).at(-1)).toBe("cleared: done");
		expect(await openPanel(page)).toContain("The token has been taken away");
	});

	test("begins again for another visitor, whose predecessor is gone at once", async () => {
		const page = await stage.openApp(bestChat());
		await page.evaluate((token) => window.BestChatBot.setUserToken(token), await mintFor(stage.sandbox, bestChatBot));
		await readVisitor(page, "verified");
		await page.route("**/api/widget/verify-jwt*", () => new Promise(() => {}));
		await page.evaluate((token) => window.BestChatBot.setUserToken(token), await mintFor(stage.sandbox, bestChatBot, grace));
		await page.locator(".bubble .badge-checking").waitFor();
		expect(await page.locator("[data-widget-token-sandbox]").innerText()).not.toContain("Ada");
		expect(await readStages(page)).toContain("accepted: waiting");
	});
});

describe("time", () => {
	test("counts down to the expiry, which makes the visitor anonymous, whatever the browser's clock says", async () => {
		stage.app.show(bestChat());
		const page = await stage.open("about:blank");
		await page.clock.install({ time: new Date("2031-01-01T00:00:00Z") });
		await page.goto(stage.app.origin);
		await page.evaluate((token) => window.BestChatBot.setUserToken(token), await mintFor(stage.sandbox, bestChatBot));
		await readVisitor(page, "verified");
		expect(await openPanel(page)).toMatch(/(?:1 h|59 min \d+ s) of 1 h/);
		await page.clock.fastForward("59:00");
		expect(await page.locator("[role=timer]").innerText()).toMatch(/^(?:1 min|\d+ s|1 min \d+ s) of 1 h$/);
		await page.clock.fastForward("01:05");
		await readVisitor(page, "anonymous");
		expect(await openPanel(page)).toContain("Hand a fresh token over before the old one expires");
		await page.evaluate((token) => window.BestChatBot.setUserToken(token), await mintFor(stage.sandbox, bestChatBot));
		await readVisitor(page, "verified");
		expect(await readStages(page)).toContain("refreshed: done");
	});

	test("a resolver is asked again when the token has expired while the chat is open", async () => {
		let asked = 0;
		stage.app.answerTokenRequests(async () => {
			asked += 1;
			return { body: { token: await mintFor(stage.sandbox, customGpt) } };
		});
		stage.app.show(
			`<script NONCE src="${stage.url}/customgpt/js/chat.js"></script><script NONCE>CustomGPT.init({ p_id: "1", p_key: "k", jwt: async () => (await (await fetch("/api/widget-token")).json()).token })</script>`,
		);
		const page = await stage.open("about:blank");
		await page.clock.install();
		await page.goto(stage.app.origin);
		await page.locator(".bubble").click();
		await readVisitor(page, "verified");
		const again = page.waitForResponse(/widget-token/);
		await page.clock.fastForward("10:05");
		await again;
		await readVisitor(page, "verified");
		expect(asked).toBe(2);
	});

	test("when the refresh fails, the panel tells of the endpoint and not of the expiry alone", async () => {
		stage.app.answerTokenRequests(async () => ({ body: { token: await mintFor(stage.sandbox, bestChatBot) } }));
		stage.app.show(bestChat(fetching));
		const page = await stage.open("about:blank");
		await page.clock.install();
		await page.goto(stage.app.origin);
		await page.evaluate("signIn()");
		await readVisitor(page, "verified");
		stage.app.answerTokenRequests(async () => ({ status: 503, body: {} }));
		await page.evaluate("signIn()");
		await openPanel(page);
		await page.locator(".stage.failed", { hasText: "503" }).waitFor();
		expect(await readVisitor(page, "verified")).toBe("Ada");
		await page.clock.fastForward("01:00:05");
		await readVisitor(page, "anonymous");
		expect(await openPanel(page)).toContain("The page’s token endpoint answered 503");
	});
});

describe("hostile input", () => {
	test("a name made of HTML is text, on the page and on the dashboard", async () => {
		const name = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
		const token = await mintFor(stage.sandbox, hilal, { ...ada, name });
		const page = await stage.openApp(
			`<script NONCE src="${stage.url}/hilal/chat_v3.js" data-org-id="o" data-bot-id="b" data-user-token="${token}"></script>`,
		);
		expect(await readVisitor(page, "verified")).toBe(name);
		await page.locator(".bubble").click();
		await openPanel(page);
		expect(await page.locator("[data-widget-token-sandbox] img, [data-widget-token-sandbox] script").count()).toBe(0);
		const dashboard = await stage.open(stage.url);
		await dashboard.locator("#verification-list summary").first().click();
		await dashboard.getByText("onerror").first().waitFor();
		expect(await dashboard.locator("img").count()).toBe(0);
		expect(await dashboard.title()).toBe("Dashboard · widget-token sandbox");
	});

	test("the token stays out of the page and its stores", async () => {
		const page = await stage.openApp(bestChat());
		const token = await mintFor(stage.sandbox, bestChatBot);
		await page.evaluate((value) => window.BestChatBot.setUserToken(value), token);
		await readVisitor(page, "verified");
		await openPanel(page);
		const kept = await page.evaluate(() =>
			[document.documentElement.outerHTML, JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie].join(),
		);
		const shown = await page.locator("[data-widget-token-sandbox]").evaluate((host) => host.shadowRoot?.innerHTML ?? "");
		expect(kept + shown).not.toContain(token.split(".")[2]);
		expect(await page.context().cookies()).toEqual([]);
	});
});
