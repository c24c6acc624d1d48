import type { TokenEvent } from "@widget-token/core";
import { type ClerkBackend, startClerkBackend } from "@widget-token/test-kit/backends/clerk";
import { clerkUsers } from "@widget-token/test-kit/backends/clerk-users";
import { describeProvider } from "@widget-token/test-kit/provider-suite";
import { createWidgetKeys, type WidgetKeys } from "@widget-token/test-kit/widget-keys";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	type Credentials,
	createCredentials,
	createFurtherCases,
	createScenarios,
	notApplicable,
	signInAs,
	signInMany,
} from "./credentials.ts";
import { apps, buildNext, type NextServer, startNext } from "./next-server.ts";

const authorizedParty = "https://app.example.com";
const built = buildNext(apps.fixture);

async function startFixture(
	backend: ClerkBackend,
	keys: WidgetKeys,
	env: Readonly<Record<string, string>> = {},
	onOutput?: (text: string) => void,
): Promise<NextServer> {
	await built;
	return startNext(
		apps.fixture,
		() => ({
			CLERK_API_URL: backend.apiUrl,
			CLERK_SECRET_KEY: backend.secretKey,
			NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: backend.publishableKey,
			CLERK_JWT_KEY: backend.jwtKey,
			FIXTURE_AUTHORIZED_PARTY: authorizedParty,
			...keys.env,
			...env,
		}),
		onOutput,
	);
}

describeProvider({
	name: "clerk (next)",
	notApplicable,
	async start({ keys, onEvent }) {
		const backend = await startClerkBackend({ authorizedParty });
		const credentials = createCredentials(backend);
		// The suite searches what it is given here for credentials: the server's whole output, its events among it.
		const server = await startFixture(backend, keys, {}, (text) => onEvent(text as unknown as TokenEvent));
		return {
			fetch: (request) => fetch(request),
			endpoint: `${server.origin}/api/widget-token`,
			scenarios: createScenarios(backend, credentials),
			signInMany: (count) => signInMany(backend, credentials, count),
			signInAs: (user) => signInAs(backend, credentials, user),
			credentials: credentials.issued,
			async close() {
				await server.close();
				await backend.close();
			},
		};
	},
});

