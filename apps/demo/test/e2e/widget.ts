import type { Locator, Page } from "playwright-core";

/** What the widget of a page shows of its visitor: bubble, embedded chat or framed app. */
export function visitorOf(page: Page, status: "verified" | "anonymous", name?: string): Locator {
	const shown = page.locator(".bubble-text, .as-inline .chat .head, .frame-bar").filter({ has: page.locator(`.badge-${status}`) });
	return name === undefined ? shown : shown.filter({ hasText: name });
}

/** Waits until the widget takes the visitor for `name`. */
export async function waitUntilVerified(page: Page, name: string): Promise<void> {
	await visitorOf(page, "verified", name).waitFor();
}

/** Waits until the widget says that the visitor is anonymous. */
export async function waitUntilAnonymous(page: Page): Promise<void> {
	await visitorOf(page, "anonymous").waitFor();
}

/** Opens the sandbox's panel, which says why. */
export async function openPanel(page: Page): Promise<Locator> {
	await page.getByRole("button", { name: /^Why is my visitor/ }).click();
	const panel = page.getByRole("dialog", { name: /^Why is my visitor/ });
	await panel.waitFor();
	return panel;
}

/** The names in the tokens that the widget has had verified, from now on. */
export function watchVerifications(page: Page): string[] {
	const names: string[] = [];
	page.on("request", (request) => {
		if (!request.url().includes("/api/widget/verify-jwt") || request.method() !== "POST") return;
		const [payload = ""] = /[\w-]+(?=\.[\w-]+")/.exec(request.postData() ?? "") ?? [];
		names.push(String((JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>)["name"]));
	});
	return names;
}

/** Holds back the next answer of the token endpoint. */
export async function holdToken(page: Page, endpoint: string): Promise<{ readonly held: Promise<void>; release(): void }> {
	const gate = Promise.withResolvers<void>();
	const held = Promise.withResolvers<void>();
	let isFirst = true;
	await page.route(
		(url) => url.href.startsWith(endpoint) && url.searchParams.has("widget"),
		async (route) => {
			if (route.request().method() !== "POST" || !isFirst) return route.continue();
			isFirst = false;
			const response = await route.fetch();
			held.resolve();
			await gate.promise;
			// Nobody waits for it any more when the page is another by now.
			return route.fulfill({ response }).catch(() => undefined);
		},
	);
	return { held: held.promise, release: () => gate.resolve() };
}
