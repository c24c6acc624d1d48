import { bestChatBot, customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";
import { describe, expect, test } from "vitest";
import { readVisitor, setStage } from "./stage.ts";
import { askVendor, mintFor } from "./tokens.ts";

const stage = setStage();

describe("the dashboard", () => {
	test("lists the widgets with their scripts and keys", async () => {
		const page = await stage.open(stage.url);
		const cards = await page.locator(".card").allInnerTexts();
		expect(cards).toHaveLength(5);
		for (const [index, { name, key }] of [onPilot, bestChatBot, hilal, jupid, customGpt].entries()) {
			expect(cards[index]).toContain(name);
			expect(cards[index]).toContain(key.env);
		}
		expect(await page.locator("#environment-lines").innerText()).toContain(
			`HILAL_WIDGET_HMAC_SECRET=${stage.sandbox.env.HILAL_WIDGET_HMAC_SECRET}`,
		);
	});

	test("shows verifications as they come, tells of them, and keeps what was opened open", async () => {
		const page = await stage.open(stage.url);
		await page.getByText("No token has been verified yet").waitFor();
		await page.waitForFunction(
			() => performance.getEntriesByName(`${location.origin}/events`).length >= 0 && document.readyState === "complete",
		);
		const token = await mintFor(stage.sandbox, hilal);
		await askVendor(stage.sandbox, "hilal", token);
		await page.locator(".verification", { hasText: "Ada" }).waitFor();
		expect(await page.locator("#live").innerText()).toMatch(/^New: \d\d:\d\d:\d\d, Hilal Chatbot, verified, Ada$/);
		await page.locator(".verification summary").click();
		await askVendor(stage.sandbox, "hilal", "nonsense");
		await page.locator(".verification", { hasText: "The token has not exactly three segments" }).waitFor();
		expect(await page.locator(".verification").allInnerTexts()).toHaveLength(2);
		expect(await page.locator(".verification details[open]").innerText()).toContain("user_1");
	});

	test("regenerates a key by a click: the old tokens fail, and the page says what to do", async () => {
		const before = await mintFor(stage.sandbox, bestChatBot);
		const page = await stage.open(stage.url);
		await page.getByRole("button", { name: "Regenerate key of BestChatBot" }).click();
		await page.getByText("BestChatBot has a new key: tokens of the old one fail from now on").waitFor();
		expect(await (await askVendor(stage.sandbox, "bestchatbot", before)).json()).toMatchObject({
			verified: false,
			reason: "invalid_signature",
		});
		expect(await page.locator("#environment-lines").innerText()).toContain(
			`BESTCHATBOT_SIGNING_KEY=${stage.sandbox.env.BESTCHATBOT_SIGNING_KEY}`,
		);
	});

	test("removes a key by a click, says what follows, and makes a new one by another", async () => {
		const token = await mintFor(stage.sandbox, hilal);
		const page = await stage.open(stage.url);
		const question = page.locator("#widget-hilal summary", { hasText: "Remove key" });
		const confirm = page.getByRole("button", { name: "Yes, remove the key of Hilal Chatbot" });
		expect(await confirm.isVisible()).toBe(false);
		await question.click();
		expect(await (await askVendor(stage.sandbox, "hilal", token)).json()).toMatchObject({ verified: true });
		await confirm.click();
		await page.getByText("Hilal Chatbot has no key now").waitFor();
		expect(await page.locator("#widget-hilal").innerText()).toContain("none: its tokens are not_configured");
		expect(await question.count()).toBe(0);
		await askVendor(stage.sandbox, "hilal", token);
		const item = page.locator(".verification", { hasText: "No key is configured" }).first();
		await item.locator("summary").click();
		expect(await item.innerText()).toMatch(/key_missing \(not_configured\)[\s\S]*make a new one there/);
		await page.getByRole("button", { name: "Make a key of Hilal Chatbot" }).click();
		await page.getByText("Hilal Chatbot has a new key").waitFor();
		expect(await (await askVendor(stage.sandbox, "hilal", await mintFor(stage.sandbox, hilal))).json()).toMatchObject({ verified: true });
	});

	test.each(["light", "dark"] as const)(
		"shows in %s what destroys in another colour than what does not, until it is confirmed too",
		async (colorScheme) => {
			const page = await stage.open(stage.url, { colorScheme });
			const style = (name: string): Promise<string[]> =>
				page
					.locator("#widget-onpilot")
					.getByText(name)
					.evaluate((element) => [getComputedStyle(element).color, getComputedStyle(element).borderTopColor]);
			const [plain, danger] = [await style("Regenerate key"), await style("Remove key")];
			expect(danger[0]).not.toBe(plain[0]);
			expect(danger[1]).not.toBe(plain[1]);
		},
	);

	test("asks before it removes a key by the keyboard, and without scripts", async () => {
		const page = await stage.open(stage.url, { javaScriptEnabled: false });
		await page.locator("#widget-jupid summary").focus();
		await page.keyboard.press("Enter");
		await page.keyboard.press("Tab");
		expect(stage.sandbox.env.JUPID_EMBED_SECRET).toBeDefined();
		await page.keyboard.press("Enter");
		await page.getByText("Jupid Embed has no key now").waitFor();
		expect(stage.sandbox.env.JUPID_EMBED_SECRET).toBeUndefined();
		stage.sandbox.regenerate("jupid");
	});

	test("a trial page's app keeps the key that the vendor has lost", async () => {
		stage.sandbox.removeKey("hilal");
		const page = await stage.open(`${stage.url}/widgets/hilal/try`);
		await readVisitor(page, "anonymous");
		await page.locator(".why").click();
		await page.locator(".reason", { hasText: "No key is configured" }).waitFor();
		stage.sandbox.regenerate("hilal");
	});

	test("copies the environment", async () => {
		const page = await stage.open(stage.url, { permissions: ["clipboard-read", "clipboard-write"] });
		await page.getByRole("button", { name: "Copy the lines" }).click();
		await page.getByRole("button", { name: "Copied" }).waitFor();
		expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(stage.sandbox.environmentLines.join("\n"));
	});

	test("can be used without scripts", async () => {
		const page = await stage.open(stage.url, { javaScriptEnabled: false });
		const before = stage.sandbox.env.ONPILOT_EMBED_SECRET;
		await page.getByRole("button", { name: "Regenerate key of OnPilot" }).click();
		await page.getByText("OnPilot has a new key").waitFor();
		expect(stage.sandbox.env.ONPILOT_EMBED_SECRET).not.toBe(before);
	});
});

test.each(["/nothing", "/widgets/nothing", "/widgets/nothing/try"])("at %s stands a page that leads to the dashboard", async (path) => {
	const page = await stage.open(stage.url + path);
	await page.getByText(`Nothing stands at ${path}`).waitFor();
	await page.getByRole("link", { name: "dashboard" }).click();
	await page.getByRole("heading", { name: "Widgets" }).waitFor();
	expect((await fetch(stage.url + path)).status).toBe(404);
});

describe("trial pages", () => {
	const embeds = [onPilot, bestChatBot, hilal, jupid, customGpt].flatMap(({ id, delivery }) =>
		Object.keys(delivery?.embeds ?? {}).map((embed) => [id, embed] as const),
	);

	test.each(embeds)("%s, embed %s: the page's own code makes the visitor verified", async (id, embed) => {
		const page = await stage.open(`${stage.url}/widgets/${id}/try?embed=${embed}&visitor=grace`);
		if (embed.startsWith("liveChat")) await page.locator(".bubble").click();
		expect(await readVisitor(page, "verified")).toMatch(/grace/i);
		expect(await page.locator("main pre").innerText()).not.toContain("eyJ");
	});

	test.each([
		["expired", "The token has expired"],
		["other-key", "The signature does not verify"],
		["milliseconds", "exp is in milliseconds"],
		["too-long", "The token lives longer than the contract allows"],
		["garbled", "The token has not exactly three segments"],
	])("the mistake %s makes the visitor anonymous, and the panel names it", async (flaw, title) => {
		const page = await stage.open(`${stage.url}/widgets/hilal/try?token=${flaw}`);
		await page.locator(".bubble .badge-anonymous").waitFor();
		await page.locator(".why").click();
		await page.locator(".reason", { hasText: title }).waitFor();
	});

	test("refreshes and signs out by the vendor's calls", async () => {
		const page = await stage.open(`${stage.url}/widgets/bestchatbot/try`);
		await readVisitor(page, "verified");
		await page.locator(".why").click();
		await page.getByRole("button", { name: "Hand over a fresh token" }).click();
		await page.locator(".stage.done", { hasText: "refreshed" }).waitFor();
		await page.getByRole("button", { name: "Sign out" }).click();
		expect(await readVisitor(page, "anonymous")).toBe("Visitor");
	});
});
