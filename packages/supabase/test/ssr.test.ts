import { setTimeout } from "node:timers/promises";
import { createServerClient, parseCookieHeader } from "@supabase/ssr";
import type { TokenHandler } from "@widget-token/core";
import { type CookieStore, withSupabaseWidgetToken } from "@widget-token/supabase/ssr";
import { type StandInUser, type SupabaseStandIn, startSupabaseStandIn } from "@widget-token/test-kit/backends/supabase-standin";
import { hilal } from "@widget-token/widgets";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { address, ask, confirmed, keys } from "./asking.ts";
import { sessionCookie } from "./fixtures.ts";

let backend: SupabaseStandIn;
let handler: TokenHandler;
let user: StandInUser;
const create = (options: object = {}): TokenHandler =>
	withSupabaseWidgetToken({
		widget: hilal,
		env: keys.env,
		onEvent: () => undefined,
		supabaseUrl: backend.url,
		supabaseKey: backend.keys.publishable,
		...options,
	});

beforeAll(async () => {
	backend = await startSupabaseStandIn();
	handler = create();
});
beforeEach(() => {
	user = backend.createUser({ email: "ada@example.com", email_confirmed_at: confirmed });
	// The SDK writes a refused refresh to the console.
	vi.spyOn(console, "error").mockImplementation(() => undefined);
	vi.spyOn(console, "warn").mockImplementation(() => undefined);
});
afterEach(() => {
	backend.restore();
	vi.restoreAllMocks();
});
afterAll(() => backend.close());

