import { describe, expect, it } from "vitest";
import type { Stage } from "./stage.ts";
import { openPanel, visitorOf, waitUntilAnonymous, waitUntilVerified } from "./widget.ts";

/** What a visitor sees while the provider cannot be asked. */
export function describeOutage(stage: () => Stage): void {
	describe("the backend down", () => {
		it.concurrent.each(["clerk", "firebase", "supabase"] as const)(
			"%s: the visitor is anonymous, the page works, the panel says why, and the widget comes back by itself",
			(id) =>
				stage().visit(async (page) => {
					const app = stage().apps[id];
					await page.goto(app.address);
					await app.signInAs(page, "Ada");
					await waitUntilVerified(page, "Ada");
					const restore = await app.breakBackend();
					try {
						await page.reload();
						await waitUntilAnonymous(page);
						await page.getByText(/^Signed in/).waitFor();
						const panel = await openPanel(page);
						await panel.getByText("The page’s token endpoint answered 503").first().waitFor();
						if (id !== "clerk") {
							await app.signInAs(page, "Joan");
							await page.getByRole("alert").filter({ hasText: "“Switch to Joan” did not work" }).waitFor();
							await page.getByText("Signed in as Ada.").waitFor();
						}
						await page.getByRole("link", { name: "OnPilot" }).click();
						await page.getByText("The token is an attribute of the script tag").waitFor();
						await page.goto(app.address);
						await waitUntilAnonymous(page);
					} finally {
						await restore();
					}
					await visitorOf(page, "verified", "Ada").waitFor({ timeout: 40_000 });
				}),
		);

		it("clerk: a rendered page is without a token, and a sign-out that fails says so and can be tried again", () =>
			stage().visit(async (page) => {
				const app = stage().apps.clerk;
				await page.goto(app.address);
				await app.signInAs(page, "Ada");
				await waitUntilVerified(page, "Ada");
				const restore = await app.breakBackend();
				try {
					await page.getByRole("button", { name: "Sign out" }).click();
					await page.getByRole("alert").filter({ hasText: "Clerk has not ended the session." }).waitFor();
					await visitorOf(page, "verified").waitFor({ state: "detached" });
					await page.goto(`${app.address}/support`);
					await waitUntilAnonymous(page);
				} finally {
					await restore();
				}
				await page.getByRole("link", { name: "Back" }).click();
				await page.getByRole("button", { name: "Sign out" }).click();
				await page.getByText("Nobody is signed in.").waitFor();
			}));

		it("auth0: the session is in the app's own cookie, so the visitor stays known", () =>
			stage().visit(async (page) => {
				const app = stage().apps.auth0;
				await page.goto(app.address);
				await app.signInAs(page, "Ada");
				await waitUntilVerified(page, "Ada");
				const restore = await app.breakBackend();
				try {
					await page.reload();
					await waitUntilVerified(page, "Ada");
					expect(await page.getByText("Signed in as Ada.").count()).toBe(1);
				} finally {
					await restore();
				}
			}));
	});
}
