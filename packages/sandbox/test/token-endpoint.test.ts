import { Readable } from "node:stream";
import { bestChatBot } from "@widget-token/widgets";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { readVisitor, setStage } from "./stage.ts";
import { mintFor } from "./tokens.ts";

const stage = setStage();

/** An app's page with the widget, and with an endpoint whose path says nothing of what it gives. */
async function openApp(answer: { readonly status?: number; readonly type?: string; readonly body: unknown }): Promise<Page> {
	stage.app.answerTokenRequests(async () => answer);
	const page = await stage.openApp(`<script NONCE src="${stage.url}/bestchatbot/widget/v1/chat.js" data-api-key="key"></script>`);
	await readVisitor(page, "anonymous");
	await page.locator(".why").click();
	return page;
}

const ask = (page: Page, path = "/api/whoami"): Promise<unknown> =>
	page.evaluate(async (address) => (await fetch(address)).text().then(() => undefined), path);
const askByXhr = (page: Page, responseType: XMLHttpRequestResponseType): Promise<unknown> =>
	page.evaluate(
		(type) =>
			new Promise<void>((resolve) => {
				const request = new XMLHttpRequest();
				request.responseType = type;
				request.addEventListener("loadend", () => resolve());
				request.open("GET", "/api/whoami");
				request.send();
			}),
		responseType,
	);
const fetched = (page: Page, text: string): Promise<void> =>
	page.locator(".stage", { hasText: "fetched" }).filter({ hasText: text }).waitFor();
const mint = (): Promise<string> => mintFor(stage.sandbox, bestChatBot);

describe("the app's token endpoint is known by its answers, whatever its path", () => {
	test.each([
		["application/json", (token: string) => ({ token, expiresIn: 3600 })],
		["application/jwt", (token: string) => token],
		["text/plain; charset=utf-8", (token: string) => token],
	])("a token as %s", async (type, body) => {
		const page = await openApp({ type, body: body(await mint()) });
		await ask(page);
		await fetched(page, "/api/whoami: 200,");
		expect(await page.locator("#panel").innerText()).toContain("It gave a token, and the page has not handed it over");
	});

	test.each(["", "text", "json"] as const)("a token by an XMLHttpRequest of the type “%s”", async (responseType) => {
		const page = await openApp({ body: { token: await mint() } });
		await askByXhr(page, responseType);
		await fetched(page, "/api/whoami: 200,");
	});

	test("that nobody is signed in", async () => {
		const page = await openApp({ body: { token: null } });
		await ask(page);
		await fetched(page, "/api/whoami: 200 without a token");
		await page.locator(".reason", { hasText: "says that nobody is signed in: /api/whoami" }).waitFor();
	});

	test("a problem, with its own code and remedy", async () => {
		const page = await openApp({
			status: 403,
			type: "application/problem+json",
			body: { title: "The email address is not verified", status: 403, code: "email_unverified", remedy: "Verify it first." },
		});
		await ask(page);
		await page.locator(".reason", { hasText: "answered 403: /api/whoami" }).waitFor();
		expect(await page.locator(".verdict-box").innerText()).toContain(
			"email_unverified: The email address is not verified. Verify it first.",
		);
	});

	test("and its failures once it is known", async () => {
		const page = await openApp({ body: { token: null } });
		await ask(page);
		await fetched(page, "/api/whoami: 200 without a token");
		stage.app.answerTokenRequests(async () => ({ status: 500, type: "text/html", body: "<h1>Oops</h1>" }));
		await ask(page);
		await fetched(page, "/api/whoami: 500");
		await page.route("**/api/whoami", (route) => route.abort("connectionrefused"));
		await ask(page).catch(() => undefined);
		await fetched(page, "/api/whoami: no answer");
	});

	test.each([
		["data", { body: { name: "Ada", items: [{ token: "eyJhbGciOiJIUzI1NiJ9.e30.c2ln" }] } }],
		["a token that is not one, as against forgery", { body: { token: "f00ba4" } }],
		[
			"a problem of another kind",
			{ status: 422, type: "application/problem+json", body: { title: "No such order", status: 422, code: "x" } },
		],
		["a page", { type: "text/html", body: "<!doctype html><p>Sign in" }],
		["what is not JSON", { body: "{" }],
	])("and not mistaken for it is %s", async (_, answer) => {
		const page = await openApp(answer);
		await ask(page);
		await ask(page, "/api/orders");
		// What the panel would show of them, it would show before this.
		stage.app.answerTokenRequests(async () => ({ body: { token: null } }));
		await ask(page, "/api/last");
		await fetched(page, "/api/last: 200 without a token");
		await page.locator(".reason", { hasText: "/api/last" }).waitFor();
		stage.app.answerTokenRequests(async () => answer);
		await ask(page);
		await askByXhr(page, "");
		await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
		expect(await page.locator("#panel").innerText()).not.toMatch(/whoami|orders/);
	});
});

