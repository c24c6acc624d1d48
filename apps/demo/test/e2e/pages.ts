import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Cell } from "../../src/cells.ts";
import { createHub } from "../../src/hub.ts";
import { auth0 } from "../../src/providers/auth0.ts";
import { clerk } from "../../src/providers/clerk.ts";
import { firebase } from "../../src/providers/firebase.ts";
import { supabase } from "../../src/providers/supabase.ts";
import type { Progress } from "../../src/run.ts";
import { providerIds } from "./provider-ids.ts";
import type { Stage } from "./stage.ts";
import { openPanel, waitUntilAnonymous, waitUntilVerified } from "./widget.ts";

const looks = [
	["light", { colorScheme: "light", viewport: { width: 1280, height: 900 } }],
	["dark and narrow", { colorScheme: "dark", viewport: { width: 320, height: 640 } }],
] as const;

const right: Cell = {
	provider: "auth0",
	widget: "onpilot",
	findings: [],
	status: 200,
	headers: {},
	token: null,
	verificationKey: "",
	header: null,
	claims: null,
	lifetimeSeconds: 3600,
};
const wrong: Cell = { ...right, widget: "bestchatbot", findings: [{ about: "email", expected: "lower case", got: "Ada@Example.com" }] };

/** Policy, accessibility and looks of the pages themselves. */
export function describePages(stage: () => Stage): void {
	describe("the content security policy", () => {
		it.concurrent.each(providerIds)("%s: lets no script in without the nonce of this answer, and the widget works under it", (id) =>
			stage().visit(
				async (page) => {
					const app = stage().apps[id];
					const nonces: string[] = [];
					for (let visit = 0; visit < 2; visit += 1) {
						const policy = (await page.goto(app.address))?.headers()["content-security-policy"] ?? "";
						expect(policy).not.toMatch(/unsafe|\*/);
						nonces.push(/script-src 'nonce-([\w+/=-]{16,})'/.exec(policy)?.[1] ?? "none");
					}
					expect(new Set(nonces).size).toBe(2);
					await app.signInAs(page, "Ada");
					await waitUntilVerified(page, "Ada");
					const directive = await page.evaluate(async () => {
						const refused = new Promise((resolve) => {
							document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => resolve(effectiveDirective), { once: true });
						});
						document.body.insertAdjacentHTML("beforeend", '<img src="data:," alt="" onerror="document.title = \'foreign\'">');
						return refused;
					});
					expect(directive).toBe("script-src-attr");
					expect(await page.title()).not.toBe("foreign");
				},
				{ expected: /Content Security Policy/ },
			),
		);
	});

	describe.each(looks)("in %s", (_name, options) => {
		it.concurrent.each(providerIds)("%s: axe finds nothing serious, and nothing sticks out", (id) =>
			stage().visit(async (page) => {
				const app = stage().apps[id];
				await page.goto(app.address);
				await page.getByText("Nobody is signed in.").waitFor();
				await inspect(page);
				await app.signInAs(page, "Ada");
				await waitUntilVerified(page, "Ada");
				await page.locator(".bubble").click();
				await openPanel(page);
				await inspect(page);
			}, options),
		);

		it.concurrent.each(["clerk", "auth0"] as const)("%s: the same of the page with the token in its tag, and of the sign-in page", (id) =>
			stage().visit(async (page) => {
				const app = stage().apps[id];
				await page.goto(`${app.address}/support`);
				await waitUntilAnonymous(page);
				await inspect(page);
				await page.getByRole("link", { name: "Back" }).click();
				await page.getByRole("link", { name: "Sign in" }).click();
				await page.getByRole("button", { name: "Ada", exact: true }).waitFor();
				await inspect(page);
			}, options),
		);

		it("the hub: shows the tables as they fill and what is wrong, leads to the apps, axe finds nothing serious, and nothing sticks out", () =>
			stage().visit(async (page) => {
				const { apps } = stage();
				const progress: Progress[] = [
					{ provider: clerk, running: apps.clerk },
					{ provider: auth0, step: "Auth0: starting apps/next-auth0" },
				];
				const hub = await createHub(progress, { withSandbox: true, groups: stage().groups, sandbox: stage().sandbox });
				try {
					await page.goto(hub.address);
					await inspect(page);
					await page.getByText("Auth0: starting apps/next-auth0").waitFor();
					Object.assign(progress[1] ?? {}, { running: apps.auth0, cells: [right, wrong] });
					await page.getByRole("link", { name: "Open the app with Auth0" }).waitFor();
					const row = page.getByRole("table").first().getByRole("row", { name: "Auth0" });
					expect(await row.getByRole("cell").allInnerTexts()).toEqual(["✓ 60 min", "✗ email", "…", "…", "…"]);
					await page.getByText("email: expected lower case, got Ada@Example.com").waitFor();
					await inspect(page);
					await page.getByRole("link", { name: "Open the app with Clerk" }).click();
					await page.getByRole("heading", { name: "Next.js and Clerk" }).waitFor();
				} finally {
					await hub.close();
				}
			}, options));
	});

	it.concurrent.each(providerIds)("%s: the hub's first link signs Ada in", (id) =>
		stage().visit(async (page) => {
			const provider = [auth0, clerk, firebase, supabase].find((candidate) => candidate.id === id) ?? clerk;
			const hub = await createHub([{ provider, running: stage().apps[id] }], { withSandbox: false, groups: stage().groups });
			try {
				await page.goto(hub.address);
				await page.getByRole("link", { name: /^Sign in as Ada/ }).click();
				await page.getByText("Signed in as Ada.").waitFor();
				expect(new URL(page.url()).origin).toBe(stage().apps[id].address);
				await waitUntilVerified(page, "Ada");
				// Once: who signs out stays signed out.
				expect(new URL(page.url()).hash).toBe("");
			} finally {
				await hub.close();
			}
		}),
	);

	it("the keyboard alone signs in and opens the chat", () =>
		stage().visit(async (page) => {
			await page.goto(stage().apps.firebase.address);
			await page.getByRole("button", { name: "Sign in as Ada" }).waitFor();
			const isFocused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? "");
			for (let presses = 0; presses < 5 && (await isFocused()) !== "Sign in as Ada"; presses += 1) await page.keyboard.press("Tab");
			await page.keyboard.press("Enter");
			await waitUntilVerified(page, "Ada");
			await page.locator(".bubble").focus();
			await page.keyboard.press("Enter");
			await page.getByRole("dialog", { name: "BestChatBot chat" }).waitFor();
		}));
}

const axe = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function inspect(page: Page): Promise<void> {
	await page.evaluate(await axe);
	const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run());
	const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
	expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
	const width = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	expect(width).toBe(0);
}
