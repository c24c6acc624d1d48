import { createMint } from "@widget-token/core";
import { createVerify } from "@widget-token/core/verify";
import { bestChatBot, customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";
import { describe, expect, test } from "vitest";
import { createSandbox, type Sandbox, type SandboxOptions } from "../src/index.ts";
import { askVendor, fetchTrialToken, getPage, readPageValue } from "./tokens.ts";

const widgets = [onPilot, bestChatBot, hilal, jupid, customGpt];
const own = "http://127.0.0.1:4600";

/** A sandbox whose environment holds the keys of a project. */
function createProjectSandbox(options: SandboxOptions = {}): { readonly sandbox: Sandbox; readonly env: Readonly<Record<string, string>> } {
	const { env } = createSandbox({ env: {} });
	return { sandbox: createSandbox({ env, ...options }), env };
}

describe("a trial token where the environment has the project's keys", () => {
	test.each(widgets)("$name: is not signed with the project's key, in the page or from its route", async (contract) => {
		const { sandbox, env } = createProjectSandbox();
		const verify = createVerify(contract, { env });
		const inPage = (await getPage(sandbox, `/widgets/${contract.id}/try`)).match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g) ?? [];
		const fetched = await fetchTrialToken(sandbox, contract.id);
		for (const token of [...inPage, fetched]) {
			expect(await verify(token)).toMatchObject({ verified: false, reason: "invalid_signature" });
			expect(await (await askVendor(sandbox, contract.id, token, { origin: own })).json()).toMatchObject({ verified: true });
		}
	});

	test("is not accepted on a page of the app, and the report says whose key it is", async () => {
		const { sandbox } = createProjectSandbox();
		const token = await fetchTrialToken(sandbox, "hilal");
		const response = await askVendor(sandbox, "hilal", token);
		expect(await response.json()).toMatchObject({ verified: false, reason: "invalid_signature" });
		expect(await readReport(sandbox, response)).toMatchObject({ refusal: { hint: expect.stringContaining("trial pages") } });
	});

	test("is signed with the project's key once the owner of the sandbox says so", async () => {
		const { sandbox, env } = createProjectSandbox({ signTrialsWithProjectKeys: true });
		const token = await fetchTrialToken(sandbox, "hilal");
		expect(await createVerify(hilal, { env })(token)).toMatchObject({ verified: true });
		expect(await (await askVendor(sandbox, "hilal", token)).json()).toMatchObject({ verified: true });
	});

	test("follows its widget's key: refused once that is removed, and replaced with it", async () => {
		const { sandbox } = createProjectSandbox();
		const before = await fetchTrialToken(sandbox, "hilal");
		const verdict = async (token: string) => (await askVendor(sandbox, "hilal", token, { origin: own })).json();
		sandbox.removeKey("hilal");
		expect(await verdict(before)).toMatchObject({ reason: "not_configured" });
		sandbox.regenerate("hilal");
		expect(await verdict(before)).toMatchObject({ reason: "invalid_signature" });
		expect(await verdict(await fetchTrialToken(sandbox, "hilal"))).toMatchObject({ verified: true });
	});
});

describe("the report says which key has signed", () => {
	test.each([
		[
			"the project's",
			async (_: Sandbox, env: Readonly<Record<string, string>>) => (await createMint(hilal, { env })(ada)).token,
			/HILAL_WIDGET_HMAC_SECRET/,
		],
		["a throw-away one", (sandbox: Sandbox) => fetchTrialToken(sandbox, "hilal"), /throw-away key of the trial pages/],
	])("%s", async (_, mint, words) => {
		const { sandbox, env } = createProjectSandbox();
		const response = await askVendor(sandbox, "hilal", await mint(sandbox, env), { origin: own });
		expect(await readReport(sandbox, response)).toMatchObject({ verified: true, signedWith: expect.stringMatching(words) });
		expect(await getPage(sandbox, "/")).toMatch(words);
	});

	test("and says nothing of a token whose signature does not verify", async () => {
		const { sandbox } = createProjectSandbox();
		const other = await fetchTrialToken(sandbox, "hilal", { token: "other-key" });
		for (const token of [other, "not-a-token"])
			expect(await readReport(sandbox, await askVendor(sandbox, "hilal", token, { origin: own }))).not.toHaveProperty("signedWith");
	});
});

describe("the route of the trial tokens wants the value of the sandbox's own pages", () => {
	test.each([
		["none", () => ({})],
		["another one of the same length", (value: string) => ({ "sandbox-page": value.replace(/./, (first) => (first === "A" ? "B" : "A")) })],
		["a part of it", (value: string) => ({ "sandbox-page": value.slice(0, -1) })],
		["one of another process", (_: string, other: string) => ({ "sandbox-page": other })],
	])("and gives no token for %s", async (_, headers) => {
		const [sandbox, other] = [createSandbox({ env: {} }), createSandbox({ env: {} })];
		const response = await sandbox.fetch(
			new Request(`${own}/widgets/hilal/token`, {
				headers: headers(await readPageValue(sandbox), await readPageValue(other)) as HeadersInit,
			}),
		);
		expect(response.status).toBe(403);
		expect(response.headers.get("content-type")).toBe("application/problem+json");
		expect(await response.text()).not.toContain("eyJ");
	});

	test("which is in no script that other pages load, and in no other page", async () => {
		const sandbox = createSandbox({ env: {} });
		const value = await readPageValue(sandbox);
		for (const path of ["/", "/widgets/hilal", "/hilal/chat_v3.js", "/assets/embed.js", "/assets/dashboard.js", "/jupid/"])
			expect(await getPage(sandbox, path)).not.toContain(value);
	});

	test.each(["https://attacker.example", "http://127.0.0.1:3000", "null"])(
		"which a page of %s can neither read nor send",
		async (origin) => {
			const sandbox = createSandbox({ env: {} });
			const page = await sandbox.fetch(new Request(`${own}/widgets/hilal/try`, { headers: { origin } }));
			expect(page.headers.get("access-control-allow-origin")).toBeNull();
			expect(page.headers.get("cross-origin-resource-policy")).toBe("same-origin");
			const preflight = await sandbox.fetch(
				new Request(`${own}/widgets/hilal/token`, {
					method: "OPTIONS",
					headers: { origin, "access-control-request-method": "GET", "access-control-request-headers": "sandbox-page" },
				}),
			);
			expect(preflight.headers.get("access-control-allow-origin")).toBeNull();
		},
	);
});

const ada = { id: "user_1", provider: "test", name: "Ada" };

async function readReport(sandbox: Sandbox, response: Response): Promise<unknown> {
	const path = `/api/verifications/${response.headers.get("sandbox-verification")}`;
	return JSON.parse(await getPage(sandbox, path));
}
