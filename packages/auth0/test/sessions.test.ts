import { randomBytes } from "node:crypto";
import type { ErrorCode, TokenEvent, TokenHandler } from "@widget-token/core";
import { bestChatBot, hilal } from "@widget-token/widgets";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type Auth0WidgetTokenOptions, withAuth0WidgetToken } from "../src/index.ts";
import {
	accessToken,
	ada,
	createClient,
	forgedJwe,
	issuer,
	readClaims,
	requestWith,
	sessionCookie,
	sessionSecret,
	unsignedJwt,
	widgetSecret,
} from "./fixtures.ts";

type Options = Partial<Auth0WidgetTokenOptions<{ sub: string }>>;

// Each vendor has a secret of its own; the same one twice would be refused.
const hilalSecret = randomBytes(32).toString("hex");

function createHandler(options: Options = {}): TokenHandler {
	return withAuth0WidgetToken({
		auth0: createClient(),
		router: "pages",
		widget: bestChatBot,
		secret: widgetSecret,
		onEvent: () => undefined,
		...options,
	});
}

interface Scenario {
	request(): Promise<Request>;
	options?: Options;
	expect: { status: number; code?: ErrorCode; signedOut?: true };
}

const signedOut = { status: 200, signedOut: true } as const;
const withUser = (user: unknown, cookie?: Parameters<typeof sessionCookie>[1]) => async () =>
	requestWith(await sessionCookie(user, cookie));

async function expiredCookie(): Promise<string> {
	vi.useFakeTimers({ now: Date.now() - 2 * 3600_000, toFake: ["Date"] });
	try {
		return await sessionCookie(ada);
	} finally {
		vi.useRealTimers();
	}
}

