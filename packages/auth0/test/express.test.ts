import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { TokenEvent } from "@widget-token/core";
import { type Auth0Backend, type Auth0User, auth0Users, startAuth0Backend } from "@widget-token/test-kit/backends/auth0";
import { describeProvider, type ProviderUnderTest, type Scenario } from "@widget-token/test-kit/provider-suite";
import { createWidgetKeys } from "@widget-token/test-kit/widget-keys";
import { bestChatBot, hilal, onPilot } from "@widget-token/widgets";
import express from "express";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Auth0ExpressOptions, auth0WidgetToken } from "../src/express.ts";
import { type ExpressApp, startExpressApp } from "./express-app.ts";
import { readClaims, unsignedJwt } from "./fixtures.ts";
import { forgedMetadata, notApplicable } from "./scenarios.ts";

const north = { org_id: "org_north" } as const;

describeProvider({
	name: "Auth0 (express-openid-connect)",
	notApplicable,
	async start({ keys, onEvent }): Promise<ProviderUnderTest> {
		const backend = await startAuth0Backend();
		const route = auth0WidgetToken({
			widgets: [bestChatBot, hilal],
			env: keys.env,
			onEvent,
			timeoutSeconds: 1,
			organizationId: north.org_id,
		});
		const app = await startExpressApp(backend, (express) => express.use("/api/widget-token", route));
		const stranger = await startExpressApp(backend, () => undefined);
		const credentials: string[] = [];

		const signIn = async (user: Auth0User, url = app.url): Promise<{ cookie: string }> => {
			backend.addUser(user);
			const browsing = await backend.signIn(url, user, { loginPath: "/login" });
			if (!browsing.cookies(url).has("appSession")) throw new Error("the sign-in set no session cookie");
			credentials.push(...browsing.cookies(url).values(), ...browsing.cookies(backend.domain).values());
			return { cookie: browsing.cookieHeader(url) };
		};
		const present = (value: string, outcome = "signed_out"): Scenario => ({
			headers: async () => {
				credentials.push(value);
				return { cookie: `appSession=${value}` };
			},
			outcome,
		});
		const whileTenantFails = (failure: Parameters<Auth0Backend["fail"]>[0]): Scenario => ({
			headers: () => signIn({ ...auth0Users.ada, ...north }),
			prepare: () => {
				backend.fail(failure);
				return () => backend.restore();
			},
			outcome: "token",
		});
		const bearer = (token: () => Promise<string>): Scenario => ({
			headers: async () => {
				const value = await token();
				credentials.push(value);
				return { authorization: `Bearer ${value}` };
			},
			outcome: "signed_out",
		});

		return {
			fetch,
			endpoint: `${app.url}/api/widget-token`,
			scenarios: {
				signedOut: { headers: async () => ({}), outcome: "signed_out" },
				verified: { headers: () => signIn({ ...auth0Users.ada, ...north }), outcome: "token" },
				unverifiedEmail: { headers: () => signIn({ ...auth0Users.grace, ...north }), outcome: "email_unverified" },
				forgedMetadata: {
					headers: () => signIn({ ...auth0Users.ada, ...north, ...forgedMetadata.claims }),
					outcome: "token",
					forgedText: forgedMetadata.text,
				},
				impersonated: { headers: () => signIn({ ...auth0Users.mary, ...north }), outcome: "user_impersonated" },
				wrongTenant: { headers: () => signIn(auth0Users.edith), outcome: "tenant_mismatch" },
				oauthClientToken: bearer(async () => unsignedJwt({ ...auth0Users.ada, ...north, iss: backend.issuer })),
				serviceToken: bearer(() => backend.clientToken()),
				expired: {
					headers: async () => {
						// Three days ago, for the app, the SDK and the tenant: the cookie lives for seven.
						vi.useFakeTimers({ now: Date.now() - 8 * 86_400_000, toFake: ["Date"] });
						try {
							return await signIn({ ...auth0Users.ada, ...north });
						} finally {
							vi.useRealTimers();
						}
					},
					outcome: "signed_out",
				},
				forged: { headers: () => signIn({ ...auth0Users.ada, ...north }, stranger.url), outcome: "signed_out" },
				algNone: present(unsignedJwt({ ...auth0Users.ada, ...north }, { alg: "none" })),
				garbled: {
					headers: async () => ({ cookie: (await signIn({ ...auth0Users.ada, ...north })).cookie.slice(0, -6) }),
					outcome: "signed_out",
				},
				emptyToken: present(""),
				backendSlow: whileTenantFails("slow"),
				backendDown: whileTenantFails("down"),
				backendTooManyRequests: whileTenantFails("rate-limited"),
				backendHtml: whileTenantFails("html"),
			},
			signInMany: (count) =>
				Promise.all(
					Array.from({ length: count }, async (_, index) => {
						const user = { sub: `auth0|user-${index}`, email: `user-${index}@example.com`, email_verified: true, ...north };
						return { id: user.sub, headers: await signIn(user) };
					}),
				),
			signInAs: async ({ id, email }) => ({ id, email, headers: await signIn({ sub: id, email, email_verified: true, ...north }) }),
			credentials: () => credentials,
			close: async () => {
				await Promise.all([app.close(), stranger.close(), backend.close()]);
			},
		};
	},
});

