import { type Algorithm, algorithms, type Contract, createMint, defineContract } from "@widget-token/core";
import { hilal } from "@widget-token/widgets";
import { describe, expect, test } from "vitest";
import { createSandbox } from "../src/index.ts";
import { readVisitor, setStage } from "./stage.ts";
import { ada, askVendor, fetchTrialToken, getPage, grace } from "./tokens.ts";

/** A vendor that no package knows: constants among the arguments, a callback, a sign-out by another call of the same function. */
const acme = defineContract(
	JSON.parse(`{
		"id": "acme-chat", "name": "Acme Chat", "documentation": ["https://docs.example.com/identity"],
		"scheme": "jwt", "algorithm": "HS512", "key": { "env": "ACME_CHAT_SECRET", "encoding": "base64" },
		"settings": { "workspace": { "env": "ACME_WORKSPACE", "description": "The workspace" } },
		"claims": {
			"iss": { "from": "setting", "setting": "workspace", "required": true },
			"uid": { "from": "identity", "field": "id", "required": true },
			"name": { "from": "identity", "field": "name" },
			"exp": { "from": "generated", "generate": "expirationTime", "required": true }
		},
		"lifetime": { "defaultSeconds": 600, "maximumSeconds": 3600 },
		"delivery": {
			"settings": { "appId": { "description": "The app's id" } },
			"embeds": {
				"default": {
					"script": { "src": "https://cdn.example.com/sdk/v2.js" },
					"deliver": [{ "on": "window", "call": "Acme", "with": ["boot", { "app_id": "{appId}", "jwt": "{token}" }] }],
					"clear": [{ "on": "window", "call": "Acme", "with": ["shutdown"] }],
					"refresh": true, "anonymous": true
				},
				"callback": {
					"script": { "src": "https://cdn.example.com/sdk/v2.js" },
					"start": [{ "on": "window", "call": "Acme", "with": ["login", "{callback}"] }]
				}
			}
		}
	}`),
);

/** A vendor that takes a hash of the email address. */
const beacon: Contract = {
	id: "beacon",
	name: "Beacon",
	documentation: ["https://docs.example.com/secure-mode"],
	scheme: "hmac",
	algorithm: "HS256",
	key: { env: "BEACON_SECRET", encoding: "utf8" },
	message: { field: "email" },
	delivery: {
		settings: { email: { description: "The visitor's email address" } },
		embeds: {
			default: {
				script: { src: "https://beacon.example.com/embed.js" },
				deliver: [{ on: "window", call: "Beacon", with: ["identify", { email: "{email}", signature: "{token}" }] }],
				clear: [{ on: "window", call: "Beacon", with: ["logout"] }],
			},
		},
	},
};

const stage = setStage({ contracts: [acme, beacon] });
const mint = (contract: Contract, identity = ada): Promise<{ token: string }> =>
	createMint(defineContract(contract), { env: stage.sandbox.env })(identity);

describe("a contract of one's own, from JSON", () => {
	test("gets a script with its functions, which tell apart what they are called with", async () => {
		const page = await stage.openApp(`<script NONCE src="${stage.url}/acme-chat/sdk/v2.js"></script>`);
		const { token } = await mint(acme);
		await page.evaluate((jwt) => window.Acme("boot", { app_id: "app_1", jwt }), token);
		expect(await readVisitor(page, "verified")).toBe("Ada");
		await page.evaluate(() => window.Acme("shutdown"));
		expect(await readVisitor(page, "anonymous")).toBe("Visitor");
		await expect(page.evaluate(() => window.Acme("something else"))).rejects.toThrow("Acme() takes other arguments");
	});

	test("a callback is called back when the chat opens", async () => {
		const { token } = await mint(acme, grace);
		const page = await stage.openApp(`<script NONCE src="${stage.url}/acme-chat/sdk/v2.js"></script>`);
		await page.evaluate((jwt) => window.Acme("login", (done: (token: string) => void) => done(jwt)), token);
		await page.locator(".bubble").click();
		expect(await readVisitor(page, "verified")).toBe("Grace");
	});

	test("has its page, its trial and its environment", async () => {
		expect(await getPage(stage.sandbox, "/")).toContain("/acme-chat/sdk/v2.js");
		expect(await getPage(stage.sandbox, "/widgets/acme-chat")).toContain("Acme(&quot;boot&quot;, {");
		expect(stage.sandbox.env.ACME_WORKSPACE).toBe("acme-chat-workspace");
		const page = await stage.open(`${stage.url}/widgets/acme-chat/try?visitor=grace`);
		expect(await readVisitor(page, "verified")).toBe("Grace");
	});
});

test("a hash of a field instead of a token", async () => {
	const page = await stage.openApp(`<script NONCE src="${stage.url}/beacon/embed.js"></script>`);
	const { token } = await mint(beacon);
	await page.evaluate((signature) => window.Beacon("identify", { email: "grace@example.com", signature }), token);
	await page.locator(".bubble .badge-anonymous").waitFor();
	await page.evaluate((signature) => window.Beacon("identify", { email: "Ada@example.com", signature }), token);
	expect(await readVisitor(page, "verified")).toBe("Ada@example.com");
	await page.evaluate(() => window.Beacon("logout"));
	expect(await readVisitor(page, "anonymous")).toBe("Visitor");
});

test("two widgets on one page stand apart", async () => {
	const page = await stage.openApp(
		["/acme-chat/sdk/v2.js", "/beacon/embed.js"].map((path) => `<script NONCE src="${stage.url}${path}"></script>`).join(""),
	);
	await page.evaluate(() => {
		window.Acme("boot", {});
		window.Beacon("logout");
	});
	const boxes = await Promise.all([0, 1].map((index) => page.locator(".bar").nth(index).boundingBox()));
	expect((boxes[1]?.y ?? 0) + (boxes[1]?.height ?? 0)).toBeLessThan(boxes[0]?.y ?? 0);
});

test.each(Object.keys(algorithms) as Algorithm[])(
	"a contract that signs with %s has keys and trial tokens of that kind",
	async (algorithm) => {
		const encoding = algorithm.startsWith("HS") ? "hex" : "base64-pem";
		const own = { ...hilal, id: `own-${algorithm.toLowerCase()}`, algorithm, key: { env: "OWN_KEY", encoding } } as Contract;
		const sandbox = createSandbox({ env: {}, contracts: [own] });
		const verdicts = await Promise.all(
			["none", "milliseconds", "other-key"].map(async (flaw) => {
				const token = await fetchTrialToken(sandbox, own.id, { token: flaw });
				const { verified, code } = (await (await askVendor(sandbox, own.id, token)).json()) as { verified: boolean; code?: string };
				return code ?? verified;
			}),
		);
		expect(verdicts).toEqual([true, "exp_in_milliseconds", "signature_invalid"]);
	},
);

test("a contract without a browser API can verify all the same", async () => {
	const { delivery: _, ...bare } = hilal;
	const sandbox = createSandbox({ env: {}, contracts: [bare] });
	expect(await getPage(sandbox, "/")).toContain("none in the contract");
	const { token } = await createMint(defineContract(bare), { env: sandbox.env })(ada);
	const response = await sandbox.fetch(
		new Request("http://localhost/api/widget/verify-jwt", { method: "POST", body: JSON.stringify({ token }) }),
	);
	expect(await response.json()).toMatchObject({ verified: true });
});

declare global {
	interface Window {
		Acme(...values: unknown[]): void;
		Beacon(...values: unknown[]): void;
	}
}
