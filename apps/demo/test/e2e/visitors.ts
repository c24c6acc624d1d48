import { describe, expect, it } from "vitest";
import { providerIds } from "./provider-ids.ts";
import type { Stage } from "./stage.ts";
import { holdToken, openPanel, visitorOf, waitUntilAnonymous, waitUntilVerified, watchVerifications } from "./widget.ts";

/** Sign-in, another user, sign-out and expiry, as the visitor of a page sees them. */
export function describeVisitors(stage: () => Stage): void {
	describe("sign-in", () => {
		it.concurrent.each(providerIds)("%s: the widget knows who has signed in, and on the page of another widget too", (id) =>
			stage().visit(async (page) => {
				const app = stage().apps[id];
				await page.goto(app.address);
				await waitUntilAnonymous(page);
				await app.signInAs(page, "Ada");
				await waitUntilVerified(page, "Ada");
				expect(await page.getByRole("status").first().innerText()).toBe("Signed in as Ada.");
				await page.getByRole("link", { name: "Hilal Chatbot" }).click();
				await waitUntilVerified(page, "Ada");
			}),
		);
	});

	describe("another user", () => {
		it.concurrent.each(providerIds)("%s: the widget never goes back to the earlier one, nor does a late answer bring them back", (id) =>
			stage().visit(async (page) => {
				const app = stage().apps[id];
				await page.goto(app.address);
				await app.signInAs(page, "Ada");
				await waitUntilVerified(page, "Ada");
				await app.signInAs(page, "Joan");
				await waitUntilVerified(page, "Joan");
				const names = watchVerifications(page);
				const late = await holdToken(page, app.endpoint);
				await app.signInAs(page, "Ada");
				await late.held;
				await app.signInAs(page, "Joan");
				await page.getByText("Signed in as Joan.").waitFor();
				late.release();
				await waitUntilVerified(page, "Joan");
				expect(new Set(names)).toEqual(new Set(["Joan"]));
				expect(await visitorOf(page, "verified").allInnerTexts()).toEqual([expect.stringContaining("Joan")]);
			}),
		);
	});

	// A widget that can be told of another user, and one that needs a new page for that.
	const cases = providerIds.flatMap((id) => ["bestchatbot", "onpilot"].map((widget) => [id, widget] as const));

	describe("another tab", () => {
		it.concurrent.each(cases)("%s, %s: who signs in there, or instead, is on this page too, and nobody else", (id, widget) =>
			stage().visit(async (page, context) => {
				const app = stage().apps[id];
				await page.goto(`${app.address}/?widget=${widget}`);
				await page.getByText("Nobody is signed in.").waitFor();
				const other = await context.newPage();
				await other.goto(`${app.address}/?widget=${widget}`);
				for (const name of ["Ada", "Joan"] as const) {
					await app.signInAs(other, name);
					for (const tab of [other, page]) {
						await tab.getByText(`Signed in as ${name}.`).waitFor();
						await waitUntilVerified(tab, name);
						expect(await visitorOf(tab, "verified").allInnerTexts()).toEqual([expect.stringContaining(name)]);
					}
				}
			}),
		);
	});

	describe("sign-out", () => {
		it.concurrent.each(cases)("%s, %s: the visitor is anonymous at once, in another tab as well, and stays so", (id, widget) =>
			stage().visit(async (page, context) => {
				const app = stage().apps[id];
				await page.goto(`${app.address}/?widget=${widget}`);
				await app.signInAs(page, "Ada");
				await waitUntilVerified(page, "Ada");
				const other = await context.newPage();
				await other.goto(`${app.address}/?widget=${widget}`);
				await waitUntilVerified(other, "Ada");
				await page.getByRole("button", { name: "Sign out" }).click();
				for (const tab of [page, other]) {
					await visitorOf(tab, "verified").waitFor({ state: "detached" });
					await tab.getByText("Nobody is signed in.").waitFor();
					await tab.reload();
					await tab.getByText("Nobody is signed in.").waitFor();
					expect(await visitorOf(tab, "verified").count()).toBe(0);
					expect(await tab.locator("body").innerText()).not.toContain("as Ada.");
				}
			}),
		);
	});

	describe("expiry", () => {
		it.concurrent.each(providerIds)("%s: a token is replaced before it expires, without a click", (id) =>
			stage().visit(async (page) => {
				const app = stage().apps[id];
				await page.goto(app.address);
				await app.signInAs(page, "Ada");
				await waitUntilVerified(page, "Ada");
				const panel = await openPanel(page);
				await panel.getByText("A newer token was accepted").waitFor({ timeout: 30_000 });
				expect(await visitorOf(page, "verified", "Ada").count()).toBe(1);
			}),
		);
	});
}
