import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { bestChatBot, hilal, jupid } from "@widget-token/widgets";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { readVisitor, setStage } from "./stage.ts";
import { ada, askVendor, mintFor } from "./tokens.ts";

const stage = setStage();
const looks = [
	["light", { colorScheme: "light", viewport: { width: 1280, height: 800 } }],
	["dark", { colorScheme: "dark", viewport: { width: 1280, height: 800 } }],
	["narrow", { colorScheme: "light", viewport: { width: 320, height: 640 }, reducedMotion: "reduce" }],
] as const;

const bestChat = (attributes = ""): string =>
	`<script NONCE src="${stage.url}/bestchatbot/widget/v1/chat.js" data-api-key="k" ${attributes}></script>`;

let axe: string;

beforeAll(async () => {
	axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
	await askVendor(stage.sandbox, "jupid", await mintFor(stage.sandbox, jupid));
	await askVendor(stage.sandbox, "hilal", "nonsense");
});

async function findViolations(page: Page): Promise<string[]> {
	await page.evaluate(axe);
	const results = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
	return results.violations.map(
		({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("; ")}`,
	);
}

const overflow = (page: Page): Promise<number> =>
	page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe.each(looks)("%s", (_, look) => {
	test.each(["/", "/widgets/jupid", "/widgets/customgpt/try", "/widgets/jupid/try", "/jupid/", "/widgets/nothing"])(
		"axe finds nothing on %s, and nothing sticks out",
		async (path) => {
			const page = await stage.open(stage.url + path, look);
			for (const summary of await page.locator(".verification summary, .confirm summary").all()) await summary.click();
			if (path.endsWith("/try")) await readVisitor(page, "verified");
			expect(await findViolations(page)).toEqual([]);
			expect(await overflow(page)).toBeLessThanOrEqual(0);
		},
	);

	test.each([
		["Ada", {}],
		["an expired token", { now: () => 0 }],
	])("nor with chat and panel open in an app's page, for %s", async (_, options) => {
		const token = await mintFor(stage.sandbox, bestChatBot, ada, options);
		const page = await stage.openApp(bestChat(`data-user-token="${token}"`), look);
		await page.locator(".bubble .badge-checking").waitFor({ state: "detached" });
		await page.locator(".bubble").click();
		await page.locator(".why").click();
		await page.getByText("The token, decoded").click();
		expect(await findViolations(page)).toEqual([]);
	});
});

test("a long name sticks out nowhere on a narrow screen, and axe finds nothing on the closed widget", async () => {
	const token = await mintFor(stage.sandbox, bestChatBot, { ...ada, name: `Maximiliane ${"Alexandra-Wilhelmina".repeat(7)}` });
	const page = await stage.openApp(bestChat(`data-user-token="${token}"`), looks[2][1]);
	await readVisitor(page, "verified");
	expect(await findViolations(page)).toEqual([]);
	await page.locator(".bubble").click();
	await page.locator(".why").click();
	const widths = await page
		.locator(".bar, .chat, .panel")
		.evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect()).map(({ left, right }) => [left >= 0, right <= innerWidth]));
	expect(widths.flat()).toEqual([true, true, true, true, true, true]);
	expect(await overflow(page)).toBeLessThanOrEqual(0);
});

describe("the keyboard", () => {
	test("opens, uses and closes chat and panel, and the focus goes along", async () => {
		const page = await stage.openApp(
			`<script NONCE src="${stage.url}/hilal/chat_v3.js" data-org-id="o" data-bot-id="b" data-user-token="${await mintFor(stage.sandbox, hilal)}"></script>`,
		);
		await readVisitor(page, "verified");
		const focused = (): Promise<string | undefined> =>
			page.evaluate(() => (document.activeElement?.shadowRoot ?? document).activeElement?.outerHTML.slice(0, 120));
		await page.keyboard.press("Tab");
		expect(await focused()).toContain('class="bubble"');
		expect(await page.locator(".bubble").evaluate((button) => getComputedStyle(button).outlineStyle)).toBe("solid");
		await page.keyboard.press("Enter");
		await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.matches("input"));
		await page.keyboard.type("Hello");
		await page.keyboard.press("Enter");
		await page.getByText("Hello Ada. Hilal Chatbot knows you").waitFor();
		await page.keyboard.press("Escape");
		await page.locator(".chat").waitFor({ state: "detached" });
		expect(await focused()).toContain('class="bubble"');
		await page.keyboard.press("Tab");
		expect(await focused()).toContain("Why is my visitor verified?");
		await page.keyboard.press("Space");
		await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.id === "panel-title");
		await page.keyboard.press("Escape");
		await page.locator(".panel").waitFor({ state: "detached" });
		expect(await focused()).toContain("Why is my visitor verified?");
	});

	test("skips to the content of the sandbox's own pages", async () => {
		const page = await stage.open(stage.url);
		await page.keyboard.press("Tab");
		await page.keyboard.press("Enter");
		expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
	});
});

test("a screen reader is told who the visitor is, once it is known and when it changes", async () => {
	const page = await stage.openApp(bestChat());
	const status = page.locator("[data-widget-token-sandbox]").getByRole("status");
	await page.evaluate((token) => window.BestChatBot.setUserToken(token), await mintFor(stage.sandbox, bestChatBot));
	await status.getByText("BestChatBot: verified as Ada").waitFor({ state: "attached" });
	await page.evaluate(() => window.BestChatBot.clearUserToken());
	await status.getByText("BestChatBot: anonymous. The token has been taken away").waitFor({ state: "attached" });
});

test("with reduced motion nothing moves", async () => {
	const page = await stage.openApp(bestChat(), {
		reducedMotion: "reduce",
	});
	await readVisitor(page, "anonymous");
	expect(await page.locator(".bubble").evaluate((button) => getComputedStyle(button).transitionProperty)).toBe("none");
});
