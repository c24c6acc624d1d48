import type { TokenSession, WidgetContract } from "@widget-token/client";
import { createMint, createTokenHandler, type Identity } from "@widget-token/core";
import { bestChatBot, customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { readVisitor, setStage } from "./stage.ts";
import { ada, grace } from "./tokens.ts";

// The other half of this repository: what the client does by a contract's data, the sandbox understands.
const stage = setStage();
let bundle: string;
let user: Identity | null;

beforeAll(async () => {
	const { outputFiles } = await build({
		stdin: {
			contents: `import { createTokenSession, mountWidget } from "@widget-token/client";
				import * as widgets from "@widget-token/widgets/browser";
				Object.assign(window, { createTokenSession, mountWidget, widgets: Object.values(widgets) });`,
			resolveDir: import.meta.dirname,
		},
		bundle: true,
		write: false,
		format: "iife",
		conditions: ["@widget-token/source"],
	});
	bundle = outputFiles[0]?.text ?? "";
	const { env } = stage.sandbox;
	const widgets = [
		...[onPilot, bestChatBot, hilal, jupid].map((contract) => createMint(contract, { env })),
		createMint(customGpt, { env, role: () => "Support Team" }),
	];
	const handler = createTokenHandler({ widgets, identify: async () => user });
	const headers = { accept: "application/json" };
	stage.app.answerTokenRequests(async (url) => ({
		body: await (await handler(new Request(new URL(url, stage.app.origin), { headers }))).json(),
	}));
});

interface Mounting {
	readonly id: string;
	readonly script: string;
	readonly settings?: Readonly<Record<string, string>>;
	readonly embed?: string;
}

/** Signs Ada in on a page of the app, which mounts the widget. */
async function mount({ id, script, settings = {}, embed = "default" }: Mounting): Promise<Page> {
	user = ada;
	stage.app.show(`<div id="place"></div><script NONCE>${bundle}</script>`, { trustedTypes: false });
	const page = await stage.open(stage.app.origin);
	await page.evaluate(
		({ widget: wanted, src, texts, name }) => {
			const contract = window.widgets.find((candidate) => candidate.id === wanted) as WidgetContract;
			window.session = window.createTokenSession({ endpoint: "/api/widget-token", widget: wanted });
			window.session.identify("ada");
			const nonce = document.querySelector("script")?.nonce ?? "";
			window.mountWidget(contract, {
				session: window.session,
				src,
				nonce,
				embed: name,
				settings: { ...texts, container: document.getElementById("place") },
			});
		},
		{
			widget: id,
			src: stage.url + script,
			texts: { appUrl: `${stage.url}/jupid`, scriptUrl: stage.url + script, ...settings },
			name: embed,
		},
	);
	if (embed === "liveChat") await page.locator(".bubble").click();
	return page;
}

const project = { projectId: "1", projectKey: "key", containerId: "place" };
const organization = { organizationId: "org_1", botId: "bot_1" };

test.each([
	{ id: "onpilot", script: "/onpilot/embed.js", name: "Ada" },
	{ id: "bestchatbot", script: "/bestchatbot/widget/v1/chat.js", settings: { apiKey: "key" }, name: "Ada" },
	{ id: "hilal", script: "/hilal/chat_v3.js", settings: organization, name: "Ada" },
	{ id: "hilal", script: "/hilal/chat_v3.js", settings: organization, embed: "attribute", name: "Ada" },
	{ id: "jupid", script: "/jupid/embed.js", settings: { partnerId: "jupid-partner-id" }, name: "Ada" },
	{ id: "customgpt", script: "/customgpt/js/embed.js", settings: project, name: "Ada@example.com" },
	{ id: "customgpt", script: "/customgpt/js/chat.js", settings: project, embed: "liveChat", name: "Ada@example.com" },
])("mountWidget makes the visitor of $id verified, by $script", async ({ name, ...mounting }) => {
	const page = await mount(mounting);
	expect(await readVisitor(page, "verified")).toBe(name);
	await page.locator(`[data-widget-token-sandbox=${mounting.id}][data-visitor-status=verified]`).waitFor({ state: "attached" });
	await page.locator(".why").click();
	expect(await page.locator(".stage.done", { hasText: "fetched" }).innerText()).toContain("/api/widget-token: 200");
});

test("after a switch of the user, and after signing out, nothing of the earlier one is left", async () => {
	const page = await mount({ id: "bestchatbot", script: "/bestchatbot/widget/v1/chat.js", settings: { apiKey: "key" } });
	await readVisitor(page, "verified");
	user = grace;
	await page.evaluate(() => window.session.identify("grace"));
	await page.locator(".bubble .visitor-name", { hasText: "Grace" }).waitFor();
	await page.evaluate(() => window.session.signOut());
	expect(await readVisitor(page, "anonymous")).toBe("Visitor");
});

test("signing out empties the element of an app in a frame", async () => {
	const page = await mount({ id: "jupid", script: "/jupid/embed.js", settings: { partnerId: "jupid-partner-id" } });
	await readVisitor(page, "verified");
	await page.evaluate(() => window.session.signOut());
	expect(await page.locator("#place > *").count()).toBe(0);
});

declare global {
	interface Window {
		widgets: readonly WidgetContract[];
		session: TokenSession;
		createTokenSession: typeof import("@widget-token/client").createTokenSession;
		mountWidget: typeof import("@widget-token/client").mountWidget;
	}
}
