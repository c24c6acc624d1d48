import { createHash } from "node:crypto";
import { createClerkClient } from "@clerk/backend";
import type { TokenEvent } from "@widget-token/core";
import { type ClerkBackend, startClerkBackend } from "@widget-token/test-kit/backends/clerk";
import { clerkUsers } from "@widget-token/test-kit/backends/clerk-users";
import { describeProvider } from "@widget-token/test-kit/provider-suite";
import { createWidgetKeys } from "@widget-token/test-kit/widget-keys";
import { bestChatBot, hilal } from "@widget-token/widgets";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ClerkTokenHandlerOptions, createClerkBackendIdentify, createClerkTokenHandler } from "../src/backend.ts";
import {
	type Credentials,
	createCredentials,
	createFurtherCases,
	createScenarios,
	notApplicable,
	signInAs,
	signInMany,
} from "./credentials.ts";

const endpoint = "https://app.example.com/api/widget-token";
const authorizedParty = "https://app.example.com";
const keys = createWidgetKeys();

function createClient(
	{ secretKey, publishableKey, apiUrl, jwtKey }: ClerkBackend,
	options: Partial<Parameters<typeof createClerkClient>[0]> = {},
) {
	return createClerkClient({ secretKey, publishableKey, apiUrl, jwtKey, telemetry: { disabled: true }, ...options });
}

describeProvider({
	name: "clerk (backend)",
	notApplicable,
	async start({ keys, onEvent }) {
		const backend = await startClerkBackend({ authorizedParty });
		const credentials = createCredentials(backend);
		const handler = createClerkTokenHandler({
			widgets: [bestChatBot, hilal],
			clerkClient: createClient(backend),
			authorizedParties: [authorizedParty],
			env: keys.env,
			onEvent,
		});
		return {
			fetch: handler,
			endpoint,
			scenarios: createScenarios(backend, credentials),
			signInMany: (count) => signInMany(backend, credentials, count),
			signInAs: (user) => signInAs(backend, credentials, user),
			credentials: credentials.issued,
			close: () => backend.close(),
		};
	},
});

