import { inspect } from "node:util";
import { createMint, type Identity, type TokenHandler } from "@widget-token/core";
import { type SupabaseMode, type SupabaseUser, withSupabaseWidgetToken } from "@widget-token/supabase";
import { type StandInUser, type SupabaseStandIn, startSupabaseStandIn } from "@widget-token/test-kit/backends/supabase-standin";
import { bestChatBot, hilal, jupid, onPilot } from "@widget-token/widgets";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { address, ask, bearer, confirmed, keys } from "./asking.ts";
import { visitor } from "./fixtures.ts";

const silent = { env: keys.env, onEvent: () => undefined };
let backend: SupabaseStandIn;
let handler: TokenHandler;

beforeAll(async () => {
	backend = await startSupabaseStandIn();
	handler = withSupabaseWidgetToken({ ...silent, widgets: [hilal, bestChatBot], ...project() });
});
afterEach(() => backend.restore());
afterAll(() => backend.close());

const project = (): { supabaseUrl: string; supabaseKey: string } => ({ supabaseUrl: backend.url, supabaseKey: backend.keys.anon });
const ada = (user: Partial<StandInUser> = {}): StandInUser =>
	backend.createUser({ email: "ada@example.com", email_confirmed_at: confirmed, ...user });

describe("an API key of the project in place of a user", () => {
	it("is nobody when it is public: a signed-out client sends it as bearer", async () => {
		const requests = backend.requests.length;
		const renewed = withSupabaseWidgetToken({ ...silent, widget: hilal, supabaseUrl: backend.url, supabaseKey: backend.keys.publishable });
		for (const key of [backend.keys.anon, backend.keys.publishable]) {
			expect(await ask(handler, bearer(key))).toMatchObject({ status: 200, claims: null });
			expect(await ask(renewed, bearer(key))).toMatchObject({ status: 200, claims: null });
		}
		expect(backend.requests).toHaveLength(requests);
	});

	it("is refused when it is secret", async () => {
		for (const key of [backend.keys.serviceRole, backend.keys.secret]) {
			expect(await ask(handler, bearer(key))).toMatchObject({ status: 403, code: "client_refused" });
		}
	});

	it("is refused as the function's own key too", async () => {
		const careless = withSupabaseWidgetToken({ ...silent, widget: hilal, supabaseUrl: backend.url, supabaseKey: backend.keys.serviceRole });
		expect(await ask(careless, bearer(backend.keys.serviceRole))).toMatchObject({ status: 403, code: "client_refused" });
	});
});

