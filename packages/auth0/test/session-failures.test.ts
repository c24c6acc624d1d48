import { generateSessionCookie } from "@auth0/nextjs-auth0/testing";
import type { SessionDataStore } from "@auth0/nextjs-auth0/types";
import { type TokenEvent, type TokenHandler, WidgetTokenError } from "@widget-token/core";
import { bestChatBot } from "@widget-token/widgets";
import { forbidden, redirect } from "next/navigation.js";
import { describe, expect, test } from "vitest";
import { withAuth0WidgetToken } from "../src/index.ts";
import { accessToken, ada, createClient, requestWith, sessionCookie, sessionSecret, widgetSecret } from "./fixtures.ts";

const sessionId = "a-session-id-that-must-not-be-told";

function createHandler(auth0: ReturnType<typeof createClient>, events: TokenEvent[] = [], router: "app" | "pages" = "pages"): TokenHandler {
	return withAuth0WidgetToken({
		auth0,
		router,
		widget: bestChatBot,
		secret: widgetSecret,
		timeoutSeconds: 0.2,
		onEvent: (event) => void events.push(event),
	});
}

/** A client whose sessions are in a store of the app; the cookie holds the id of the session. */
function withStore(get: SessionDataStore["get"]): ReturnType<typeof createClient> {
	const never = async (): Promise<never> => {
		throw new Error("not used");
	};
	return createClient({ sessionStore: { get, set: never, delete: never } });
}

async function ask(
	handler: TokenHandler,
): Promise<{ status: number; code: string | undefined; token?: string | null; retryAfter: string | null }> {
	const response = await handler(requestWith(await sessionCookie(ada)));
	const body = (await response.json()) as { code?: string; token?: string | null };
	return {
		status: response.status,
		retryAfter: response.headers.get("retry-after"),
		code: body.code,
		...(body.token === undefined ? {} : { token: body.token }),
	};
}

describe("a session that cannot be read is never signed out and never a token", () => {
	test("the domain resolver of the app cannot reach its network", async () => {
		const events: TokenEvent[] = [];
		const auth0 = createClient({ domain: async () => (await fetch("http://localhost:1/tenants")).text() });
		expect(await ask(createHandler(auth0, events))).toMatchObject({ status: 503, code: "provider_unavailable", retryAfter: "5" });
		expect(events).toMatchObject([{ outcome: "failed", code: "provider_unavailable", cause: "DomainResolutionError" }]);
	});

	test("the domain resolver never answers", async () => {
		const auth0 = createClient({ domain: () => new Promise(() => undefined) });
		expect(await ask(createHandler(auth0))).toMatchObject({ status: 503, code: "provider_timeout" });
	});

	test("Auth0Client has no secret", async () => {
		const events: TokenEvent[] = [];
		const auth0 = createClient({ secret: undefined as unknown as string });
		expect(await ask(createHandler(auth0, events))).toMatchObject({ status: 500, code: "provider_misconfigured" });
		expect(events[0]?.detail).toContain("secret");
	});

	test("Auth0Client has no domain", async () => {
		const auth0 = createClient({ domain: undefined as unknown as string });
		expect(await ask(createHandler(auth0))).toMatchObject({ status: 500, code: "provider_misconfigured" });
	});

	test("Auth0 keeps no session in Enterprise Connect mode", async () => {
		const auth0 = createClient({ enterpriseConnect: true, authorizationParameters: { scope: "openid profile email" } });
		expect(await ask(createHandler(auth0))).toMatchObject({ status: 500, code: "provider_misconfigured" });
	});

	test("the App Router's form outside of a request of Next", async () => {
		const error = await createHandler(createClient(), [], "app")
			.tokenFor()
			.catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(WidgetTokenError);
		expect(error).toMatchObject({ code: "provider_misconfigured", message: expect.stringContaining("@widget-token/auth0/pages") });
	});
});

describe("a session store of the app", () => {
	const session = { user: ada, tokenSet: { accessToken, expiresAt: 2_000_000_000 }, internal: { sid: "sid", createdAt: 1_700_000_000 } };
	const askStore = async (
		get: SessionDataStore["get"],
		events: TokenEvent[] = [],
	): Promise<{ status: number; code: string | undefined; token?: string | null }> => {
		// The SDK's cookie is the encrypted id alone; its helper encrypts whatever it is given.
		const cookie = await generateSessionCookie({ id: sessionId } as unknown as Parameters<typeof generateSessionCookie>[0], {
			secret: sessionSecret,
		});
		const response = await createHandler(withStore(get), events)(requestWith(cookie));
		return { status: response.status, code: undefined, ...((await response.json()) as object) };
	};

	test("holds the session", async () => {
		expect(await askStore(async () => session)).toMatchObject({ status: 200, token: expect.stringMatching(/^eyJ/) });
	});

	test("has no such session any more: after a back-channel logout", async () => {
		expect(await askStore(async () => null)).toMatchObject({ status: 200, token: null });
	});

	test("refuses the connection", async () => {
		const refuse = async (): Promise<never> => {
			throw Object.assign(new Error(`GET ${sessionId}: connect ECONNREFUSED`), { code: "ECONNREFUSED" });
		};
		const events: TokenEvent[] = [];
		expect(await askStore(refuse, events)).toMatchObject({ status: 503, code: "provider_unavailable" });
		expect(JSON.stringify(events)).not.toContain(sessionId);
	});

	test("is asked over HTTP and does not answer the connection", async () => {
		expect(await askStore(async () => (await fetch("http://localhost:1/")).json() as Promise<null>)).toMatchObject({
			status: 503,
			code: "provider_unavailable",
		});
	});

	test("never answers", async () => {
		expect(await askStore(() => new Promise(() => undefined))).toMatchObject({ status: 503, code: "provider_timeout" });
	});

	test("fails in a way that nobody knows", async () => {
		const events: TokenEvent[] = [];
		const fail = async (): Promise<never> => {
			throw new RangeError(`cannot read ${sessionId}`);
		};
		expect(await askStore(fail, events)).toMatchObject({ status: 500, code: "internal_error" });
		expect(events).toMatchObject([{ cause: "RangeError" }]);
		expect(JSON.stringify(events)).not.toContain(sessionId);
	});

	test.each([
		["a redirect", () => redirect("/sign-in")],
		["a refusal", () => forbidden()],
	])("%s of Next passes through as it is", async (_name, leave) => {
		process.env["__NEXT_EXPERIMENTAL_AUTH_INTERRUPTS"] = "true";
		const events: TokenEvent[] = [];
		const thrown = await askStore(async () => leave(), events).catch((error: unknown) => error);
		expect(thrown).not.toBeInstanceOf(WidgetTokenError);
		expect(thrown).toHaveProperty("digest", expect.stringMatching(/^NEXT_/));
		expect(events).toEqual([]);
	});
});

describe("options that would let the wrong people in", () => {
	test.each([
		["an empty organization", { organizationId: "" }, "organizationId"],
		["a blank organization", { organizationId: " " }, "organizationId"],
		["an issuer that is no URL", { issuer: "tenant.example.com" }, "issuer"],
		["an age of nothing", { maximumSessionAgeSeconds: 0 }, "maximumSessionAgeSeconds"],
		["an age that is no number", { maximumSessionAgeSeconds: Number.NaN }, "maximumSessionAgeSeconds"],
	])("%s", (_name, rules, named) => {
		expect(() => withAuth0WidgetToken({ auth0: createClient(), widget: bestChatBot, ...rules })).toThrow(
			expect.objectContaining({ code: "options_invalid", message: expect.stringContaining(named) }),
		);
	});
});
