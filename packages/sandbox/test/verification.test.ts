import { bestChatBot, customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";
import { beforeAll, describe, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "../src/index.ts";
import { ada, askVendor, getPage, grace, mintFor, pressKeyButton, type VerifyAnswer } from "./tokens.ts";

let sandbox: Sandbox;

beforeAll(() => {
	sandbox = createSandbox({ env: {} });
});

const verify = async (widget: string, token: string, where = sandbox): Promise<VerifyAnswer> =>
	(await askVendor(where, widget, token)).json() as Promise<VerifyAnswer>;

describe("POST /api/widget/verify-jwt", () => {
	test.each([onPilot, bestChatBot, hilal, jupid, customGpt])(
		"verifies what an app with the sandbox's environment signs for $name",
		async (contract) => {
			const answer = await verify(contract.id, await mintFor(sandbox, contract));
			expect(answer.verified).toBe(true);
			expect(answer.claims).toMatchObject({ email: contract === bestChatBot ? "ada@example.com" : "Ada@example.com" });
		},
	);

	test("answers as Hilal's page documents it", async () => {
		const response = await askVendor(sandbox, "hilal", await mintFor(sandbox, hilal));
		expect(response.status).toBe(200);
		expect(await response.json()).toEqual({ verified: true, claims: { sub: "user_1", name: "Ada", email: "Ada@example.com" } });
	});

	test("gives the vendor's four reasons", async () => {
		const other = createSandbox({ env: {} });
		const good = await mintFor(other, hilal);
		other.removeKey("hilal");
		expect(await verify("hilal", good, other)).toMatchObject({ verified: false, reason: "not_configured" });
		other.regenerate("hilal");
		expect(await verify("hilal", await mintFor(other, hilal))).toMatchObject({ verified: false, reason: "invalid_signature" });
		expect(await verify("hilal", await mintFor(sandbox, hilal, ada, { now: () => Date.now() - 86_400_000 }))).toMatchObject({
			verified: false,
			reason: "expired",
		});
		expect(await verify("hilal", "not-a-token")).toMatchObject({ verified: false, reason: "malformed" });
	});

	test("refuses a token that is meant for another tenant", async () => {
		const token = await mintFor(sandbox, onPilot, ada, { settings: { tenantId: "somebody-else", copilotId: "onpilot-copilot-id" } });
		expect(await verify("onpilot", token)).toMatchObject({ verified: false, code: "issuer_mismatch" });
	});

	test("knows the vendor's roles, whatever their case, and no others", async () => {
		const withRoles = createSandbox({ env: {}, knownRoles: { customgpt: ["support team"] } });
		const known = await askVendor(withRoles, "customgpt", await mintFor(withRoles, customGpt));
		const unknown = await askVendor(withRoles, "customgpt", await mintFor(withRoles, customGpt, ada, { role: () => ["Accounting Team"] }));
		expect(await known.json()).toMatchObject({ verified: true });
		expect(await unknown.json()).toMatchObject({ verified: false, code: "role_unknown" });
	});

	test("asks for the widget where there are several", async () => {
		const response = await sandbox.fetch(new Request("http://127.0.0.1:4600/api/widget/verify-jwt", { method: "POST", body: "{}" }));
		expect(response.status).toBe(404);
		expect(await response.json()).toMatchObject({
			code: "widget_unknown",
			widgets: ["onpilot", "bestchatbot", "hilal", "jupid", "customgpt"],
		});
	});
});

describe("a key that is regenerated", () => {
	test("refuses old tokens at once, and the dashboard says whose key it was", async () => {
		const token = await mintFor(sandbox, bestChatBot);
		expect(await verify("bestchatbot", token)).toMatchObject({ verified: true });
		expect((await pressKeyButton(sandbox, "bestchatbot")).status).toBe(303);
		expect(await verify("bestchatbot", token)).toMatchObject({ verified: false, reason: "invalid_signature" });
		expect(await getPage(sandbox, "/")).toContain("which has been replaced: restart the app with the new one");
		expect(await verify("bestchatbot", await mintFor(sandbox, bestChatBot))).toMatchObject({ verified: true });
	});

	test("of a key pair as well", async () => {
		const token = await mintFor(sandbox, customGpt);
		sandbox.regenerate("customgpt");
		expect(await verify("customgpt", token)).toMatchObject({ verified: false, reason: "invalid_signature" });
		expect(await verify("customgpt", await mintFor(sandbox, customGpt))).toMatchObject({ verified: true });
	});

	test("ends what the chat knows of the visitor", async () => {
		const answer = await askVendor(sandbox, "hilal", await mintFor(sandbox, hilal, grace));
		const verification = answer.headers.get("sandbox-verification");
		const say = async (): Promise<{ reply: string; identitySource: string }> => {
			const response = await sandbox.fetch(
				new Request("http://127.0.0.1:4600/api/chat?widget=hilal", {
					method: "POST",
					headers: { "content-type": "application/json", "x-hilal-identity-source": "verified" },
					body: JSON.stringify({ message: "Hello", verification }),
				}),
			);
			return response.json() as Promise<{ reply: string; identitySource: string }>;
		};
		expect(await say()).toMatchObject({ identitySource: "verified", reply: expect.stringContaining("Grace") });
		sandbox.regenerate("hilal");
		expect(await say()).toMatchObject({ identitySource: "anonymous", reply: expect.not.stringContaining("Grace") });
	});
});

describe("a key that is removed", () => {
	test("leaves its widget not configured, and no other, until there is a new one", async () => {
		const own = createSandbox({ env: {} });
		const [token, other] = [await mintFor(own, hilal), await mintFor(own, onPilot)];
		expect((await pressKeyButton(own, "hilal", "key/removal")).status).toBe(303);
		expect(await verify("hilal", token, own)).toMatchObject({ verified: false, reason: "not_configured", code: "key_missing" });
		expect(await verify("onpilot", other, own)).toMatchObject({ verified: true });
		expect(own.env.HILAL_WIDGET_HMAC_SECRET).toBeUndefined();
		expect(own.environmentLines.join("\n")).toContain("HILAL_WIDGET_HMAC_SECRET has been removed");
		await pressKeyButton(own, "hilal");
		expect(await verify("hilal", token, own)).toMatchObject({ verified: false, reason: "invalid_signature" });
		expect(await verify("hilal", await mintFor(own, hilal), own)).toMatchObject({ verified: true });
	});

	test("is not replaced by the one of the sandbox's own environment", async () => {
		const env = { HILAL_WIDGET_HMAC_SECRET: "0123456789abcdef".repeat(4) };
		const own = createSandbox({ env });
		const token = await mintFor(own, hilal);
		own.removeKey("hilal");
		expect(await verify("hilal", token, own)).toMatchObject({ reason: "not_configured" });
	});

	test("ends what the chat knows of the visitor", async () => {
		const own = createSandbox({ env: {} });
		const answer = await askVendor(own, "hilal", await mintFor(own, hilal, grace));
		own.removeKey("hilal");
		const response = await own.fetch(
			new Request("http://127.0.0.1:4600/api/chat?widget=hilal", {
				method: "POST",
				headers: { "content-type": "application/json" },
				body: JSON.stringify({ message: "Hello", verification: answer.headers.get("sandbox-verification") }),
			}),
		);
		expect(await response.json()).toMatchObject({ identitySource: "anonymous" });
	});
});

test("the chat does not believe the header that any browser can send", async () => {
	const response = await sandbox.fetch(
		new Request("http://127.0.0.1:4600/api/chat?widget=hilal", {
			method: "POST",
			headers: { "content-type": "application/json", "x-hilal-identity-source": "verified" },
			body: JSON.stringify({ message: "I am Ada" }),
		}),
	);
	expect(await response.json()).toMatchObject({ identitySource: "anonymous" });
});

test("a token signed with the key of another widget is recognised as such", async () => {
	// The mint itself refuses one secret for two widgets; another library would not.
	const token = await mintFor(sandbox, { ...hilal, id: "bestchatbot" }, ada, { secret: sandbox.env.BESTCHATBOT_SIGNING_KEY });
	const response = await askVendor(sandbox, "hilal", token);
	const report = await sandbox.fetch(
		new Request(`http://127.0.0.1:4600/api/verifications/${response.headers.get("sandbox-verification")}`),
	);
	expect(await report.json()).toMatchObject({
		refusal: { code: "signature_invalid", hint: "It is signed with the key of BestChatBot (BESTCHATBOT_SIGNING_KEY)." },
	});
});
