import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { providerIds } from "./provider-ids.ts";
import type { Stage } from "./stage.ts";
import { visitorOf, waitUntilAnonymous, waitUntilVerified } from "./widget.ts";

// Each browser API that a vendor's page documents, by the address of the app's page. A lazy one asks when the chat opens.
const apis = [
	["OnPilot: data-identity-token", "widget=onpilot"],
	["BestChatBot: setUserToken", "widget=bestchatbot"],
	["Hilal Chatbot: HilalChat.init", "widget=hilal"],
	["Hilal Chatbot: data-user-token", "widget=hilal&embed=attribute"],
	["Jupid: JupidEmbed.mount", "widget=jupid"],
	["CustomGPT.ai: CustomGPTEmbed.setJwtToken", "widget=customgpt"],
	["CustomGPT.ai: CustomGPT.init with a resolver", "widget=customgpt&embed=liveChat", "lazy"],
	["CustomGPT.ai: CustomGPT.setJwtToken", "widget=customgpt&embed=liveChatLater", "lazy"],
	["CustomGPT.ai: CustomGPTChat.setJwtToken", "widget=customgpt&embed=liveChatHelper", "lazy"],
	["CustomGPT.ai: CustomGPTAiAssistant.setJwtToken", "widget=customgpt&embed=aiAssistant"],
	["CustomGPT.ai: CustomGPTInstantViewer.setJwtToken", "widget=customgpt&embed=instantViewer"],
] as const;

/** Every documented way of the five vendors, in every app. */
export function describeWidgets(stage: () => Stage): void {
	describe("each documented browser API", () => {
		const cases = providerIds.flatMap((id) => apis.map(([name, query, lazy]) => [id, name, query, lazy !== undefined] as const));
		it.concurrent.each(cases)("%s, %s: verifies the visitor, and forgets them on sign-out", (id, _name, query, isLazy) =>
			stage().visit(async (page) => {
				const app = stage().apps[id];
				await page.goto(`${app.address}/?${query}`);
				await app.signInAs(page, "Ada");
				await page.getByText("Signed in as Ada.").waitFor();
				// Where the sign-in brings no new page, the script has read its tag already, and the vendor documents no other way.
				if (query.includes("attribute")) await page.reload();
				if (isLazy) await openLazily(page, app.endpoint);
				await visitorOf(page, "verified").waitFor();
				expect(await visitorOf(page, "verified").innerText()).toMatch(query.includes("customgpt") ? /ada@example\.com/i : "Ada");
				await page.getByRole("button", { name: "Sign out" }).click();
				await page.getByText("Nobody is signed in.").waitFor();
				await visitorOf(page, "verified").waitFor({ state: "detached" });
			}),
		);

		it.concurrent.each(["clerk", "auth0"] as const)("%s: data-user-token, rendered by the server", (id) =>
			stage().visit(async (page) => {
				const app = stage().apps[id];
				await page.goto(`${app.address}/support`);
				await waitUntilAnonymous(page);
				await page.goto(app.address);
				await app.signInAs(page, "Ada");
				await waitUntilVerified(page, "Ada");
				const answer = page.waitForResponse(`${app.address}/support`);
				await page.getByRole("link", { name: "A page that renders the token on the server" }).click();
				await waitUntilVerified(page, "Ada");
				// A page cache would give Ada's token to the next visitor.
				expect((await answer).headers()["cache-control"]).toMatch(/private.*no-store/);
			}),
		);

		it.concurrent.each(["clerk", "auth0"] as const)("%s: data-user-token of an open page follows the user of another tab", (id) =>
			stage().visit(async (page, context) => {
				const app = stage().apps[id];
				await page.goto(app.address);
				await app.signInAs(page, "Ada");
				const support = await context.newPage();
				await support.goto(`${app.address}/support`);
				await waitUntilVerified(support, "Ada");
				await app.signInAs(page, "Joan");
				await waitUntilVerified(support, "Joan");
				await page.getByRole("button", { name: "Sign out" }).click();
				await support.getByText("The chat does not know you.").waitFor();
				await waitUntilAnonymous(support);
			}),
		);
	});
}

/** Opens the chat, and sees that the token is not asked for before. */
async function openLazily(page: Page, endpoint: string): Promise<void> {
	await page.getByText(/^Signed in as/).waitFor();
	await page.locator(".bubble").waitFor();
	const asked = await page.evaluate(
		(url) => performance.getEntriesByType("resource").filter(({ name }) => name.startsWith(url)).length,
		endpoint,
	);
	expect(asked).toBe(0);
	await page.locator(".bubble").click();
}
