import { launchChromium } from "@widget-token/test-kit/chromium";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { VendorSite } from "./vendor-site.ts";

/** What a vendor's stand-in was given. */
export interface Seen {
	readonly widget: string;
	readonly how: string;
	readonly value?: unknown;
}

/** What an app writes to mount a widget. Settings `#x` stand for elements. */
export interface Mounting {
	readonly contract: string;
	readonly src?: string;
	readonly embed?: string;
	readonly settings?: Readonly<Record<string, unknown>>;
	readonly user?: string;
	readonly nonce?: string;
	/** Keeps the page, and notes that it would have been loaded anew. */
	readonly stay?: boolean;
}

export const bestChatBot: Mounting = { contract: "bestChatBot", src: "bestchatbot.js", settings: { apiKey: "key_1" } };
export const onPilot: Mounting = { contract: "onPilot", src: "onpilot.js" };
export const hilal: Mounting = { contract: "hilal", src: "hilal.js", settings: { organizationId: "org_1", botId: "bot_1" } };
export const jupid: Mounting = {
	contract: "jupid",
	settings: {
		scriptUrl: "/vendor/jupid.js",
		partnerId: "partner_1",
		container: "#place",
		initialPath: "/",
		appUrl: "https://partner.example.com",
	},
};
export const customGpt: Mounting = {
	contract: "customGpt",
	src: "customgpt-embed.js",
	settings: { projectId: "1", projectKey: "k", containerId: "place" },
};
export const liveChat: Mounting = { ...customGpt, src: "customgpt-chat.js", embed: "liveChat" };

declare global {
	var seen: Seen[];
	var visitor: Record<string, string>;
	var openChat: () => Promise<void>;
	var session: import("@widget-token/client").TokenSession;
	var mounted: import("@widget-token/client").MountedWidget;
	var log: string[];
	var kit: typeof import("@widget-token/client") & { contracts: Record<string, import("@widget-token/client").WidgetContract> };
}

/** A page of an app with its token endpoint, in Chromium; a new one for each test of the file. Any error in it fails the test. */
export interface WidgetPages {
	readonly site: VendorSite;
	readonly page: Page;
	readonly context: BrowserContext;
	/** Another tab of the same browser. */
	open(): Promise<Page>;
	/** Lets the app's cookie say who is signed in. */
	signIn(user: string): Promise<void>;
	/** Mounts a widget, with one session for all of the page. */
	mount(mounting: Mounting, target?: Page): Promise<void>;
	/** Waits until the vendor takes the visitor for that user; it has verified the token by then. */
	becomes(widget: string, visitor: string, target?: Page): Promise<unknown>;
	visitorOf(widget: string, target?: Page): Promise<unknown>;
	seenBy(widget: string, target?: Page): Promise<Seen[]>;
	/** Waits for an event of the session or of the widget. */
	logged(event: string, target?: Page): Promise<unknown>;
	html(): Promise<string>;
}

export function openWidgetPages(): WidgetPages {
	const site = new VendorSite();
	let browser: Browser;
	let context: BrowserContext;
	let page: Page;

	const open = async (): Promise<Page> => {
		const opened = await context.newPage();
		opened.on("pageerror", (error) => site.problems.push(String(error)));
		return opened;
	};

	beforeAll(async () => {
		browser = await launchChromium();
		await site.listen();
	});
	afterAll(async () => {
		await browser?.close();
		await site.close();
	});
	beforeEach(async () => {
		context = await browser.newContext();
		page = await open();
		site.reset();
		site.page("/", '<div id="place"></div><script src="/kit.js"></script>');
	});
	afterEach(async () => {
		await context.close();
		expect(site.problems).toEqual([]);
	});

	return {
		site,
		get page() {
			return page;
		},
		get context() {
			return context;
		},
		open,
		signIn: (user) => context.addCookies([{ name: "user", value: user, url: site.origin }]),
		mount: (mounting, target = page) =>
			target.evaluate(({ contract, src, embed, settings = {}, user, nonce, stay }) => {
				globalThis.log ??= [];
				globalThis.session ??= kit.createTokenSession({
					endpoint: "/api/widget-token",
					widget: kit.contracts[contract]?.id ?? "",
					onEvent: ({ type }) => log.push(type),
				});
				if (user !== undefined) session.identify(user);
				const resolved = Object.entries(settings).map(([name, value]) => [
					name,
					typeof value === "string" && value.startsWith("#") ? document.querySelector(value) : value,
				]);
				globalThis.mounted = kit.mountWidget(kit.contracts[contract] as never, {
					session,
					settings: Object.fromEntries(resolved),
					embed,
					src: src && `/vendor/${src}`,
					nonce,
					onEvent: (event) => log.push(event),
					...(stay ? { reload: () => log.push("reload") } : {}),
				});
			}, mounting),
		becomes: (widget, visitor, target = page) =>
			target.waitForFunction(([id, name]) => globalThis.visitor?.[id as string] === name, [widget, visitor], { timeout: 10_000 }),
		visitorOf: (widget, target = page) => target.evaluate((id) => globalThis.visitor?.[id], widget),
		seenBy: (widget, target = page) => target.evaluate((id) => (globalThis.seen ?? []).filter((entry) => entry.widget === id), widget),
		logged: (event, target = page) => target.waitForFunction((name) => globalThis.log?.includes(name), event, { timeout: 10_000 }),
		html: () => page.evaluate(() => document.documentElement.outerHTML),
	};
}
