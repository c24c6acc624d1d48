import { createPublicKey, verify } from "node:crypto";
import { type Auth0Backend, type Auth0User, auth0Users, startAuth0Backend } from "@widget-token/test-kit/backends/auth0";
import { describeProvider } from "@widget-token/test-kit/provider-suite";
import { createWidgetKeys, fiveWidgets } from "@widget-token/test-kit/widget-keys";
import { bestChatBot, customGpt } from "@widget-token/widgets";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readClaims } from "./fixtures.ts";
import { createNextProvider } from "./next-provider.ts";
import { type RunningNextApp, startNextApp } from "./running-next-app.ts";
import { notApplicable } from "./scenarios.ts";

describeProvider({
	name: "Auth0 (apps/next-auth0, running)",
	notApplicable: { ...notApplicable, wrongTenant: "the app serves every organization; next.test.ts has one that does not" },
	async start({ keys }) {
		const backend = await startAuth0Backend();
		const app = await startNextApp(backend, keys.env);
		const provider = createNextProvider({
			fetch,
			endpoint: `${app.url}/api/widget-token`,
			backend,
			secret: app.secret,
			signIn: async (user) => (await backend.signIn(app.url, user)).cookies(app.url),
			close: async () => {
				await app.close();
				await backend.close();
				for (const credential of provider.credentials())
					if (credential.length >= 16 && app.output().includes(credential)) throw new Error("the app wrote a credential to its log");
			},
		});
		return provider;
	},
});

describe("apps/next-auth0, running", () => {
	const keys = createWidgetKeys();
	let backend: Auth0Backend;
	let app: RunningNextApp;
	beforeAll(async () => {
		backend = await startAuth0Backend();
		app = await startNextApp(backend, keys.env);
	});
	afterAll(async () => {
		await app?.close();
		await backend?.close();
	});

	const signIn = (user: Auth0User) => backend.signIn(app.url, user);
	const endpoint = (widget: string): string => `${app.url}/api/widget-token?widget=${widget}`;

	test("one sign-in gives a token for each of the five widgets, by GET and by POST", async () => {
		const browsing = await signIn(auth0Users.ada);
		for (const { id } of fiveWidgets) {
			for (const method of ["GET", "POST"]) {
				const response = await browsing.fetch(endpoint(id), { method, headers: { accept: "application/json" } });
				expect({ id, status: response.status, body: await response.json() }).toMatchObject({
					id,
					status: 200,
					body: { token: expect.stringMatching(/^eyJ/) },
				});
			}
		}
	});

	test("CustomGPT's role comes from the claim that `beforeSessionSaved` kept; a user without one is refused", async () => {
		const token = await (await (await signIn(auth0Users.joan)).fetch(endpoint("customgpt"))).text();
		const [header = "", payload = "", signature = ""] = token.split(".");
		const key = createPublicKey(keys.verificationKey(customGpt));
		expect(verify("sha256", Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url"))).toBe(true);
		expect(JSON.parse(Buffer.from(payload, "base64url").toString())).toMatchObject({ roles: "admin", email: "joan@example.com" });
		expect(await (await (await signIn(auth0Users.edith)).fetch(endpoint("customgpt"))).json()).toMatchObject({ code: "role_missing" });
	});

	test("a Server Component renders the token for who is signed in, and none for anybody else", async () => {
		const rendered = async (user?: Auth0User): Promise<string> => {
			const response = await (user ? (await signIn(user)).fetch(`${app.url}/support`) : fetch(`${app.url}/support`));
			expect(response.status).toBe(200);
			expect(response.headers.get("cache-control")).toContain("no-store");
			return response.text();
		};
		const token = /data-user-token="([^"]*)"/.exec(await rendered(auth0Users.ada))?.[1];
		expect(readClaims(token, keys.verificationKey(bestChatBot))).toMatchObject({ email: "ada@example.com" });
		for (const user of [undefined, auth0Users.grace, auth0Users.mary]) expect(await rendered(user)).not.toContain("eyJ");
	});

	test("the state of an unfinished sign-in is no session, though the same secret encrypts it", async () => {
		const login = await fetch(`${app.url}/auth/login`, { redirect: "manual" });
		const transaction = /__txn_[^=]*=(?:\d+(?::|%3A))?([^;]+)/.exec(login.headers.getSetCookie().join("\n"))?.[1];
		expect(transaction).toMatch(/^ey/);
		const response = await fetch(endpoint("bestchatbot"), { headers: { cookie: `__session=${transaction}` } });
		expect({ status: response.status, ...((await response.json()) as object) }).toMatchObject({ status: 401, code: "credential_invalid" });
	});

	test("signing out ends the tokens, also for a page of another tab", async () => {
		const browsing = await signIn(auth0Users.ada);
		expect(await (await browsing.fetch(endpoint("bestchatbot"))).json()).toHaveProperty("expiresIn");
		await (await browsing.fetch(`${app.url}/auth/logout`)).body?.cancel();
		expect(await (await browsing.fetch(endpoint("bestchatbot"))).json()).toEqual({ token: null });
	});

	test("the token endpoint does not extend the session, and its answer is not for caches", async () => {
		const response = await (await signIn(auth0Users.ada)).fetch(endpoint("bestchatbot"));
		expect(response.headers.getSetCookie()).toEqual([]);
		expect(response.headers.get("cache-control")).toBe("private, no-store, max-age=0");
		expect(response.headers.get("vary")).toContain("Cookie, Authorization, Origin, Accept");
	});

	test("a page of another site gets nothing, and no widget of another app", async () => {
		const browsing = await signIn(auth0Users.ada);
		const foreign = await browsing.fetch(endpoint("bestchatbot"), {
			headers: { origin: "https://evil.example.com", "sec-fetch-site": "cross-site" },
		});
		expect(await foreign.json()).toMatchObject({ code: "cross_site_request" });
		expect(await (await browsing.fetch(endpoint("intercom"))).json()).toMatchObject({ code: "widget_unknown" });
	});

	test.each(["down", "rate-limited", "html"] as const)(
		"a tenant that is %s ends a sign-in without a session and without a token",
		async (failure) => {
			// A fresh app: the SDK keeps the tenant's metadata once it has them.
			const fresh = await startNextApp(backend, keys.env);
			backend.fail(failure);
			try {
				const login = await fetch(`${fresh.url}/auth/login`, { redirect: "manual" });
				expect(login.status).toBeGreaterThanOrEqual(400);
				const cookie = login.headers.getSetCookie().join("; ");
				const response = await fetch(`${fresh.url}/api/widget-token?widget=bestchatbot`, { headers: { cookie } });
				expect(await response.json()).toEqual({ token: null });
			} finally {
				backend.restore();
				await fresh.close();
			}
		},
	);
});
