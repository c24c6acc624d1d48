import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Contract, createMint, createTokenHandler, defineContract, type Identity, type TokenEvent } from "@widget-token/core";
import { toNodeHandler } from "@widget-token/core/node";
import { bestChatBot } from "@widget-token/widgets";
import jwt from "jsonwebtoken";
import { describe, expect, it } from "vitest";

const read = async (name: string): Promise<Contract> =>
	defineContract(JSON.parse(await readFile(new URL(`contracts/${name}.json`, import.meta.url), "utf8")) as unknown);
const acmeChat = await read("acme-chat");
const acmeHash = await read("acme-hash");

const chatKey = Buffer.from("0f6c2b9d4a71e8350f6c2b9d4a71e835");
const hashKey = Buffer.from("93ac5e10b7d2f46893ac5e10b7d2f468");
const env = {
	ACME_CHAT_SECRET: chatKey.toString("base64"),
	ACME_CHAT_APP_ID: "app_1",
	ACME_HASH_SECRET: hashKey.toString("hex"),
	BESTCHATBOT_SIGNING_KEY: "bestchatbot-4e81c0d7a25f9b36-throw-away",
};
const ada: Identity<{ plan: string }> = {
	id: "u_1",
	provider: "my-app",
	email: "Ada@Example.com",
	emailVerified: true,
	roles: ["staff"],
	user: { plan: "pro" },
};
const now = 1_767_225_600_000;

const chat = (options: object = {}) =>
	createMint<{ plan: string }>(acmeChat, {
		env,
		now: () => now,
		jti: () => "nonce-1",
		role: ({ roles }) => roles,
		claims: (_, { plan }) => ({ plan, context: { page: "/pricing" } }),
		...options,
	});
const request = (query = "", headers: Record<string, string> = {}): Request =>
	new Request(`https://app.example.com/api/widget-token${query}`, { headers });

describe("a contract of one's own, from a JSON file", () => {
	it("mints what it describes", async () => {
		const { token, expiresIn } = await chat()(ada);
		const { header, payload } = jwt.verify(token, chatKey, { algorithms: ["HS256"], complete: true });
		expect(header).toEqual({ alg: "HS256", typ: "JWT", kid: "key-1" });
		expect(payload).toEqual({
			tokenType: "user",
			app_id: "app_1",
			external_id: "u_1",
			email: "ada@example.com",
			name: "Ada@Example.com",
			groups: ["staff"],
			context: '{"page":"/pricing"}',
			iat: now / 1000,
			expires: now / 1000 + 120,
			nonce: "nonce-1",
			plan: "pro",
		});
		expect(expiresIn).toBe(120);
	});

	it("takes settings, lifetime and a renamed claim", async () => {
		const { token } = await chat({ settings: { keyId: "key-2", groupClaim: "teams" }, lifetimeSeconds: 600 })(ada);
		expect(jwt.decode(token, { complete: true })).toMatchObject({
			header: { kid: "key-2" },
			payload: { teams: ["staff"], expires: now / 1000 + 600 },
		});
	});

	const refusals: readonly (readonly [what: string, code: string, options: object, identity: Identity<{ plan: string }>])[] = [
		["a missing setting", "setting_missing", { env: { ...env, ACME_CHAT_APP_ID: "" } }, ada],
		["a setting of another name", "setting_unknown", { settings: { tenantId: "x" } }, ada],
		["a claim of the contract's", "claim_reserved", { claims: { expires: 1 } }, ada],
		["a claim that is renamed to another", "claim_reserved", { settings: { groupClaim: "email" } }, ada],
		["an unknown role", "claim_invalid", { role: () => "owner" }, ada],
		["no role", "role_missing", { role: (): string[] => [] }, ada],
		["no role mapping", "role_unmapped", { role: undefined }, ada],
		["a lifetime above the maximum", "lifetime_invalid", { lifetimeSeconds: 601 }, ada],
		["neither address nor phone", "claim_missing", {}, { ...ada, emailVerified: false }],
		[
			"an address that is demanded",
			"email_unverified",
			{ requireVerifiedEmail: true },
			{ ...ada, emailVerified: false, phoneNumber: "+49" },
		],
		["a missing secret", "secret_missing", { env: { ACME_CHAT_APP_ID: "app_1" } }, ada],
		["a secret that is not base64", "secret_invalid", { secret: "not-base64!-not-base64!-not-base64!-n" }, ada],
	];
	it.each(refusals)("refuses %s: %s", async (_, code, options, identity) => {
		await expect((async () => chat(options)(identity))()).rejects.toMatchObject({ code });
	});

	it("stands behind a route beside the vendors' own, of either scheme", async () => {
		const events: TokenEvent[] = [];
		const handler = createTokenHandler<{ plan: string }>({
			widgets: [chat(), acmeHash, bestChatBot],
			env,
			identify: async () => ada,
			onEvent: (event) => void events.push(event),
		});
		const tokenOf = async (id: string): Promise<string> =>
			((await (await handler(request(`?widget=${id}`))).json()) as { token: string }).token;
		expect(jwt.verify(await tokenOf("acme-chat"), chatKey)).toMatchObject({ external_id: "u_1" });
		expect(await tokenOf("acme-hash")).toBe(createHmac("sha256", hashKey).update("ada@example.com").digest("hex"));
		expect(jwt.verify(await tokenOf("bestchatbot"), env.BESTCHATBOT_SIGNING_KEY)).toMatchObject({ email: "ada@example.com" });
		expect(events.map(({ widget, outcome }) => [widget, outcome])).toEqual([
			["acme-chat", "minted"],
			["acme-hash", "minted"],
			["bestchatbot", "minted"],
		]);
		expect(await handler.tokenFor(request(), { widget: "acme-hash" })).toEqual({ token: expect.stringMatching(/^[0-9a-f]{64}$/) });
		expect(toNodeHandler(handler)).toBeTypeOf("function");
	});

	it("of the scheme hmac answers without expiresIn, as JSON and as text", async () => {
		const handler = createTokenHandler({ widget: acmeHash, env, identify: async () => ada });
		expect(Object.keys((await (await handler(request())).json()) as object)).toEqual(["token"]);
		const plain = await handler(request("", { accept: "text/plain" }));
		expect(plain.headers.get("content-type")).toBe("text/plain; charset=utf-8");
		expect(await plain.text()).toMatch(/^[0-9a-f]{64}$/);
		const refused = await createTokenHandler({ widget: acmeHash, env, identify: async () => ({ ...ada, emailVerified: false }) })(
			request(),
		);
		expect(refused.status).toBe(403);
		const wrong = createTokenHandler({
			widget: acmeHash,
			env,
			secret: env.ACME_CHAT_SECRET,
			identify: async () => ada,
			onEvent: () => undefined,
		});
		expect((await wrong(request())).status).toBe(500);
	});
});
