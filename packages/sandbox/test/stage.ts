import { launchChromium } from "@widget-token/test-kit/chromium";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { createSandbox, type ListeningSandbox, type Sandbox, type SandboxOptions } from "../src/index.ts";
import { type AppPages, serveAppPages } from "./app-pages.ts";

/** A sandbox, an app and a browser, for the tests of one file. */
export interface Stage {
	readonly sandbox: Sandbox;
	/** The sandbox's address. */
	readonly url: string;
	readonly app: AppPages;
	/** Opens a page; an error or a breach of the app's policy on it fails the test. */
	open(address: string, options?: BrowserContextOptions): Promise<Page>;
	/** Serves a body as the app's page and opens it. */
	openApp(body: string, options?: BrowserContextOptions): Promise<Page>;
}

/** Sets the stage up before the tests of a file and takes it down after them. */
export function setStage(options: SandboxOptions = {}): Stage {
	let browser: Browser;
	let listening: ListeningSandbox;
	let app: AppPages;
	const problems: string[] = [];
	const sandbox = createSandbox({ env: {}, ...options });
	beforeAll(async () => {
		[browser, listening] = await Promise.all([launchChromium(), sandbox.listen({ port: 0 })]);
		app = await serveAppPages(listening.url);
	});
	afterEach(async () => {
		await Promise.all(browser.contexts().map((context) => context.close()));
		const found = problems.splice(0);
		if (found.length > 0) throw new Error(`On the page: ${found.join("\n")}`);
	});
	afterAll(async () => {
		await Promise.all([browser?.close(), listening?.close(), app?.close()]);
	});
	const open = async (address: string, contextOptions: BrowserContextOptions = {}): Promise<Page> => {
		const page = await (await browser.newContext(contextOptions)).newPage();
		page.setDefaultTimeout(10_000);
		page.on("pageerror", ({ message }) => problems.push(message));
		page.on("console", (message) => {
			if (message.type() === "error" && /policy|trusted/i.test(message.text())) problems.push(message.text());
		});
		page.on("dialog", (dialog) => {
			problems.push(`a dialog: ${dialog.message()}`);
			void dialog.dismiss();
		});
		await page.goto(address);
		return page;
	};
	return {
		sandbox,
		get url() {
			return listening.url;
		},
		get app() {
			return app;
		},
		open,
		openApp: (body, contextOptions) => {
			app.show(body);
			return open(app.origin, contextOptions);
		},
	};
}

/** What the bubble or the inline widget of a page says of its visitor. */
export async function readVisitor(page: Page, status: "verified" | "anonymous"): Promise<string> {
	await page.locator(`.badge-${status}`).first().waitFor();
	return (await page.locator(".bubble-text .visitor-name, .as-inline .visitor-name, .frame-bar .visitor-name").allInnerTexts()).join();
}