describe.each<SupabaseMode>(["getUser", "getClaims"])("with %s", (mode) => {
	let asked: (token: string) => ReturnType<typeof ask>;
	beforeAll(() => {
		const own = withSupabaseWidgetToken({ ...silent, widget: hilal, mode, ...project() });
		asked = (token) => ask(own, bearer(token));
	});

	it("refuses an empty bearer while others are signed in, and asks nobody about it", async () => {
		const client = visitor(backend);
		const user = ada();
		await client.auth.signInWithPassword({ email: user.email, password: user.password });
		await asked((await backend.signIn(user)).access_token);
		const requests = backend.requests.length;
		for (const authorization of ["Bearer ", "Bearer", "bearer    ", "Bearer\t"]) {
			const own = withSupabaseWidgetToken({ ...silent, widget: hilal, mode, ...project() });
			expect(await ask(own, { authorization })).toMatchObject({ status: 401, code: "credential_invalid" });
		}
		expect(backend.requests).toHaveLength(requests);
	});

	it("takes another scheme of Authorization for no session of Supabase", async () => {
		const own = withSupabaseWidgetToken({ ...silent, widget: hilal, mode, ...project() });
		expect(await ask(own, { authorization: "Basic YWRhOnBhc3M=" })).toMatchObject({ status: 200, claims: null });
	});

	it("refuses claims under the signature of others", async () => {
		const { access_token } = await backend.signIn(ada());
		const grace = ada({ email: "grace@example.com" });
		expect(await asked(backend.tokens.forge.tampered(access_token, backend.claims(grace)))).toMatchObject({ code: "credential_invalid" });
	});

	it("asks nobody about text that is no signed token", async () => {
		const requests = backend.requests.length;
		const unsigned = backend.tokens.forge.algNone(backend.claims(ada()));
		for (const text of [unsigned, `${unsigned}c2ln`, "text", "a.b.c", "e30.e30.c2ln", "bnVsbA.bnVsbA.c2ln"])
			expect(await asked(text)).toMatchObject({ status: 401, code: "credential_invalid" });
		expect(backend.requests).toHaveLength(requests);
	});

	it("refuses the public key used as a shared secret", async () => {
		expect(await asked(await backend.tokens.forge.publicKeyAsSecret(backend.claims(ada())))).toMatchObject({ code: "credential_invalid" });
	});

	it("refuses another algorithm under the id of the project's key", async () => {
		const { access_token } = await backend.signIn(ada());
		const [head = "", payload, signature] = access_token.split(".");
		const header = { ...JSON.parse(Buffer.from(head, "base64url").toString()), alg: "RS256" };
		const confused = `${Buffer.from(JSON.stringify(header)).toString("base64url")}.${payload}.${signature}`;
		expect(await asked(confused)).toMatchObject({ code: "credential_invalid" });
	});

	it("refuses a token that belongs to no session: a backend has signed it, nobody has signed in", async () => {
		const { session_id: _, ...claims } = backend.claims(ada());
		expect(await asked(await backend.tokens.sign(claims))).toMatchObject({ status: 401, code: "credential_invalid" });
	});

	it.each(["service_role", "supabase_admin"])("refuses the role %s in a user's session", async (role) => {
		const { access_token } = await backend.signIn(ada({ role }));
		expect(await asked(access_token)).toMatchObject({ status: 403, code: "client_refused" });
	});

	it("refuses a Postgres role that is not named, and takes one that is", async () => {
		const { access_token } = await backend.signIn(ada({ role: "editor" }));
		expect(await asked(access_token)).toMatchObject({ code: "credential_invalid" });
		const own = withSupabaseWidgetToken({ ...silent, widget: hilal, mode, ...project(), postgresRoles: ["authenticated", "editor"] });
		expect(await ask(own, bearer(access_token))).toMatchObject({ status: 200 });
	});

	it("checks the issuer and the audience that the options name", async () => {
		const user = ada();
		const own = withSupabaseWidgetToken({
			...silent,
			widget: hilal,
			mode,
			...project(),
			issuer: "https://auth.example.com/auth/v1",
			audience: "my-app",
		});
		const matching = await backend.signIn(user, { claims: { iss: "https://auth.example.com/auth/v1", aud: "my-app" } });
		expect(await ask(own, bearer(matching.access_token))).toMatchObject({ claims: { sub: user.id } });
		for (const claims of [
			{ iss: backend.issuer, aud: "my-app" },
			{ iss: "https://auth.example.com/auth/v1", aud: "authenticated" },
		]) {
			const { access_token } = await backend.signIn(user, { claims });
			expect(await ask(own, bearer(access_token))).toMatchObject({ code: "credential_invalid" });
		}
	});

	it("gives no role from what the user wrote, and one from app_metadata", async () => {
		const role = (_identity: unknown, user: SupabaseUser<SupabaseMode>): string | undefined => user.app_metadata?.["role"];
		const own = withSupabaseWidgetToken({ ...silent, widget: onPilot, mode, ...project(), role });
		const forged = await backend.signIn(ada({ user_metadata: { role: "admin", app_metadata: { role: "admin" } } }));
		const granted = await backend.signIn(ada({ app_metadata: { role: "admin" } }));
		expect((await ask(own, bearer(forged.access_token), "onpilot")).claims).not.toHaveProperty("role");
		expect((await ask(own, bearer(granted.access_token), "onpilot")).claims).toMatchObject({ role: "admin" });
	});

	it("shows the name that the user wrote", async () => {
		const { access_token } = await backend.signIn(ada({ user_metadata: { full_name: "Ada", name: "Other" } }));
		expect((await asked(access_token)).claims).toMatchObject({ name: "Ada" });
		const named = await backend.signIn(ada({ user_metadata: { full_name: " ", name: "Grace" } }));
		expect((await asked(named.access_token)).claims).toMatchObject({ name: "Grace" });
		const odd = await backend.signIn(ada({ user_metadata: { full_name: { toString: "x" }, name: 7 } }));
		expect((await asked(odd.access_token)).claims).not.toHaveProperty("name");
	});

	it("gives a server-rendered page the same token without HTTP", async () => {
		const own = withSupabaseWidgetToken({ ...silent, widget: hilal, mode, ...project() });
		const { access_token } = await backend.signIn(ada());
		expect(await own.tokenFor(new Request(address, { headers: bearer(access_token) }))).toMatchObject({ expiresIn: 3600 });
		expect(await own.tokenFor(new Request(address))).toBeNull();
		await expect(own.tokenFor(new Request(address, { headers: { authorization: "Bearer " } }))).rejects.toMatchObject({
			code: "credential_invalid",
		});
	});
});

