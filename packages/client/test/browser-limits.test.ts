import { describe, expect, it } from "vitest";
import { bestChatBot, openWidgetPages } from "./widget-page.ts";

const pages = openWidgetPages();
const { site, open, signIn, mount, becomes, logged, seenBy } = pages;

describe("a browser without a channel between tabs", () => {
	it("shows the widget and its user all the same", async () => {
		await pages.page.addInitScript(() => Reflect.deleteProperty(globalThis, "BroadcastChannel"));
		await signIn("ada");
		await pages.page.goto(site.origin);
		await mount({ ...bestChatBot, user: "ada" });
		await becomes("bestchatbot", "ada");
		await pages.page.evaluate(() => session.signOut());
		await becomes("bestchatbot", "anonymous");
	});

	it("shows the widget in a sandboxed frame, whose origin is opaque", async () => {
		site.page("/host", '<iframe sandbox="allow-scripts" src="/"></iframe>');
		await signIn("ada");
		await pages.page.goto(`${site.origin}/host`);
		const frame = pages.page.frames()[1];
		await frame?.waitForFunction(() => globalThis.kit !== undefined);
		expect(await frame?.evaluate(() => globalThis.origin)).toBe("null");
		await frame?.evaluate(() => {
			globalThis.session = kit.createTokenSession({ endpoint: "/api/widget-token" });
			session.identify("ada");
			kit.mountWidget(kit.contracts["bestChatBot"] as never, { session, settings: { apiKey: "key_1" }, src: "/vendor/bestchatbot.js" });
		});
		await frame?.waitForFunction(() => globalThis.visitor?.["bestchatbot"] === "anonymous");
		await frame?.evaluate(() => session.signOut());
	});
});

describe("another script's messages on the channel", () => {
	it("leave the user where they are", async () => {
		await signIn("ada");
		const other = await open();
		await pages.page.goto(site.origin);
		await other.goto(site.origin);
		await mount(bestChatBot);
		await becomes("bestchatbot", "ada");
		await other.evaluate(() => {
			const channel = new BroadcastChannel("widget-token");
			for (const message of [null, undefined, "signed_out", {}, [], true, 0, 1n, new Map(), new Error("x"), { type: "signed_out" }])
				channel.postMessage(message);
		});
		await pages.page.waitForTimeout(200);
		expect(await pages.page.evaluate(() => session.state.status)).toBe("signed_in");
		expect(await pages.page.evaluate(() => log)).not.toContain("cleared");
	});
});

describe("a service worker that keeps every answer, by its path alone", () => {
	const worker = `
		addEventListener("install", () => skipWaiting());
		addEventListener("activate", (event) => event.waitUntil(clients.claim()));
		addEventListener("fetch", (event) => {
			const { pathname } = new URL(event.request.url);
			if (pathname !== "/api/widget-token") return;
			event.respondWith((async () => {
				const kept = await caches.open("all");
				const hit = await kept.match(pathname);
				if (hit) return hit;
				const response = await fetch(event.request);
				await kept.put(pathname, response.clone());
				return response;
			})());
		});`;

	const begin = async (): Promise<void> => {
		site.script("worker.js", worker);
		await pages.page.goto(site.origin);
		await pages.page.evaluate(async () => {
			await navigator.serviceWorker.register("/worker.js");
			await new Promise((resolve) => {
				if (navigator.serviceWorker.controller) resolve(undefined);
				navigator.serviceWorker.addEventListener("controllerchange", resolve);
			});
		});
	};

	it("does not give the next user the earlier one's token, after the page has been loaded anew", async () => {
		site.answer = (user, nonce) => ({ token: user && `token-of-${user}`, expiresIn: 300, nonce });
		await signIn("ada");
		await begin();
		await mount({ ...bestChatBot, user: "ada" });
		await logged("delivered");
		await signIn("grace");
		await pages.page.goto(site.origin);
		await mount({ ...bestChatBot, user: "grace" });
		await logged("failed");
		expect(await pages.page.evaluate(() => "error" in session.state && session.state.error.code)).toBe("token_cached");
		expect(site.asked).toEqual(["ada"]);
		expect(JSON.stringify(await seenBy("bestchatbot"))).not.toContain("token-of");
	});

	it("signs nobody out by the answer for an earlier visitor", async () => {
		site.answer = (user, nonce) => ({ token: user && `token-of-${user}`, expiresIn: 300, nonce });
		await begin();
		await mount(bestChatBot);
		await logged("signed_out");
		await signIn("ada");
		await pages.page.goto(site.origin);
		await mount({ ...bestChatBot, user: "ada" });
		await logged("failed");
		expect(await pages.page.evaluate(() => session.state.status)).toBe("failed");
	});

	it("does not bring back what the page has seen, from an endpoint that returns no nonce", async () => {
		site.answer = (user) => ({ token: user && `token-of-${user}`, expiresIn: 300 });
		await signIn("ada");
		await begin();
		await mount({ ...bestChatBot, user: "ada" });
		await logged("delivered");
		await signIn("grace");
		await pages.page.evaluate(() => session.identify("grace"));
		await logged("failed");
		expect((await seenBy("bestchatbot")).filter(({ how }) => how === "setUserToken")).toHaveLength(1);
	});
});
