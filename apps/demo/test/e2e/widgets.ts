import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { providerIds } from "./provider-ids.ts";
import type { Stage } from "./stage.ts";
import { visitorOf, waitUntilVerified } from "./widget.ts";

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
		it.concurrent.each(providerIds)("%s: verifies the visitor", (id) =>
			stage().visit(async (page) => {
				const app = stage().apps[id];
				await page.goto(app.address);
				await app.signInAs(page, "Ada");
				await waitUntilVerified(page, "Ada");
				for (const [name, query, isLazy] of apis) {
					await page.goto(`${app.address}/?${query}`);
					if (isLazy) await openLazily(page, app.endpoint);
					await waitForVerification(page, name);
					expect(await visitorOf(page, "verified").innerText()).toMatch(query.includes("customgpt") ? /ada@example\.com/i : "Ada");
				}
			}),
		);

		it.concurrent.each(["clerk", "auth0"] as const)("%s: data-user-token, rendered by the server", (id) =>
			stage().visit(async (page) => {
				const app = stage().apps[id];
				await page.goto(`${app.address}/support`);
				await visitorOf(page, "anonymous").waitFor();
				await page.goto(app.address);
				await app.signInAs(page, "Ada");
				await waitUntilVerified(page, "Ada");
				await page.getByRole("link", { name: "A page that renders the token on the server" }).click();
				await waitUntilVerified(page, "Ada");
			}),
		);

		it("firebase: each takes the token away on sign-out, by its API or by a new page", () =>
			stage().visit(async (page) => {
				const app = stage().apps.firebase;
				for (const [name, query, isLazy] of apis) {
					await page.goto(`${app.address}/?${query}`);
					await app.signInAs(page, "Ada");
					await page.getByText("Signed in as Ada.").waitFor();
					// The script has read its tag, and the vendor documents no other way.
					if (query.includes("attribute")) await page.reload();
					if (isLazy) await page.locator(".bubble").click();
					await waitForVerification(page, name);
					await page.getByRole("button", { name: "Sign out" }).click();
					await page.getByText("Nobody is signed in.").waitFor();
					await visitorOf(page, "verified").waitFor({ state: "detached" });
				}
				expect(await visitorOf(page, "verified").count()).toBe(0);
			}));
	});
}

async function waitForVerification(page: Page, name: string): Promise<void> {
	await visitorOf(page, "verified")
		.waitFor()
		.catch((cause: unknown) => {
			throw new Error(`${name} has not verified the visitor`, { cause });
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
