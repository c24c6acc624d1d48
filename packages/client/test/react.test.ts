import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { build as bundleWithTsdown } from "tsdown";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AppState } from "./fixture/react-app.tsx";
import { bundle } from "./vendor-site.ts";
import { openWidgetPages } from "./widget-page.ts";

declare global {
	var reactVersion: string;
	var render: (initial: AppState) => void;
	var hydrate: (initial: AppState) => void;
	var set: (next: AppState) => void;
}

const pages = openWidgetPages();
const { site, open, signIn, becomes, seenBy, visitorOf } = pages;
const folder = await mkdtemp(join(tmpdir(), "widget-token-react-"));
afterAll(() => rm(folder, { recursive: true }));

const versions: readonly (readonly [name: string, alias: Record<string, string>])[] = [
	["18", { react: "react-18", "react-dom": "react-dom-18" }],
	["19", {}],
];

describe.each(versions)("React %s, in StrictMode", (version, alias) => {
	const scripts = (): string[] => site.requests.filter((request) => request.includes("/vendor/") && request.startsWith("GET"));
	const start = async (initial: AppState, target: Page = pages.page): Promise<void> => {
		await target.goto(`${site.origin}/react`);
		expect(await target.evaluate(() => reactVersion)).toMatch(new RegExp(`^${version}\\.`));
		await target.evaluate((state) => render(state), initial);
	};
	const set = (next: AppState): Promise<void> => pages.page.evaluate((state) => globalThis.set(state), next);
	const status = (text: string): Promise<unknown> =>
		pages.page.waitForFunction((expected) => document.querySelector("#status span")?.textContent === expected, text);

	beforeAll(() => site.bundle(`react-${version}.js`, "fixture/react-page.tsx", alias));
	beforeEach(() => {
		site.page("/react", `<div id="root"></div><script src="/react-${version}.js"></script>`);
		// React says in the console what it would have thrown in a test.
		pages.page.on("console", (message) => ["error", "warning"].includes(message.type()) && site.problems.push(message.text()));
	});

	it("<Widget> shows the user, with one request and one script", async () => {
		await signIn("ada");
		await start({ user: "ada", widget: "bestchatbot" });
		await becomes("bestchatbot", "ada");
		await pages.page.waitForTimeout(300);
		expect(site.asked).toEqual(["ada"]);
		expect(scripts()).toEqual(["GET /vendor/bestchatbot.js"]);
		expect((await seenBy("bestchatbot")).map(({ how }) => how)).toEqual(["data-api-key", "setUserToken"]);
	});

	it("<Widget> without a `user` goes by the page's cookies", async () => {
		await signIn("ada");
		await start({ widget: "bestchatbot" });
		await becomes("bestchatbot", "ada");
		expect(site.asked).toEqual(["ada"]);
	});

	it("<Widget> stays as it is when the page renders again", async () => {
		await signIn("ada");
		await start({ user: "ada", widget: "bestchatbot" });
		await becomes("bestchatbot", "ada");
		for (const title of ["One", "Two", "Three"]) await set({ title });
		await pages.page.waitForFunction(() => document.querySelector("h1")?.textContent === "Three");
		expect((await seenBy("bestchatbot")).map(({ how }) => how)).toEqual(["data-api-key", "setUserToken"]);
		expect(site.asked).toEqual(["ada"]);
	});

	it("<Widget> follows its contract to another widget of the same vendor", async () => {
		await signIn("ada");
		await start({ user: "ada", widget: "assistant" });
		await pages.page.addScriptTag({ url: "/vendor/customgpt-others.js" });
		await becomes("customgpt", "ada");
		await set({ widget: "viewer" });
		await pages.page.waitForFunction(() => seen.length === 2);
		expect((await seenBy("customgpt")).map(({ how }) => how)).toEqual([
			"CustomGPTAiAssistant.setJwtToken",
			"CustomGPTInstantViewer.setJwtToken",
		]);
		expect(site.asked).toEqual(["ada"]);
	});

	it("<Widget> follows the user: another one, and nobody", async () => {
		await signIn("ada");
		await start({ user: "ada", widget: "bestchatbot" });
		await becomes("bestchatbot", "ada");
		await signIn("grace");
		await set({ user: "grace" });
		await becomes("bestchatbot", "grace");
		await pages.context.clearCookies();
		await set({ user: null });
		await becomes("bestchatbot", "anonymous");
		expect((await seenBy("bestchatbot")).map(({ how }) => how)).toEqual([
			"data-api-key",
			"setUserToken",
			"clearUserToken",
			"setUserToken",
			"clearUserToken",
		]);
		expect(site.asked).toEqual(["ada", "grace"]);
	});

	it("<Widget> for nobody asks nothing", async () => {
		await start({ user: null, widget: "bestchatbot" });
		await becomes("bestchatbot", "anonymous");
		expect(site.asked).toEqual([]);
	});

	it("<Widget> gives a widget in the page's flow its element", async () => {
		await signIn("ada");
		await start({ user: "ada", widget: "jupid" });
		await becomes("jupid", "ada");
		expect(await pages.page.locator("#root > div.embed > section").count()).toBe(1);
		await set({ user: null });
		await pages.page.waitForFunction(() => document.querySelectorAll("#root > div.embed > section").length === 0);
	});

	it("<Widget> leaves nothing when it goes, and comes back", async () => {
		await signIn("ada");
		site.lifetimeSeconds = 3;
		await start({ user: "ada", widget: "bestchatbot" });
		await becomes("bestchatbot", "ada");
		await set({ widget: "none" });
		await becomes("bestchatbot", "anonymous");
		const asked = site.asked.length;
		await pages.page.waitForTimeout(3500);
		expect(site.asked).toHaveLength(asked);
		await set({ widget: "bestchatbot" });
		await becomes("bestchatbot", "ada");
		expect(scripts()).toEqual(["GET /vendor/bestchatbot.js"]);
	});

	it("useWidgetToken() gives the token, keeps it fresh, and loses it on sign-out", async () => {
		await signIn("ada");
		site.lifetimeSeconds = 3;
		await start({ user: "ada", widget: "hook" });
		await status("signed_in");
		const token = await pages.page.locator("#status b").textContent();
		expect(token).toMatch(/^eyJ/);
		await pages.page.waitForFunction((first) => document.querySelector("#status b")?.textContent !== first, token);
		await pages.page.locator("#status button").click();
		await status("signed_out");
		expect(await pages.page.locator("#status b").textContent()).toBe("none");
	});

	it("<WidgetTokenProvider> has one session for all below it", async () => {
		await signIn("ada");
		await start({ user: "ada", widget: "provided" });
		await becomes("bestchatbot", "ada");
		await status("signed_in");
		expect(site.asked).toEqual(["ada"]);
		await pages.page.locator("#status button").click();
		await becomes("bestchatbot", "anonymous");
	});

	it("another tab's sign-out reaches the component", async () => {
		await signIn("ada");
		const other = await open();
		for (const tab of [pages.page, other]) {
			await start({ user: "ada", widget: "provided" }, tab);
			await becomes("bestchatbot", "ada", tab);
		}
		await other.locator("#status button").click();
		await status("signed_out");
		expect(await visitorOf("bestchatbot")).toBe("anonymous");
	});

	it("renders on the server without a request, and the browser takes it over", async () => {
		const file = join(folder, `react-${version}.cjs`);
		await writeFile(file, await bundle("fixture/react-server.tsx", { alias, platform: "node", format: "cjs" }));
		const { render: renderOnServer } = (await import(pathToFileURL(file).href)) as { render: (initial: AppState) => string };
		const initial: AppState = { user: "ada", widget: "provided" };
		const html = renderOnServer(initial);
		expect(html).toContain("<span>idle</span>");
		expect(renderOnServer({ user: "ada", widget: "jupid" })).toMatch(/<div id="[^"]+" class="embed"><\/div>/);
		expect(site.asked).toEqual([]);

		site.page("/react", `<div id="root">${html}</div><script src="/react-${version}.js"></script>`);
		await signIn("ada");
		await pages.page.goto(`${site.origin}/react`);
		await pages.page.evaluate((state) => hydrate(state), initial);
		await becomes("bestchatbot", "ada");
		expect(site.asked).toEqual(["ada"]);
	});
});

describe("the React entry", () => {
	it("keeps its directive when it is built, so that a server component can render it; the rest has none", async () => {
		await bundleWithTsdown({
			cwd: fileURLToPath(new URL("..", import.meta.url)),
			config: fileURLToPath(new URL("../tsdown.config.ts", import.meta.url)),
			outDir: folder,
			dts: false,
			clean: false,
			logLevel: "silent",
		});
		expect(await readFile(join(folder, "react.js"), "utf8")).toMatch(/^["']use client["'];/);
		expect(await readFile(join(folder, "index.js"), "utf8")).not.toContain("use client");
	});
});
