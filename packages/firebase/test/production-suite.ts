import { errorCodes, type TokenHandler, type TokenHandlerOptions } from "@widget-token/core";
import {
	forgedFirebaseTokens,
	type GoogleStandIn,
	refusedFirebaseTokens,
	startGoogleStandIn,
} from "@widget-token/test-kit/backends/firebase";
import { bestChatBot, hilal } from "@widget-token/widgets";
import { jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, bearer, cookie, createWitness, env, type Witness, withHeaders } from "./asking.ts";

export interface HandlerOptions extends Pick<TokenHandlerOptions, "widgets" | "env" | "onEvent" | "timeoutSeconds"> {
	readonly sessionCookie?: string;
	readonly tenantId?: string;
}

/** One of the two ways to read Firebase's users: a handler in front of the stand-in for Google. */
export type CreateHandler = (google: GoogleStandIn, options: HandlerOptions) => TokenHandler;

/** What both ways must do with tokens that are signed as Google signs them. */
export function describeProduction(name: string, createHandler: CreateHandler): void {
	describe(name, () => {
		let google: GoogleStandIn;
		let witness: Witness;
		let handler: TokenHandler;
		const create = (options: HandlerOptions = {}): TokenHandler =>
			createHandler(google, { widgets: [bestChatBot, hilal], env, onEvent: witness.onEvent, sessionCookie: "__session", ...options });
		const ask = (request: Request, to = handler): Promise<Answer> => witness.ask(to, request);
		beforeAll(async () => {
			google = await startGoogleStandIn();
			witness = createWitness();
			handler = create();
		});
		afterAll(async () => {
			witness.release();
			await google.close();
		});

		it("gives a verified user a token with the claims of the ID token", async () => {
			const { status, token } = await ask(bearer(google.idToken({ email: "Ada@Example.com" })));
			expect(status).toBe(200);
			const { payload } = await jwtVerify(token ?? "", new TextEncoder().encode(env.BESTCHATBOT_SIGNING_KEY));
			expect(payload).toMatchObject({ email: "ada@example.com", name: "Ada", user_id: "ada-uid" });
		});

		it("gives the user of a session cookie a token", async () => {
			const answer = await ask(cookie(google.sessionCookie({ exp: Math.floor(Date.now() / 1000) + 1_209_600 })));
			expect(answer).toMatchObject({ status: 200, claims: { email: "ada@example.com", user_id: "ada-uid" } });
		});

		it.each<[string, Record<string, string>]>([
			["no credential", {}],
			["the password of a staging site", { authorization: "Basic YWRhOnNlY3JldA==" }],
			["other cookies", { cookie: "theme=dark; __session2=x; x__session=y" }],
			["an emptied session cookie", { cookie: "__session=" }],
		])("takes a request with %s for nobody's", async (_, headers) => {
			expect(await ask(withHeaders(headers))).toMatchObject({ status: 200, token: null });
		});

		it.each(["Bearer", "bearer ", "Bearer  "])("refuses the empty credential %j", async (authorization) => {
			expect(await ask(withHeaders({ authorization }))).toMatchObject({ status: 401, code: "credential_invalid", token: null });
		});

		describe.each([
			["ID token", bearer, "idToken"],
			["session cookie", cookie, "sessionCookie"],
		] as const)("with an %s", (_, requestWith, genuine) => {
			it.each(Object.entries(forgedFirebaseTokens))("forged with %s refuses it", async (_name, forge) => {
				expect(await ask(requestWith(forge(google, google[genuine])))).toMatchObject({
					status: 401,
					code: "credential_invalid",
					token: null,
				});
			});
			it.each(Object.entries(refusedFirebaseTokens))("of %s refuses it", async (_name, { claims, code }) => {
				expect(await ask(requestWith(google[genuine](claims())))).toMatchObject({ status: errorCodes[code].status, code, token: null });
			});
		});

		it("keeps ID tokens and session cookies apart", async () => {
			expect(await ask(bearer(google.sessionCookie()))).toMatchObject({ status: 401, code: "credential_invalid" });
			expect(await ask(cookie(google.idToken()))).toMatchObject({ status: 401, code: "credential_invalid" });
			expect(await ask(cookie(google.sessionCookie()), createHandler(google, { widgets: [bestChatBot], env }))).toMatchObject({
				status: 200,
				token: null,
			});
		});

		it("takes the bearer token before the cookie, and never falls back from a refused one", async () => {
			const graceCookie = `__session=${google.sessionCookie({ sub: "grace-uid" })}`;
			const good = withHeaders({ authorization: `Bearer ${google.idToken()}`, cookie: graceCookie });
			expect(await ask(good)).toMatchObject({ status: 200, claims: { user_id: "ada-uid" } });
			const bad = withHeaders({ authorization: `Bearer ${google.idToken({ exp: 1 })}`, cookie: graceCookie });
			expect(await ask(bad)).toMatchObject({ status: 401, code: "credential_expired", token: null });
		});

		it("says nothing of the claims of a token that it refuses", async () => {
			const claims = { aud: "an-audience-of-mallory", iss: "https://an-issuer-of-mallory.example.com", name: "a-name-of-mallory" };
			for (const [name, value] of Object.entries(claims)) {
				expect(await witness.ask(handler, bearer(google.idToken({ exp: 1, [name]: value })), [value])).toMatchObject({
					status: 401,
					token: null,
				});
			}
		});

		it("refuses two different session cookies of one name", async () => {
			const planted = withHeaders({
				cookie: `__session=${google.sessionCookie({ sub: "mallory-uid" })}; __session=${google.sessionCookie()}`,
			});
			expect(await ask(planted)).toMatchObject({ status: 401, code: "credential_invalid", token: null });
		});

		it.each([
			["false", false],
			["absent", undefined],
			["the text true", "true"],
		])("with email_verified %s refuses where the address is required, and leaves it out where it is not", async (_, verified) => {
			const token = google.idToken({ email_verified: verified });
			expect(await ask(bearer(token))).toMatchObject({ status: 403, code: "email_unverified", token: null });
			const optional = await ask(bearer(token, "hilal"));
			expect(optional).toMatchObject({ status: 200, claims: { sub: "ada-uid" } });
			expect(optional.claims).not.toHaveProperty("email");
		});

		it("serves a user who signed in by phone, and has no address", async () => {
			const phone = {
				email: undefined,
				email_verified: undefined,
				name: undefined,
				phone_number: "+15555550100",
				firebase: { identities: {}, sign_in_provider: "phone" },
			};
			expect(await ask(bearer(google.idToken(phone), "hilal"))).toMatchObject({ status: 200, claims: { sub: "ada-uid" } });
			expect(await ask(bearer(google.idToken(phone)))).toMatchObject({ status: 403, token: null });
		});

		it("tolerates the clock of a server that is half a minute behind", async () => {
			const now = Math.floor(Date.now() / 1000);
			expect(await ask(bearer(google.idToken({ iat: now + 30, auth_time: now + 30 })))).toMatchObject({ status: 200 });
		});

		it("serves the users of the configured tenant and no others", async () => {
			const blue = create({ tenantId: "blue-x1" });
			const of = (tenant?: string): Request =>
				bearer(google.idToken({ firebase: { identities: {}, sign_in_provider: "password", tenant } }));
			expect(await ask(of("blue-x1"), blue)).toMatchObject({ status: 200, claims: { user_id: "ada-uid" } });
			expect(await ask(of("green-x2"), blue)).toMatchObject({ status: 403, code: "tenant_mismatch", token: null });
			expect(await ask(of(), blue)).toMatchObject({ status: 403, code: "tenant_mismatch", token: null });
		});

		it("takes no claim from the query, the body or a header", async () => {
			const forged = {
				sub: "mallory",
				user_id: "mallory",
				uid: "mallory",
				email: "mallory@example.com",
				email_verified: true,
				name: "Mallory",
			};
			const query = new URLSearchParams(Object.entries(forged).map(([key, value]) => [key, String(value)]));
			const request = new Request(`https://app.example.com/api/widget-token?widget=bestchatbot&${query}`, {
				method: "POST",
				headers: { authorization: `Bearer ${google.idToken()}`, "content-type": "application/json", "x-user-id": "mallory" },
				body: JSON.stringify(forged),
			});
			const { claims } = await ask(request);
			expect(claims).toMatchObject({ user_id: "ada-uid", email: "ada@example.com", name: "Ada" });
			expect(
				await ask(
					bearer(
						google.idToken({ email_verified: false, name: "a@example.com", firebase: { identities: {}, sign_in_provider: "custom" } }),
					),
				),
			).toMatchObject({
				status: 403,
				code: "email_unverified",
			});
		});

		it("gives each of 50 users only tokens of their own, in 500 requests at once", async () => {
			const requests = Array.from({ length: 500 }, (_, index) => {
				const user = `user-${index % 50}`;
				return { user, request: bearer(google.idToken({ sub: user, email: `${user}@example.com`, name: user })) };
			});
			const fresh = createHandler(google, { widgets: [bestChatBot], env });
			const answers = await Promise.all(requests.map(async ({ user, request }) => ({ user, response: await fresh(request) })));
			for (const { user, response } of answers) {
				const { token } = (await response.json()) as { token: string };
				const { payload } = await jwtVerify(token, new TextEncoder().encode(env.BESTCHATBOT_SIGNING_KEY));
				expect(payload).toMatchObject({ user_id: user, email: `${user}@example.com`, name: user });
			}
		});

		it.each([
			["a cookie's name with a space", { sessionCookie: "my session" }],
			["an empty cookie's name", { sessionCookie: "" }],
			["an empty tenant", { tenantId: " " }],
		])("refuses %s at construction", (_, options) => {
			expect(() => create(options)).toThrow(expect.objectContaining({ code: "options_invalid" }));
		});
	});
}
