import { launchChromium } from "@widget-token/test-kit/chromium";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHub, type Hub } from "../src/hub.ts";
import { createProcessGroups } from "../src/process-groups.ts";
import { auth0 } from "../src/providers/auth0.ts";
import { clerk } from "../src/providers/clerk.ts";
import type { RefusalCell } from "../src/refusals.ts";
import { failColumn } from "../src/refusals.ts";
import type { Progress } from "../src/run.ts";
import { renderRefusals } from "../src/tables.ts";

const [signedOut, anonymous, , , outage] = failColumn(auth0, { about: "", expected: "", got: "" }) as [
	RefusalCell,
	RefusalCell,
	RefusalCell,
	RefusalCell,
	RefusalCell,
];
const refusals: readonly RefusalCell[] = [
	{ ...signedOut, status: 200, code: "no token", expected: { status: 200, code: "no token" }, findings: [] },
	{ ...anonymous, notApplicable: "no <anonymous> users", findings: [] },
	{ ...outage, status: 200, code: "token", expected: { status: 200, code: "token" }, remark: "nobody is asked", findings: [] },
];
const running = {
	address: "http://127.0.0.1:3001",
	signInAddress: "http://127.0.0.1:3001/auth/login?a=1&b=2",
	endpoint: "",
	hint: "",
	programs: [],
	signIn: () => Promise.reject(new Error("not here")),
	refusals: { ...auth0 } as never,
};

describe("the hub", () => {
	let browser: Browser;
	let hub: Hub;
	const progress: readonly Progress[] = [
		{ provider: auth0, running, refusals },
		{ provider: clerk, refusals: refusals.map((cell) => ({ ...cell, provider: "clerk" })) },
	];
	beforeAll(async () => {
		[browser, hub] = await Promise.all([launchChromium(), createHub(progress, { groups: createProcessGroups(), withSandbox: true })]);
	});
	afterAll(() => Promise.all([browser?.close(), hub?.close()]));
	const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
		const page = await (await browser.newContext(options)).newPage();
		await page.goto(hub.address);
		return page;
	};

	it("offers one main way into each app that runs: to sign in as Ada", async () => {
		const page = await open();
		const link = page.getByRole("link", { name: "Sign in as Ada with Auth0" });
		expect(await link.getAttribute("href")).toBe(running.signInAddress);
		expect(await page.locator(".main[href]").count()).toBe(1);
		expect(await link.evaluate((element) => getComputedStyle(element).backgroundColor)).not.toBe(
			await page.getByRole("link", { name: "Open the app with Auth0" }).evaluate((element) => getComputedStyle(element).backgroundColor),
		);
	});

	it("explains n/a and a token that is right in the words of the terminal", async () => {
		const page = await open();
		const remarks = (await page.locator(".remarks li").allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " "));
		expect(remarks).toEqual(["n/a Auth0, Clerk: no <anonymous> users", "* Auth0, Clerk: nobody is asked"]);
		const terminal = renderRefusals(
			[auth0, clerk],
			progress.flatMap(({ refusals: cells = [] }) => cells),
		);
		for (const remark of remarks) expect(terminal.replace(/ {2,}/g, " ")).toContain(remark);
		const table = page.getByRole("table").nth(1);
		const row = async (name: string): Promise<string> =>
			(await table.getByRole("row", { name }).getByRole("cell").allInnerTexts()).join(" | ");
		expect((await row("signed out")).replaceAll(/\s+/g, " ")).toBe('✓ 200 { "token": null } | ✓ 200 { "token": null }');
		expect((await row("backend down")).replaceAll(/\s+/g, " ")).toBe("✓ 200 * token | ✓ 200 * token");
	});

	it.each([
		[390, true],
		[1280, false],
	])("at %i px it says that the tables scroll: %j", async (width, expected) => {
		const page = await open({ viewport: { width, height: 800 } });
		const hints = await page.locator(".scroll-hint").evaluateAll((all) => all.map((hint) => getComputedStyle(hint).display !== "none"));
		const scrolls = await page.locator(".scroll").evaluateAll((all) => all.map((table) => table.scrollWidth > table.clientWidth));
		expect(hints).toEqual([expected, expected]);
		expect(scrolls[0]).toBe(expected);
	});

	it("lets the keyboard scroll a table", async () => {
		const page = await open({ viewport: { width: 390, height: 800 } });
		await page.getByRole("group", { name: "Tokens" }).focus();
		await page.keyboard.press("ArrowRight");
		await page.waitForFunction(() => (document.querySelector(".scroll")?.scrollLeft ?? 0) > 0);
	});
});