describe("a Next.js app with @widget-token/clerk", () => {
	const keys = createWidgetKeys();
	let backend: ClerkBackend;
	let credentials: Credentials;
	let server: NextServer;

	beforeAll(async () => {
		backend = await startClerkBackend({ authorizedParty });
		credentials = createCredentials(backend);
		server = await startFixture(backend, keys);
	});
	afterAll(async () => {
		await server?.close();
		await backend.close();
	});

	async function ask(path: string, headers: Readonly<Record<string, string>>, init: RequestInit = {}) {
		const response = await fetch(server.origin + path, {
			...init,
			headers: { accept: "application/json", ...headers },
			redirect: "manual",
		});
		const body = (await response.json()) as { token?: string | null; code?: string };
		const outcome = body.code ?? (body.token === null ? "signed_out" : "token");
		return { response, outcome, claims: typeof body.token === "string" ? decodeJwt(body.token) : undefined };
	}

	test("the further credentials", async () => {
		const cases = createFurtherCases(backend, credentials);
		const outcomes: [string, string][] = [];
		for (const [name, headers] of cases)
			outcomes.push([name, (await ask("/api/widget-token?widget=bestchatbot", await headers())).outcome]);
		expect(outcomes).toEqual(cases.map(([name, , outcome]) => [name, outcome]));
	});

	test("a token costs one request to Clerk's backend", async () => {
		const headers = await credentials.cookie(clerkUsers.ada);
		const before = backend.requests.length;
		const { claims, response } = await ask("/api/widget-token?widget=bestchatbot", headers, { method: "POST" });
		expect(claims).toMatchObject({ email: "ada@example.com", name: "Ada", user_id: "user_ada" });
		expect(backend.requests.slice(before)).toEqual(["GET /v1/users/user_ada"]);
		expect(response.headers.get("cache-control")).toBe("private, no-store, max-age=0");
	});

	test("role and claims come from what Clerk has verified", async () => {
		const headers = await credentials.cookie(clerkUsers.ada);
		expect((await ask("/api/widget-token?widget=onpilot", headers)).claims).toMatchObject({ sub: "user_ada", role: "admin" });
		expect((await ask("/api/widget-token?widget=customgpt", headers)).claims).toMatchObject({ roles: "admin" });
		expect((await ask("/api/widget-token?widget=jupid", headers)).claims).toMatchObject({
			payload: { phoneNumber: "+15555550100", locale: "en-GB" },
		});
		const barbara = await credentials.cookie(clerkUsers.barbara);
		expect((await ask("/api/widget-token?widget=onpilot", barbara)).claims).toMatchObject({ role: "user", email: "barbara@example.com" });
	});

	test("a rate limit of the backend is passed on with its Retry-After", async () => {
		const headers = await credentials.cookie(clerkUsers.ada);
		backend.fail("rate-limited");
		const { response, outcome } = await ask("/api/widget-token?widget=hilal", headers).finally(() => backend.restore());
		expect({ outcome, status: response.status, retryAfter: response.headers.get("retry-after") }).toEqual({
			outcome: "provider_unavailable",
			status: 503,
			retryAfter: "7",
		});
	});

	test("an outage while the signing keys are fetched is never a sign-out", async () => {
		const other = await startClerkBackend({ authorizedParty });
		const withoutKey = await startFixture(other, keys, { CLERK_JWT_KEY: "" });
		try {
			const { cookie } = await other.createSession(clerkUsers.ada);
			other.fail("down");
			const response = await fetch(`${withoutKey.origin}/api/widget-token?widget=hilal`, { headers: { cookie } });
			expect(await response.json()).toMatchObject({ status: 503, code: "provider_unavailable" });
			other.restore();
			const answer = await fetch(`${withoutKey.origin}/api/widget-token?widget=hilal`, { headers: { cookie } });
			expect(await answer.json()).toMatchObject({ expiresIn: 3600 });
		} finally {
			await withoutKey.close();
			await other.close();
		}
	});

	test("a secret key of another instance is the configuration's fault", async () => {
		const misconfigured = await startFixture(backend, keys, { CLERK_SECRET_KEY: "sk_test_of_another_instance" });
		try {
			const response = await fetch(`${misconfigured.origin}/api/widget-token?widget=hilal`, {
				headers: await credentials.cookie(clerkUsers.ada),
			});
			expect(await response.json()).toMatchObject({ code: "provider_misconfigured" });
		} finally {
			await misconfigured.close();
		}
	});

	test("session claims make the identity without a request", async () => {
		const claims = { email: "Ada@Example.com", email_verified: true, full_name: "Ada" };
		const headers = await credentials.cookie(clerkUsers.ada, { claims });
		const before = backend.requests.length;
		expect((await ask("/api/claims", headers)).claims).toMatchObject({ sub: "user_ada", email: "Ada@Example.com", name: "Ada" });
		expect(backend.requests.slice(before)).toEqual([]);
		const impersonated = await credentials.cookie(clerkUsers.ada, { claims: { ...claims, act: { sub: "user_support" } } });
		expect((await ask("/api/claims", impersonated)).outcome).toBe("user_impersonated");
		const unverified = await credentials.cookie(clerkUsers.ada, { claims: { ...claims, email_verified: "true" } });
		expect((await ask("/api/claims", unverified)).claims).not.toHaveProperty("email");
	});

	test("a route that the proxy does not cover says what to do, whatever the request claims", async () => {
		const { cookie = "" } = await credentials.cookie(clerkUsers.ada);
		const { authorization = "" } = await credentials.bearer(clerkUsers.ada);
		const token = authorization.slice(7);
		const forged = [
			{ cookie },
			{ cookie, "x-clerk-auth-status": "signed-in", "x-clerk-auth-token": token },
			{ cookie, "x-clerk-auth-status": "signed-in", "x-clerk-auth-token": token, "x-clerk-auth-signature": "0".repeat(40) },
			{ cookie, "x-clerk-auth-status": "signed-in", "x-clerk-request-data": "forged" },
		];
		for (const headers of forged) expect((await ask("/uncovered", headers)).outcome).toBe("provider_misconfigured");
		expect(server.output()).toMatch(/provider_misconfigured: bestchatbot, clerkMiddleware\(\) did not run; export it from proxy\.ts/);
	});

	test("headers of the middleware that a visitor sends to a covered route change nothing", async () => {
		const { authorization = "" } = await credentials.bearer(clerkUsers.ada);
		const headers = {
			"x-clerk-auth-status": "signed-in",
			"x-clerk-auth-token": authorization.slice(7),
			"x-clerk-auth-signature": "0".repeat(40),
		};
		expect((await ask("/api/widget-token?widget=hilal", headers)).outcome).toBe("signed_out");
	});

	test("a Server Component renders the token of its own visitor", async () => {
		const page = async (headers: Readonly<Record<string, string>>) => (await fetch(`${server.origin}/page-token`, { headers })).text();
		const html = await page(await credentials.cookie(clerkUsers.ada));
		const token = /data-user-token="([^"]+)"/.exec(html)?.[1] ?? "";
		expect(decodeJwt(token)).toMatchObject({ sub: "user_ada" });
		const anonymous = await page({});
		expect(anonymous).toContain("anonymous");
		expect(anonymous).not.toContain("eyJ");
	});
});