describe("what Supabase Auth answers", () => {
	it("refuses a deleted user", async () => {
		const user = ada();
		const { access_token } = await backend.signIn(user);
		backend.deleteUser(user);
		expect(await ask(handler, bearer(access_token))).toMatchObject({ status: 401, code: "credential_invalid" });
	});

	it("lets a session without its second factor in only by the option", async () => {
		const user = ada({ factors: [{ id: "f_1", factor_type: "totp", status: "verified" }] });
		const { access_token } = await backend.signIn(user);
		const complete = await backend.signIn(user, { claims: { aal: "aal2" } });
		const lenient = withSupabaseWidgetToken({ ...silent, widget: hilal, ...project(), allowPendingSecondFactor: true });
		expect(await ask(handler, bearer(access_token))).toMatchObject({ status: 403, code: "session_pending" });
		expect(await ask(handler, bearer(complete.access_token))).toMatchObject({ status: 200 });
		expect(await ask(lenient, bearer(access_token))).toMatchObject({ status: 200 });
	});

	it("says who is anonymous, whatever the token says", async () => {
		const { access_token } = await backend.signIn(backend.createUser({ is_anonymous: true }), { claims: { is_anonymous: false } });
		expect(await ask(handler, bearer(access_token))).toMatchObject({ status: 403, code: "user_anonymous" });
	});

	it("is asked for one user once per request", async () => {
		const { access_token } = await backend.signIn(ada());
		const before = backend.requests.length;
		await ask(handler, bearer(access_token));
		expect(backend.requests.slice(before)).toEqual(["/auth/v1/user"]);
	});

	it("passes on the time that a rate limit gives", async () => {
		const { access_token } = await backend.signIn(ada());
		backend.fail("rate-limited");
		const answer = await ask(handler, bearer(access_token));
		expect(answer).toMatchObject({ status: 503, code: "provider_unavailable" });
		expect(answer.headers.get("retry-after")).toBe("7");
	});

	it.each(["server-error", "html", "html-forbidden", "nonsense"] as const)(
		"is an outage, not a verdict, when it is %s",
		async (failure) => {
			const { access_token } = await backend.signIn(ada());
			backend.fail(failure);
			expect(await ask(handler, bearer(access_token))).toMatchObject({ status: 503, code: "provider_unavailable" });
			backend.restore();
			expect(await ask(handler, bearer(access_token))).toMatchObject({ status: 200 });
		},
	);

	it("is never believed about another user than the token's", async () => {
		const { access_token } = await backend.signIn(ada());
		const grace = await backend.signIn(ada({ email: "grace@example.com" }));
		// A cache in front of the project that forgets who has asked.
		const cached = (await (
			await fetch(`${backend.issuer}/user`, { headers: { apikey: backend.keys.anon, ...bearer(grace.access_token) } })
		).json()) as object;
		const original = globalThis.fetch;
		globalThis.fetch = async () => Response.json(cached);
		try {
			expect(await ask(handler, bearer(access_token))).toMatchObject({ status: 503, code: "provider_unavailable" });
		} finally {
			globalThis.fetch = original;
		}
	});
});