describe("the Express handler", () => {
	const keys = createWidgetKeys();
	const close: (() => Promise<void>)[] = [];
	let backend: Auth0Backend;
	beforeAll(async () => {
		backend = await startAuth0Backend();
		close.push(backend.close);
	});
	afterAll(async () => {
		for (const end of close) await end();
	});

	const start = async (
		options: Partial<Auth0ExpressOptions>,
		authOptions: Parameters<typeof startExpressApp>[2] = {},
	): Promise<ExpressApp> => {
		const route = auth0WidgetToken({ widget: onPilot, env: keys.env, onEvent: () => undefined, ...options });
		const app = await startExpressApp(
			backend,
			(express) => {
				express.get("/token", route);
				express.get("/page", async (request, response) => {
					const minted = await route.tokenFor(request);
					response.send(minted === null ? "nobody" : minted.token);
				});
			},
			authOptions,
		);
		close.push(app.close);
		return app;
	};
	const ask = async (app: ExpressApp, user: Auth0User, path = "/token"): Promise<string> => {
		const browsing = await backend.signIn(app.url, user, { loginPath: "/login" });
		return (await browsing.fetch(app.url + path)).text();
	};
	const claimsOf = (token: string): Record<string, unknown> => readClaims(token, keys.verificationKey(onPilot));

	test("maps a role from a claim that an Action of the tenant wrote", async () => {
		const app = await start({ role: (_identity, user) => (user["https://example.com/role"] === "admin" ? "admin" : "user") });
		const { token } = JSON.parse(await ask(app, auth0Users.joan)) as { token: string };
		expect(claimsOf(token)).toMatchObject({ sub: "auth0|joan", role: "admin", email: "joan@example.com", name: "Joan" });
	});

	test("signs in by response_mode=form_post, the default of the SDK, and gives a page its token", async () => {
		const app = await start({}, { authorizationParams: { response_type: "id_token", scope: "openid profile email" } });
		expect(claimsOf(await ask(app, auth0Users.ada, "/page"))).toMatchObject({ sub: "auth0|ada" });
		expect(await (await fetch(`${app.url}/page`)).text()).toBe("nobody");
	});

	test("sees somebody who acts as the user also when the app hides that claim", async () => {
		const app = await start({}, { identityClaimFilter: ["act", "iss", "aud", "iat", "exp"] });
		expect(JSON.parse(await ask(app, auth0Users.mary))).toMatchObject({ code: "user_impersonated" });
	});

	test("checks the issuer and the age of the snapshot", async () => {
		const right = await start({ issuer: backend.domain, maximumSessionAgeSeconds: 3600 });
		expect(JSON.parse(await ask(right, auth0Users.ada))).toHaveProperty("token", expect.stringMatching(/^eyJ/));
		const other = await start({ issuer: "https://other.example.com/" });
		expect(JSON.parse(await ask(other, auth0Users.ada))).toMatchObject({ code: "tenant_mismatch" });
		const later = await start({ maximumSessionAgeSeconds: 3600, now: () => Date.now() + 3_700_000 });
		expect(JSON.parse(await ask(later, auth0Users.ada))).toMatchObject({ code: "credential_expired" });
	});

	test("names the missing auth() instead of treating everybody as signed out", async () => {
		const events: TokenEvent[] = [];
		const app = express();
		app.get("/token", auth0WidgetToken({ widget: onPilot, env: keys.env, onEvent: (event) => void events.push(event) }));
		const server = app.listen(0, "localhost");
		close.push(async () => void server.close());
		await once(server, "listening");
		const response = await fetch(`http://localhost:${(server.address() as AddressInfo).port}/token`);
		expect({ status: response.status, ...((await response.json()) as object) }).toMatchObject({
			status: 500,
			code: "provider_misconfigured",
		});
		expect(events).toMatchObject([{ code: "provider_misconfigured", detail: expect.stringContaining("oidc") }]);
	});

	test("a tenant that is down ends a sign-in without a token", async () => {
		const app = await start({});
		backend.fail("down");
		try {
			const login = await fetch(`${app.url}/login`, { redirect: "manual" });
			expect(login.status).toBe(500);
			const response = await fetch(`${app.url}/token`, { headers: { cookie: login.headers.getSetCookie().join("; ") } });
			expect(await response.json()).toEqual({ token: null });
		} finally {
			backend.restore();
		}
	});
});
