import type { TokenHandler } from "@widget-token/core";
import { withSupabaseWidgetToken } from "@widget-token/supabase";
import { type StandInUser, type SupabaseStandIn, startSupabaseStandIn } from "@widget-token/test-kit/backends/supabase-standin";
import { bestChatBot, hilal } from "@widget-token/widgets";
import { decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ask, bearer, confirmed, keys } from "./asking.ts";

const silent = { env: keys.env, onEvent: () => undefined };

describe.each(["ES256", "HS256"] as const)("the mode getClaims, with %s", (algorithm) => {
	let backend: SupabaseStandIn;
	let handler: TokenHandler;
	let user: StandInUser;
	const create = (options: object = {}): TokenHandler =>
		withSupabaseWidgetToken({
			...silent,
			widgets: [hilal, bestChatBot],
			mode: "getClaims",
			supabaseUrl: backend.url,
			supabaseKey: backend.keys.publishable,
			...options,
		});

	beforeAll(async () => {
		backend = await startSupabaseStandIn({ algorithm });
		handler = create();
	});
	beforeEach(() => {
		user = backend.createUser({ email: "ada@example.com", email_confirmed_at: confirmed });
	});
	afterAll(() => backend.close());

	it("leaves the e-mail address out, for nothing says that it is verified", async () => {
		const { access_token } = await backend.signIn(user, { claims: { email_verified: true, user_metadata: { email_verified: true } } });
		expect(await ask(handler, bearer(access_token), "bestchatbot")).toMatchObject({ status: 403, code: "email_unverified" });
		const answer = await ask(handler, bearer(access_token), "hilal");
		expect(answer).toMatchObject({ status: 200, claims: { sub: user.id } });
		expect(answer.claims).not.toHaveProperty("email");
	});

	it("sends it by the option", async () => {
		const { access_token } = await backend.signIn(user);
		expect((await ask(create({ allowUnverifiedEmail: true }), bearer(access_token), "bestchatbot")).claims).toMatchObject({
			email: "ada@example.com",
		});
	});

	// Each of these passes the SDK's own getClaims.
	it.each([
		["another project's issuer", { iss: "https://other.supabase.co/auth/v1" }, "credential_invalid"],
		["no issuer", { iss: undefined }, "credential_invalid"],
		["another audience", { aud: "storage" }, "credential_invalid"],
		["an OAuth client's id", { client_id: "an-oauth-client" }, "client_refused"],
		["an anonymous user", { is_anonymous: true }, "user_anonymous"],
		["the role anon", { role: "anon" }, "credential_invalid"],
		["the role service_role", { role: "service_role" }, "client_refused"],
		["no session", { session_id: undefined }, "credential_invalid"],
		["an empty session", { session_id: "" }, "credential_invalid"],
	])("refuses a signed token with %s", async (_name, claims, code) => {
		const token = (await backend.signIn(user, { claims: claims as Record<string, unknown> })).access_token;
		expect(await ask(handler, bearer(token))).toMatchObject({ code });
	});

	it("does not take any answer of Supabase Auth for a yes", async () => {
		const { kid: _, ...header } = { ...decodeProtectedHeader((await backend.signIn(user)).access_token), alg: algorithm };
		const unknownKey = `${Buffer.from(JSON.stringify(header)).toString("base64url")}.${Buffer.from(JSON.stringify(backend.claims(user))).toString("base64url")}.c2ln`;
		backend.fail("nonsense");
		expect(await ask(handler, bearer(unknownKey))).toMatchObject({ status: 503, code: "provider_unavailable" });
		backend.restore();
		expect(await ask(handler, bearer(unknownKey))).toMatchObject({ status: 401, code: "credential_invalid" });
	});

	if (algorithm === "HS256") {
		it("sees a ban, for a shared secret has to be asked about", async () => {
			const { access_token } = await backend.signIn(user);
			backend.ban(user);
			expect(await ask(handler, bearer(access_token))).toMatchObject({ status: 403, code: "user_disabled" });
		});

		it("asks once for each request", async () => {
			const { access_token } = await backend.signIn(user);
			const before = backend.requests.length;
			await ask(handler, bearer(access_token));
			expect(backend.requests.slice(before)).toEqual(["/auth/v1/user"]);
		});
		return;
	}

	it("asks for the public keys once, and for nothing else", async () => {
		const tokens = await Promise.all([backend.signIn(user), backend.signIn(user), backend.signIn(user)]);
		await ask(handler, bearer(tokens[0].access_token));
		const before = backend.requests.length;
		for (const { access_token } of tokens) expect((await ask(handler, bearer(access_token))).claims).toMatchObject({ sub: user.id });
		expect(backend.requests.slice(before)).toEqual([]);
	});

	it("sees a ban and a sign-out only when the token expires", async () => {
		const { access_token } = await backend.signIn(user);
		backend.ban(user);
		backend.endSessions(user);
		expect(await ask(handler, bearer(access_token))).toMatchObject({ status: 200 });
		const expired = await backend.signIn(user, { expiresInSeconds: -1 });
		expect(await ask(handler, bearer(expired.access_token))).toMatchObject({ status: 401, code: "credential_expired" });
	});

	it("keeps the keys of two projects apart, also where their hosts begin alike", async () => {
		const other = await startSupabaseStandIn({ algorithm });
		try {
			const stranger = await other.signIn(other.createUser(), { claims: { iss: backend.issuer } });
			const ofOther = create({ supabaseUrl: other.url, supabaseKey: other.keys.publishable, issuer: backend.issuer });
			expect(await ask(ofOther, bearer(stranger.access_token))).toMatchObject({ status: 200 });
			expect(await ask(handler, bearer(stranger.access_token))).toMatchObject({ status: 401, code: "credential_invalid" });
		} finally {
			await other.close();
		}
	});

	it("is an outage when the keys cannot be had", async () => {
		const cold = await startSupabaseStandIn({ algorithm });
		try {
			const own = create({ supabaseUrl: cold.url, supabaseKey: cold.keys.publishable });
			const { access_token } = await cold.signIn(cold.createUser());
			for (const failure of ["down", "html", "html-forbidden", "server-error", "rate-limited", "nonsense"] as const) {
				cold.fail(failure);
				expect(await ask(own, bearer(access_token)), failure).toMatchObject({ status: 503, code: "provider_unavailable" });
			}
			cold.restore();
			expect(await ask(own, bearer(access_token))).toMatchObject({ status: 200 });
		} finally {
			await cold.close();
		}
	});
});