it("sends a phone number only once it is confirmed, as E.164", async () => {
	const claims = { payload: ({ phoneNumber }: Pick<Identity, "phoneNumber">) => ({ phone: phoneNumber ?? null }) };
	const own = withSupabaseWidgetToken({ ...silent, widgets: [createMint(jupid, { env: keys.env, claims })], ...project() });
	const unconfirmed = await backend.signIn(ada({ phone: "12025550123" }));
	const known = await backend.signIn(ada({ phone: "12025550123", phone_confirmed_at: confirmed }));
	expect((await ask(own, bearer(unconfirmed.access_token), "jupid")).claims).toMatchObject({ payload: { phone: null } });
	expect((await ask(own, bearer(known.access_token), "jupid")).claims).toMatchObject({ payload: { phone: "+12025550123" } });
});

it("puts no part of a session into an error or its causes", async () => {
	const anonymous = await visitor(backend).auth.signInAnonymously();
	const banned = ada();
	const tokens = [
		anonymous.data.session?.access_token ?? "",
		(await backend.signIn(banned)).access_token,
		(await backend.signIn(ada(), { claims: { client_id: "an-oauth-client" } })).access_token,
		(await backend.signIn(ada(), { expiresInSeconds: -1 })).access_token,
		await backend.tokens.forge.otherKey(backend.claims(ada())),
		backend.tokens.forge.algNone(backend.claims(ada())),
		backend.keys.serviceRole,
		"some text that is no token",
	];
	backend.ban(banned);
	const errors: unknown[] = [];
	const refuse = async (token: string): Promise<void> => {
		const request = new Request(address, { headers: bearer(token) });
		errors.push(
			await handler.tokenFor(request, { widget: "hilal" }).then(
				() => expect.unreachable("a token was given"),
				(error: unknown) => error,
			),
		);
	};
	for (const token of tokens) await refuse(token);
	const good = (await backend.signIn(ada())).access_token;
	for (const failure of ["down", "html", "html-forbidden", "rate-limited", "server-error"] as const) {
		backend.fail(failure);
		await refuse(good);
	}
	const report = errors.map((error) => inspect(error, { depth: 20, showHidden: true, maxStringLength: null })).join("\n");
	for (const part of [...tokens, good]
		.flatMap((token) => [token, ...token.split(".")])
		.filter((text) => text.length > 60 || text.startsWith("some"))) {
		expect(report.includes(part)).toBe(false);
	}
});

describe("a preflight", () => {
	const preflight = (origin: string): Request =>
		new Request(address, {
			method: "OPTIONS",
			headers: {
				origin,
				"access-control-request-method": "POST",
				"access-control-request-headers": "authorization, apikey, x-client-info",
			},
		});

	it("is answered while Supabase is down, for the headers of a Supabase client", async () => {
		const own = withSupabaseWidgetToken({ ...silent, widget: hilal, ...project(), allowedOrigins: ["https://app.example.com"] });
		backend.fail("down");
		const before = backend.requests.length;
		const answer = await own(preflight("https://app.example.com"));
		expect(answer.status).toBe(204);
		expect(answer.headers.get("access-control-allow-origin")).toBe("https://app.example.com");
		const allowed = answer.headers.get("access-control-allow-headers")?.toLowerCase().split(", ");
		expect(allowed).toEqual(expect.arrayContaining(["authorization", "apikey", "x-client-info", "content-type"]));
		expect(backend.requests).toHaveLength(before);
	});

	it("of another origin is told nothing", async () => {
		const own = withSupabaseWidgetToken({ ...silent, widget: hilal, ...project(), allowedOrigins: ["https://app.example.com"] });
		const answer = await own(preflight("https://evil.example"));
		expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
	});
});