/** What a browser that has sent `cookie` sends after it has taken the answer's cookies. */
function keep(cookie: string, headers: Headers): string {
	const jar = new Map(parseCookieHeader(cookie).map(({ name, value }) => [name, value ?? ""]));
	for (const line of headers.getSetCookie()) {
		const [{ name, value } = { name: "", value: "" }] = parseCookieHeader(line);
		if (/; max-age=0(?:;|$)/i.test(line)) jar.delete(name);
		else jar.set(name, value ?? "");
	}
	return [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
}

describe("a session in cookies", () => {
	it("is read as the SDK has written it", async () => {
		const written = new Map<string, string>();
		const client = createServerClient(backend.url, backend.keys.publishable, {
			cookies: {
				getAll: () => [...written].map(([name, value]) => ({ name, value })),
				setAll: (cookies) => cookies.forEach(({ name, value }) => void written.set(name, value)),
			},
		});
		await client.auth.signInWithPassword({ email: user.email, password: user.password });
		const cookie = [...written].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("; ");
		const answer = await ask(handler, { cookie });
		expect(answer).toMatchObject({ status: 200, claims: { sub: user.id, email: "ada@example.com" } });
		expect(answer.headers.getSetCookie()).toEqual([]);
	});

	it("is put together from its chunks", async () => {
		user.user_metadata = { note: "x".repeat(8000) };
		const cookie = sessionCookie(backend, await backend.signIn(user));
		expect(cookie).toContain("auth-token.2=");
		expect(await ask(handler, { cookie })).toMatchObject({ claims: { sub: user.id } });
	});

	it("is nobody's without cookies, or among others", async () => {
		const before = backend.requests.length;
		for (const cookie of ["", "theme=dark", "sb-other-auth-token=base64-e30", "theme=dark; sb-127-auth-token-code-verifier=abc"]) {
			expect(await ask(handler, { cookie })).toMatchObject({ status: 200, claims: null });
		}
		expect(backend.requests).toHaveLength(before);
	});

	it("is not taken from a bearer token", async () => {
		const { access_token } = await backend.signIn(user);
		expect(await ask(handler, { authorization: `Bearer ${access_token}` })).toMatchObject({ status: 200, claims: null });
	});

	it.each(["base64-%%%", "base64-bm90IGpzb24", "not-json", "base64-e30"])("is refused when its cookie is damaged: %s", async (value) => {
		expect(await ask(handler, { cookie: `sb-127-auth-token=${value}` })).toMatchObject({ status: 401, code: "credential_invalid" });
	});

	it("is believed in nothing but its verified access token", async () => {
		const session = await backend.signIn(user);
		const forged = {
			...session,
			user: { id: "another-user", email: "root@example.com", email_confirmed_at: confirmed, app_metadata: { role: "admin" } },
		};
		const answer = await ask(handler, { cookie: sessionCookie(backend, forged) });
		expect(answer.claims).toMatchObject({ sub: user.id, email: "ada@example.com" });
	});

	it("is refused when it holds a key of the project", async () => {
		const session = await backend.signIn(user);
		expect(await ask(handler, { cookie: sessionCookie(backend, { ...session, access_token: backend.keys.serviceRole }) })).toMatchObject({
			status: 403,
			code: "client_refused",
		});
	});

	it("has the name that the app has given it", async () => {
		const own = create({ cookieOptions: { name: "my-session" } });
		const cookie = sessionCookie(backend, await backend.signIn(user));
		expect(await ask(own, { cookie })).toMatchObject({ claims: null });
		expect(await ask(own, { cookie: cookie.replaceAll("sb-127-auth-token", "my-session") })).toMatchObject({ claims: { sub: user.id } });
		expect(await ask(own, { cookie: "my-session=broken" })).toMatchObject({ code: "credential_invalid" });
	});
});

describe("a session that has expired", () => {
	it("is refreshed, and its cookies are on the response with the headers against caches", async () => {
		user.user_metadata = { note: "x".repeat(4000) };
		const stale = await backend.signIn(user, { expiresInSeconds: -60 });
		const cookie = sessionCookie(backend, stale);
		const answer = await ask(handler, { cookie });
		expect(answer).toMatchObject({ status: 200, claims: { sub: user.id } });
		expect(answer.headers.getSetCookie().length).toBeGreaterThan(1);
		for (const line of answer.headers.getSetCookie()) expect(line).toMatch(/; Path=\/.*SameSite=Lax/i);
		expect(answer.headers.get("cache-control")).toBe("private, no-store, max-age=0");
		expect(answer.headers.get("pragma")).toBe("no-cache");
		expect(answer.headers.get("expires")).toBe("0");
		// The body is the widget's token and no part of the new session.
		const renewed = parseCookieHeader(keep(cookie, answer.headers))
			.map(({ value }) => value)
			.join("")
			.replace("base64-", "");
		const { access_token, refresh_token } = JSON.parse(Buffer.from(renewed, "base64url").toString()) as Record<string, string>;
		for (const part of [access_token, refresh_token, ...(access_token ?? "").split(".").slice(1)]) expect(answer.text).not.toContain(part);
		const again = await ask(handler, { cookie: keep(cookie, answer.headers) });
		expect(again).toMatchObject({ claims: { sub: user.id } });
		expect(again.headers.getSetCookie()).toEqual([]);
	});

	it("is refused when its refresh token is dead, and the cookies are cleared", async () => {
		const stale = await backend.signIn(user, { expiresInSeconds: -60 });
		backend.endSessions(user);
		const cookie = sessionCookie(backend, stale);
		const answer = await ask(handler, { cookie });
		expect(answer).toMatchObject({ status: 401, code: "credential_expired" });
		expect(answer.headers.getSetCookie().join()).toMatch(/sb-127-auth-token=;.*Max-Age=0/i);
		expect(await ask(handler, { cookie: keep(cookie, answer.headers) })).toMatchObject({ status: 200, claims: null });
	});

	it("of a banned user is refused as such", async () => {
		const stale = await backend.signIn(user, { expiresInSeconds: -60 });
		backend.ban(user);
		expect(await ask(handler, { cookie: sessionCookie(backend, stale) })).toMatchObject({ status: 403, code: "user_disabled" });
	});

	it("keeps its cookies through an outage", async () => {
		const own = create({ timeoutSeconds: 0.5 });
		const cookie = sessionCookie(backend, await backend.signIn(user, { expiresInSeconds: -60 }));
		for (const failure of ["down", "server-error", "slow"] as const) {
			backend.fail(failure);
			const answer = await ask(own, { cookie });
			expect(answer.status).toBe(503);
			expect(answer.headers.getSetCookie()).toEqual([]);
		}
		backend.restore();
		expect(await ask(own, { cookie })).toMatchObject({ status: 200 });
	});

	it("is not retried once nobody waits for it any more", async () => {
		const cookie = sessionCookie(backend, await backend.signIn(user, { expiresInSeconds: -60 }));
		const fetches = vi.spyOn(globalThis, "fetch");
		backend.fail("server-error");
		expect((await ask(create({ timeoutSeconds: 0.3 }), { cookie })).status).toBe(503);
		const asked = fetches.mock.calls.length;
		// The SDK alone would go on for half a minute, the next time 0.3 s from now.
		await setTimeout(1000);
		expect(fetches).toHaveBeenCalledTimes(asked);
	});

	it("gives each of many concurrent visitors their own session and cookies", async () => {
		const visitors = await Promise.all(
			Array.from({ length: 20 }, async (_, index) => {
				const visitor = backend.createUser({ email: `visitor-${index}@example.com`, email_confirmed_at: confirmed });
				return { visitor, cookie: sessionCookie(backend, await backend.signIn(visitor, { expiresInSeconds: -60 })) };
			}),
		);
		const answers = await Promise.all(
			visitors.map(async ({ visitor, cookie }) => ({ visitor, cookie, answer: await ask(handler, { cookie }) })),
		);
		for (const { visitor, cookie, answer } of answers) {
			expect(answer.claims?.sub).toBe(visitor.id);
			expect(await ask(handler, { cookie: keep(cookie, answer.headers) })).toMatchObject({ claims: { sub: visitor.id } });
		}
	});
});

describe("the framework's cookies", () => {
	const createStore = (cookie: string): CookieStore & { readonly written: Map<string, string> } => {
		const written = new Map<string, string>();
		return {
			written,
			getAll: () => parseCookieHeader(cookie).map(({ name, value }) => ({ name, value: value ?? "" })),
			set: (name, value) => written.set(name, value),
		};
	};

	it("are read and written in place of the headers", async () => {
		const store = createStore(sessionCookie(backend, await backend.signIn(user, { expiresInSeconds: -60 })));
		const answer = await ask(create({ cookies: async () => store }));
		expect(answer).toMatchObject({ claims: { sub: user.id } });
		expect(store.written.has("sb-127-auth-token")).toBe(true);
		expect(answer.headers.getSetCookie()).toEqual([]);
		expect(answer.headers.get("pragma")).toBe("no-cache");
	});

	it("give a Server Component its token, though it can write none", async () => {
		const refuse = (): never => {
			throw new Error("Cookies can only be modified in a Server Action or Route Handler.");
		};
		for (const set of [refuse, async () => refuse()]) {
			const store = createStore(sessionCookie(backend, await backend.signIn(user, { expiresInSeconds: -60 })));
			// A rejection that nobody handles fails the run.
			expect(await create({ cookies: () => ({ ...store, set }) }).tokenFor()).toMatchObject({ expiresIn: 3600 });
		}
		expect(await create({ cookies: () => createStore("") }).tokenFor()).toBeNull();
	});

	it("let the framework's own errors pass, and no others", async () => {
		const bailOut = Object.assign(new Error("Dynamic server usage"), { digest: "DYNAMIC_SERVER_USAGE" });
		await expect(create({ cookies: () => Promise.reject(bailOut) })(new Request(address))).rejects.toBe(bailOut);
		await expect(create({ cookies: () => Promise.reject(bailOut) }).tokenFor()).rejects.toBe(bailOut);
		const failing = create({ cookies: () => Promise.reject(new Error("outside a request")) });
		expect(await ask(failing)).toMatchObject({ status: 500, code: "provider_misconfigured" });
	});
});
