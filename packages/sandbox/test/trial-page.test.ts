import { bestChatBot, customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";
import { describe, expect, test } from "vitest";
import { createSandbox } from "../src/index.ts";
import { readVisitor, setStage } from "./stage.ts";
import { mintFor } from "./tokens.ts";

// The environment holds keys that may be a project's real ones.
const stage = setStage({ env: createSandbox({ env: {} }).env });

describe("a trial page next to a project's own key", () => {
	test.each([onPilot, bestChatBot, hilal, jupid, customGpt])(
		"$name: the visitor is verified, and the panel says by which key",
		async ({ id }) => {
			const page = await stage.open(`${stage.url}/widgets/${id}/try`);
			await readVisitor(page, "verified");
			await page.locator(".why").first().click();
			await page.locator("#panel").getByText("Signed with the throw-away key of the trial pages.").waitFor();
		},
	);

	test("refreshes with the value that only the page carries, and shows none of it", async () => {
		const page = await stage.open(`${stage.url}/widgets/bestchatbot/try`);
		await readVisitor(page, "verified");
		await page.locator(".why").click();
		await page.getByRole("button", { name: "Hand over a fresh token" }).click();
		await page.locator(".stage.done", { hasText: "refreshed" }).waitFor();
		expect(await page.locator("main pre").innerText()).toMatch(/fetch\("[^"]+", \{ headers: \{ accept: "application\/json" \} \}\)/);
		expect(await page.locator("body").innerText()).not.toContain("sandbox-page");
	});

	test("a page of the app is told that it signs with the project's key", async () => {
		const token = await mintFor(stage.sandbox, bestChatBot);
		const page = await stage.openApp(
			`<script NONCE src="${stage.url}/bestchatbot/widget/v1/chat.js" data-api-key="k" data-user-token="${token}"></script>`,
		);
		await readVisitor(page, "verified");
		await page.locator(".why").click();
		await page.locator("#panel").getByText("Signed with the key in BESTCHATBOT_SIGNING_KEY.").waitFor();
	});

	test("a page of another origin gets neither the trial page nor a token, not even to embed", async () => {
		const page = await stage.openApp("");
		for (const path of ["/widgets/hilal/try", "/widgets/hilal/token"])
			expect(await page.evaluate((url) => fetch(url, { mode: "no-cors" }).then(String, String), stage.url + path)).toBe(
				"TypeError: Failed to fetch",
			);
	});
});

describe("the button of the panel", () => {
	test.each(["/widgets/bestchatbot/try", "/widgets/customgpt/try", "/widgets/jupid/try"])(
		"has a visible label at %s, which begins its name",
		async (path) => {
			const page = await stage.open(stage.url + path, { viewport: { width: 390, height: 800 } });
			await readVisitor(page, "verified");
			const button = page.getByRole("button", { name: "Why is my visitor verified?" });
			expect((await button.innerText()).trim()).toBe("Why?");
			const box = await button.boundingBox();
			expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
		},
	);
});