const scenarios: Record<string, Scenario> = {
	"no cookie": { request: async () => requestWith(null), expect: signedOut },
	"an empty cookie": { request: async () => requestWith(""), expect: signedOut },
	"a verified user": { request: withUser(ada), expect: { status: 200 } },
	"a session without an ID token": { request: withUser(ada, { idTokenClaims: null }), expect: { status: 200 } },

	// The SDK answers null for these, as if there were no cookie: no token, and no error that a visitor could do something about.
	"an expired session": { request: async () => requestWith(await expiredCookie()), expect: signedOut },
	"a cookie of another secret": { request: withUser(ada, { secret: "another secret of another application" }), expect: signedOut },
	"a truncated cookie": { request: async () => requestWith((await sessionCookie(ada)).slice(0, -5)), expect: signedOut },
	"a garbled cookie": { request: async () => requestWith("%%%garbled"), expect: signedOut },
	"a JWT with alg none as the cookie": { request: async () => requestWith(unsignedJwt(ada, { alg: "none" })), expect: signedOut },
	"an ID token as the cookie": { request: async () => requestWith(unsignedJwt({ ...ada, iss: issuer })), expect: signedOut },

	"a cookie that asks for an RSA key": {
		request: async () => requestWith(forgedJwe({ alg: "RSA-OAEP", enc: "A256GCM" })),
		expect: { status: 401, code: "credential_invalid" },
	},
	"a cookie that asks for a billion hash rounds": {
		request: async () => requestWith(forgedJwe({ alg: "PBES2-HS256+A128KW", enc: "A256GCM", p2c: 1e9, p2s: "c2FsdHNhbHQ" })),
		expect: { status: 401, code: "credential_invalid" },
	},
	"a cookie with an unknown encryption": {
		request: async () => requestWith(forgedJwe({ alg: "dir", enc: "none" })),
		expect: { status: 401, code: "credential_invalid" },
	},
	"another cookie of the app as the session": { request: withUser(undefined), expect: { status: 401, code: "credential_invalid" } },
	"a user without a sub": {
		request: withUser({ email: "ada@example.com", email_verified: true }),
		expect: { status: 401, code: "credential_invalid" },
	},
	"an empty sub": { request: withUser({ ...ada, sub: "" }), expect: { status: 401, code: "credential_invalid" } },
	"a blank sub": { request: withUser({ ...ada, sub: "  " }), expect: { status: 403, code: "identity_invalid" } },
	"a sub with a space before it": { request: withUser({ ...ada, sub: " auth0|ada" }), expect: { status: 403, code: "identity_invalid" } },
	"a sub that is no text": { request: withUser({ ...ada, sub: 42 }), expect: { status: 401, code: "credential_invalid" } },
	"an array as the sub": { request: withUser({ ...ada, sub: ["auth0|ada"] }), expect: { status: 401, code: "credential_invalid" } },
	"an ID token that cannot be read": {
		request: withUser(ada, { idToken: "no-token" }),
		expect: { status: 401, code: "credential_invalid" },
	},

	"a bearer access token": { request: async () => requestWith(null, { authorization: `Bearer ${accessToken}` }), expect: signedOut },
	"a bearer ID token": {
		request: async () => requestWith(null, { authorization: `Bearer ${unsignedJwt({ ...ada, iss: issuer })}` }),
		expect: signedOut,
	},

	"an unverified address that the widget requires": {
		request: withUser({ ...ada, email_verified: false }),
		expect: { status: 403, code: "email_unverified" },
	},
	"an address of which nothing is known": {
		request: withUser({ ...ada, email_verified: undefined }),
		expect: { status: 403, code: "email_unverified" },
	},
	"the text true for email_verified": {
		request: withUser({ ...ada, email_verified: "true" }),
		expect: { status: 403, code: "email_unverified" },
	},
	"the number 1 for email_verified": {
		request: withUser({ ...ada, email_verified: 1 }),
		expect: { status: 403, code: "email_unverified" },
	},
	"email_verified in user_metadata only": {
		request: withUser({ ...ada, email_verified: false, user_metadata: { email_verified: true } }),
		expect: { status: 403, code: "email_unverified" },
	},

	"somebody who acts as the user": {
		request: withUser({ ...ada, act: { sub: "auth0|support" } }),
		expect: { status: 403, code: "user_impersonated" },
	},
	"act in the ID token only": {
		request: withUser(ada, { idTokenClaims: { act: { sub: "auth0|support" } } }),
		expect: { status: 403, code: "user_impersonated" },
	},

	"a member of the organization": {
		options: { organizationId: "org_north" },
		request: withUser({ ...ada, org_id: "org_north" }),
		expect: { status: 200 },
	},
	"a member of another organization": {
		options: { organizationId: "org_north" },
		request: withUser({ ...ada, org_id: "org_south" }),
		expect: { status: 403, code: "tenant_mismatch" },
	},
	"a member of no organization": {
		options: { organizationId: "org_north" },
		request: withUser(ada),
		expect: { status: 403, code: "tenant_mismatch" },
	},
	"an array that holds the organization": {
		options: { organizationId: "org_north" },
		request: withUser({ ...ada, org_id: ["org_north"] }),
		expect: { status: 403, code: "tenant_mismatch" },
	},
	"the issuer, written without its slash": { options: { issuer: issuer.slice(0, -1) }, request: withUser(ada), expect: { status: 200 } },
	"another issuer": {
		options: { issuer },
		request: withUser(ada, { idTokenClaims: { iss: "https://other.example.com/" } }),
		expect: { status: 403, code: "tenant_mismatch" },
	},
	"no ID token where the issuer is checked": {
		options: { issuer },
		request: withUser(ada, { idTokenClaims: null }),
		expect: { status: 403, code: "tenant_mismatch" },
	},
	"a session of another domain of the tenant": {
		options: { auth0: createClient({ domain: () => "other.example.com" }) },
		request: withUser(ada, { internal: { sid: "s", createdAt: 1, mcd: { domain: "tenant.example.com", issuer } } }),
		expect: { status: 403, code: "tenant_mismatch" },
	},

	"a young session": { options: { maximumSessionAgeSeconds: 3600 }, request: withUser(ada), expect: { status: 200 } },
	"an old session": {
		options: { maximumSessionAgeSeconds: 3600 },
		request: withUser(ada, { internal: { sid: "s", createdAt: 1_700_000_000 } }),
		expect: { status: 401, code: "credential_expired" },
	},
	"a session of unknown age": {
		options: { maximumSessionAgeSeconds: 3600 },
		request: withUser(ada, { internal: { sid: "s" } }),
		expect: { status: 401, code: "credential_expired" },
	},
};