describe("@widget-token/clerk/backend", () => {
	let backend: ClerkBackend;
	let credentials: Credentials;
	let events: TokenEvent[];

	beforeAll(async () => {
		backend = await startClerkBackend({ authorizedParty });
		credentials = createCredentials(backend);
	});
	afterAll(() => backend.close());

	function createHandler(options: Partial<ClerkTokenHandlerOptions> = {}) {
		events = [];
		return createClerkTokenHandler({
			widget: bestChatBot,
			clerkClient: createClient(backend),
			authorizedParties: [authorizedParty],
			env: keys.env,
			onEvent: (event) => events.push(event),
			...options,
		});
	}

	async function ask(handler: (request: Request) => Promise<Response>, headers: Readonly<Record<string, string>>, url = endpoint) {
		const response = await handler(new Request(url, { headers }));
		const body = (await response.json()) as { token?: string | null; code?: string };
		const outcome = body.code ?? (body.token === null ? "signed_out" : "token");
		return { response, outcome, claims: typeof body.token === "string" ? decodeJwt(body.token) : undefined };
	}

	test("the further credentials", async () => {
		const handler = createHandler();
		const cases = createFurtherCases(backend, credentials);
		const outcomes = await Promise.all(cases.map(async ([name, headers]) => [name, (await ask(handler, await headers())).outcome]));
		expect(outcomes).toEqual(cases.map(([name, , outcome]) => [name, outcome]));
	});

	test("the verified user's claims, and one request to the backend for them", async () => {
		const headers = await credentials.cookie(clerkUsers.ada);
		const before = backend.requests.length;
		const { claims } = await ask(createHandler(), headers);
		expect(claims).toMatchObject({ email: "ada@example.com", name: "Ada", user_id: "user_ada" });
		expect(backend.requests.slice(before)).toEqual(["GET /v1/users/user_ada"]);
	});

	test("the identity holds what Clerk has verified, and the raw user", async () => {
		const identify = createClerkBackendIdentify({ clerkClient: createClient(backend), authorizedParties: [authorizedParty] });
		const identityOf = async (headers: Readonly<Record<string, string>>) =>
			identify(new Request(endpoint, { headers }), { signal: new AbortController().signal });
		const ada = await identityOf(await credentials.bearer(clerkUsers.ada));
		expect(ada).toMatchObject({
			id: "user_ada",
			provider: "clerk",
			email: "Ada@Example.com",
			emailVerified: true,
			name: "Ada",
			phoneNumber: "+15555550100",
			locale: "en-GB",
			organization: { id: "org_north", slug: "north", role: "org:admin" },
		});
		expect(ada?.roles).toBeUndefined();
		expect(ada?.user?.publicMetadata).toEqual({ role: "admin" });
		// The number is not verified, and neither is the address.
		expect(await identityOf(await credentials.bearer(clerkUsers.grace))).toMatchObject({
			emailVerified: false,
			phoneNumber: undefined,
			organization: undefined,
		});
		expect(await identityOf(await credentials.bearer(clerkUsers.mary))).toMatchObject({ email: undefined, emailVerified: undefined });
	});

	test("a deleted user's session is refused", async () => {
		const user = await backend.addUser({ id: "", email: "joan@example.com", firstName: "Joan" });
		const headers = await credentials.bearer(user);
		expect((await ask(createHandler(), headers)).outcome).toBe("token");
		await backend.deleteUser(user);
		expect((await ask(createHandler(), headers)).outcome).toBe("credential_invalid");
	});

	test("an impersonator gets a token only where the option allows it", async () => {
		const headers = await credentials.bearer(clerkUsers.ada, { claims: { act: { sub: "user_support" } } });
		expect((await ask(createHandler({ allowImpersonation: true }), headers)).outcome).toBe("token");
	});

	test("a rate limit of the backend is passed on with its Retry-After", async () => {
		const headers = await credentials.bearer(clerkUsers.ada);
		backend.fail("rate-limited");
		try {
			const { response, outcome } = await ask(createHandler(), headers);
			expect({ outcome, status: response.status, retryAfter: response.headers.get("retry-after") }).toEqual({
				outcome: "provider_unavailable",
				status: 503,
				retryAfter: "7",
			});
		} finally {
			backend.restore();
		}
	});

	test("the signing keys are fetched once and then kept", async () => {
		const clerkClient = createClerkClient({
			secretKey: backend.secretKey,
			publishableKey: backend.publishableKey,
			apiUrl: backend.apiUrl,
			telemetry: { disabled: true },
		});
		const handler = createHandler({ clerkClient });
		const headers = await credentials.bearer(clerkUsers.ada);
		const before = backend.requests.length;
		for (let count = 0; count < 3; count += 1) expect((await ask(handler, headers)).outcome).toBe("token");
		expect(backend.requests.slice(before).filter((request) => request === "GET /v1/jwks")).toHaveLength(1);
	});

	test("an outage while the signing keys are fetched is never a sign-out", async () => {
		const outcomes = await Promise.all(
			(["down", "rate-limited", "html"] as const).map(async (failure) => {
				// The SDK keeps the keys for the process, so each failure needs an instance that it has not seen.
				const other = await startClerkBackend({ authorizedParty });
				const { authorization = "" } = await createCredentials(other).bearer(clerkUsers.ada);
				other.fail(failure);
				const clerkClient = createClerkClient({
					secretKey: other.secretKey,
					publishableKey: other.publishableKey,
					apiUrl: other.apiUrl,
					telemetry: { disabled: true },
				});
				const { response, outcome } = await ask(createHandler({ clerkClient }), { authorization });
				await other.close();
				return [failure, response.status, outcome];
			}),
		);
		expect(outcomes).toEqual([
			["down", 503, "provider_unavailable"],
			["rate-limited", 503, "provider_unavailable"],
			["html", 503, "provider_unavailable"],
		]);
	});

	test.each([
		["a secret key of another instance", { secretKey: "sk_test_of_another_instance" }],
		["no secret key", { secretKey: "" }],
		["no publishable key", { publishableKey: "" }],
	])("%s is the configuration's fault, not the visitor's", async (_name, options) => {
		const handler = createHandler({ clerkClient: createClient(backend, options) });
		expect((await ask(handler, await credentials.bearer(clerkUsers.ada))).outcome).toBe("provider_misconfigured");
		expect(JSON.stringify(events)).not.toContain("sk_test");
	});

	test("an expired token is refused, not renewed: the endpoint sets no cookies", async () => {
		const { cookie = "" } = await credentials.cookie(clerkUsers.ada, { lifetimeSeconds: -60 });
		const suffix = createHash("sha1").update(backend.publishableKey).digest("base64url").slice(0, 8);
		const headers = { cookie: `${cookie}; __refresh_${suffix}=refresh-token` };
		const before = backend.requests.length;
		const { response, outcome } = await ask(
			createHandler(),
			{ ...headers, accept: "text/html", "sec-fetch-dest": "document" },
			`${endpoint}?__clerk_db_jwt=browser`,
		);
		expect(outcome).toBe("credential_expired");
		expect(response.headers.getSetCookie()).toEqual([]);
		expect(response.headers.get("location")).toBeNull();
		expect(backend.requests.slice(before)).toEqual([]);
	});

	test("nothing is asked of the backend for a credential that is refused", async () => {
		const handler = createHandler();
		const refused = [
			await credentials.bearer(clerkUsers.ada, { key: "attacker" }),
			{ authorization: `Bearer ${backend.machineTokens.oauth}` },
			{},
		];
		const before = backend.requests.length;
		for (const headers of refused) expect((await ask(handler, headers)).outcome).not.toBe("token");
		expect(backend.requests.slice(before)).toEqual([]);
	});

	describe("with session claims", () => {
		const sessionClaims = { email: "email", emailVerified: "email_verified", name: "full_name", locale: "locale" } as const;
		const claims = { email: "Ada@Example.com", email_verified: true, full_name: "Ada", locale: "en-GB" };

		function createClaimsHandler() {
			events = [];
			return createClerkTokenHandler({
				widget: bestChatBot,
				clerkClient: createClient(backend),
				authorizedParties: [authorizedParty],
				sessionClaims,
				env: keys.env,
				onEvent: (event) => events.push(event),
			});
		}

		test("the token's own claims make the identity, without a request", async () => {
			const headers = await credentials.bearer(clerkUsers.ada, { claims });
			backend.fail("down");
			const before = backend.requests.length;
			const answer = await ask(createClaimsHandler(), headers).finally(() => backend.restore());
			expect(answer.claims).toMatchObject({ email: "ada@example.com", name: "Ada", user_id: "user_ada" });
			expect(backend.requests.slice(before)).toEqual([]);
		});

		test.each([
			["false", false],
			["absent", undefined],
			["the text true", "true"],
			["the number 1", 1],
		])("an address whose verification is %s counts as not verified", async (_name, email_verified) => {
			const headers = await credentials.bearer(clerkUsers.ada, { claims: { ...claims, email_verified } });
			expect((await ask(createClaimsHandler(), headers)).outcome).toBe("email_unverified");
		});

		test("claims that the integrator did not name are not read", async () => {
			const headers = await credentials.bearer(clerkUsers.ada, {
				claims: { ...claims, name: "Root", metadata: { role: "admin" }, picture: "https://example.com/root.png" },
			});
			expect((await ask(createClaimsHandler(), headers)).claims).toMatchObject({ name: "Ada" });
		});

		test("a named claim that is no text is the configuration's fault", async () => {
			const headers = await credentials.bearer(clerkUsers.ada, { claims: { ...claims, email: { address: "ada@example.com" } } });
			expect((await ask(createClaimsHandler(), headers)).outcome).toBe("provider_misconfigured");
		});

		test("impersonated, pending and foreign tokens are refused as well", async () => {
			const handler = createClaimsHandler();
			const outcomes = await Promise.all(
				[
					{ claims: { ...claims, act: { sub: "user_support" } } },
					{ claims: { ...claims, sts: "pending" } },
					{ claims: { ...claims, sid: undefined } },
					{ claims, authorizedParty: "https://evil.example.com" },
					{ claims, key: "attacker" as const },
				].map(async (options) => (await ask(handler, await credentials.bearer(clerkUsers.ada, options))).outcome),
			);
			expect(outcomes).toEqual(["user_impersonated", "session_pending", "client_refused", "credential_invalid", "credential_invalid"]);
		});
	});

	test.each([
		["none", undefined],
		["an empty list", []],
		["an empty text", [""]],
		["a wildcard", ["*"]],
		["a pattern", ["https://*.example.com"]],
		["a host without a scheme", ["app.example.com"]],
		["a path", ["https://app.example.com/"]],
		["a text in place of the list", "https://app.example.com"],
	])("`authorizedParties` refuses %s at construction", (_name, authorizedParties) => {
		const clerkClient = createClient(backend);
		const create = () => createClerkBackendIdentify({ clerkClient, authorizedParties: authorizedParties as readonly string[] });
		expect(create).toThrow(expect.objectContaining({ code: "options_invalid", message: expect.stringContaining("authorizedParties") }));
	});

	test.each([
		["no client", { clerkClient: undefined }],
		["a field that is unknown", { sessionClaims: { role: "role" } }],
		["a claim name that is empty", { sessionClaims: { email: "" } }],
		["a function in place of a claim name", { sessionClaims: { email: () => "ada@example.com" } }],
	])("options with %s are refused at construction", (_name, options) => {
		const create = () =>
			createClerkBackendIdentify({ clerkClient: createClient(backend), authorizedParties: [authorizedParty], ...options } as never);
		expect(create).toThrow(expect.objectContaining({ code: "options_invalid" }));
	});
});