describe("the page's own requests are as ever", () => {
	test("an answer comes as it is sent, and whole", async () => {
		const body = new Readable({ read: () => undefined });
		const page = await openApp({ body });
		body.push('{"token":');
		const first = await page.evaluate(async () => {
			const response = await fetch("/api/whoami");
			const { url, status, ok } = response;
			const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
			Object.assign(window, { reader });
			return [url, status, ok, (await reader?.read())?.value];
		});
		expect(first).toEqual([`${stage.app.origin}/api/whoami`, 200, true, '{"token":']);
		body.push("null}");
		body.push(null);
		expect(
			await page.evaluate(async () => (await (window as unknown as { reader: ReadableStreamDefaultReader }).reader.read()).value),
		).toBe("null}");
		await fetched(page, "200 without a token");
	});

	test("a long answer is whole, and not read to its end", async () => {
		const page = await openApp({ body: { token: null, more: "x".repeat(200_000) } });
		expect(await page.evaluate(async () => (await (await fetch("/api/whoami")).text()).length)).toBeGreaterThan(200_000);
	});

	test("a failure is the page's to handle, or to be told of", async () => {
		stage.app.show(
			`<script NONCE src="${stage.url}/bestchatbot/widget/v1/chat.js" data-api-key="key"></script><script NONCE>
				addEventListener("unhandledrejection", (event) => { event.preventDefault(); document.title = "unhandled " + event.reason; });
				window.forget = () => { fetch("/api/whoami"); };
			</script>`,
		);
		const page = await stage.open(stage.app.origin);
		await page.route("**/api/whoami", (route) => route.abort("connectionrefused"));
		expect(await page.evaluate(() => fetch("/api/whoami").catch((reason: unknown) => String(reason)))).toBe("TypeError: Failed to fetch");
		await page.evaluate("forget()");
		await page.waitForFunction(() => document.title === "unhandled TypeError: Failed to fetch");
	});

	test("the functions are the browser's own", async () => {
		const page = await openApp({ body: {} });
		const code = await page.evaluate(() => [fetch, Response.prototype.json, XMLHttpRequest.prototype.send].map(String));
		expect(code.map((text) => text.includes("[native code]"))).toEqual([true, true, true]);
	});

	test("a method that the page replaces is the page's", async () => {
		const page = await openApp({ body: {} });
		await page.evaluate("Response.prototype.json = async () => 'mine'");
		expect(await page.evaluate(async () => (await fetch("/api/whoami")).json())).toBe("mine");
	});

	test("a fetch of the page's own making, with answers of another kind, is left alone", async () => {
		stage.app.show(
			`<script NONCE>window.fetch = async () => "mine";</script><script NONCE src="${stage.url}/bestchatbot/widget/v1/chat.js" data-api-key="key"></script>`,
		);
		const page = await stage.open(stage.app.origin);
		await readVisitor(page, "anonymous");
		expect(await page.evaluate(() => fetch("/api/whoami"))).toBe("mine");
	});
});

test("of a token that the page has fetched and dropped, nothing is kept", async () => {
	const token = await mint();
	const page = await openApp({ body: { token } });
	await ask(page);
	await askByXhr(page, "");
	await fetched(page, "/api/whoami: 200,");
	const session = await page.context().newCDPSession(page);
	let heap = "";
	session.on("HeapProfiler.addHeapSnapshotChunk", ({ chunk }) => {
		heap += chunk;
	});
	await session.send("HeapProfiler.collectGarbage");
	await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
	expect([heap.includes("It gave a token"), heap.includes(token.split(".")[2] as string)]).toEqual([true, false]);
});