describe("a session cookie of Next", () => {
	test.each(Object.entries(scenarios))("%s", async (_name, scenario) => {
		const response = await createHandler(scenario.options)(await scenario.request());
		const body = (await response.json()) as { token?: string | null; code?: string };
		expect({ status: response.status, code: body.code }).toEqual({ status: scenario.expect.status, code: scenario.expect.code });
		if (scenario.expect.signedOut) expect(body).toEqual({ token: null });
		else if (scenario.expect.code === undefined) expect(readClaims(body.token)["user_id"]).toBe("auth0|ada");
		else expect(JSON.stringify(body)).not.toContain("eyJ");
		expect(response.headers.get("cache-control")).toBe("private, no-store, max-age=0");
	});

	test("the verified user's claims", async () => {
		const { token } = (await (await createHandler()(requestWith(await sessionCookie(ada)))).json()) as { token: string };
		expect(readClaims(token)).toMatchObject({ email: "ada@example.com", name: "Ada", user_id: "auth0|ada" });
	});

	test("an unverified address is left out where the widget does not need it, also where it stands for the name", async () => {
		const user = { sub: "auth0|grace", email: "grace@example.com", email_verified: false, name: "Grace@example.com" };
		const response = await createHandler({ widget: hilal, secret: hilalSecret })(requestWith(await sessionCookie(user)));
		const claims = readClaims(((await response.json()) as { token: string }).token, hilalSecret);
		expect(claims).toMatchObject({ sub: "auth0|grace" });
		expect(JSON.stringify(claims).toLowerCase()).not.toContain("grace@example.com");
	});

	test("what the user wrote into user_metadata reaches no claim", async () => {
		const user = {
			...ada,
			email: undefined,
			email_verified: undefined,
			user_metadata: {
				sub: "auth0|root",
				email: "root@example.com",
				email_verified: true,
				name: "Root",
				role: "admin",
				org_id: "org_root",
			},
		};
		const seen: unknown[] = [];
		const handler = createHandler({ widget: hilal, secret: hilalSecret, onEvent: (event) => void seen.push(event) });
		const claims = readClaims(
			((await (await handler(requestWith(await sessionCookie(user)))).json()) as { token: string }).token,
			hilalSecret,
		);
		expect(claims).toMatchObject({ sub: "auth0|ada", name: "Ada" });
		expect(JSON.stringify([claims, seen]).toLowerCase()).not.toMatch(/root|admin/);
	});
});

test("500 requests at once of 50 users: each gets the own token", async () => {
	const handler = createHandler();
	const cookies = await Promise.all(
		Array.from({ length: 50 }, (_, index) =>
			sessionCookie({ sub: `auth0|user-${index}`, email: `user-${index}@example.com`, email_verified: true }),
		),
	);
	const answers = await Promise.all(
		Array.from({ length: 500 }, async (_, index) => {
			const response = await handler(requestWith(cookies[index % 50] as string));
			return readClaims(((await response.json()) as { token: string }).token);
		}),
	);
	for (const [index, claims] of answers.entries())
		expect(claims).toMatchObject({ user_id: `auth0|user-${index % 50}`, email: `user-${index % 50}@example.com` });
});

describe("the tenant's tokens stay on the server", () => {
	afterEach(() => void vi.restoreAllMocks());

	test("in answers, headers, events, errors and logs", async () => {
		const written: unknown[] = [];
		for (const method of ["log", "info", "warn", "error", "debug"] as const)
			vi.spyOn(console, method).mockImplementation((...values) => void written.push(...values.map(String)));
		const events: TokenEvent[] = [];
		const idTokenClaims = { nonce: "a-nonce-of-the-id-token" };
		const cookie = await sessionCookie(ada, { idTokenClaims });
		for (const options of [
			{},
			{ organizationId: "org_north" },
			{ widget: bestChatBot, secret: "short" },
			{ auth0: createClient({ secret: undefined as unknown as string }) },
		]) {
			const handler = createHandler({ ...options, onEvent: (event) => void events.push(event) });
			const response = await handler(requestWith(cookie, { authorization: `Bearer ${accessToken}` }));
			written.push(await response.text(), JSON.stringify([...response.headers]));
			await handler
				.tokenFor(requestWith(cookie))
				.catch((error: Error) =>
					written.push(error.message, error.stack, JSON.stringify(error), JSON.stringify(error.cause), String(error.cause)),
				);
		}
		expect(events.map(({ outcome }) => outcome)).toContain("minted");
		const text = JSON.stringify([written, events]);
		for (const secret of [cookie, accessToken, unsignedJwt({ iss: issuer, sub: ada.sub, ...idTokenClaims }), sessionSecret, widgetSecret]) {
			expect(text).not.toContain(secret);
		}
	});
});
