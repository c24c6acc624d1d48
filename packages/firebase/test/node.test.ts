import { randomUUID } from "node:crypto";
import type { TokenEvent, TokenHandler } from "@widget-token/core";
import { createFirebaseTokenHandler, type FirebaseWidgetTokenOptions } from "@widget-token/firebase";
import {
	createRsaKey,
	type FirebaseFailure,
	forgedFirebaseTokens,
	type GoogleStandIn,
	startGoogleStandIn,
} from "@widget-token/test-kit/backends/firebase";
import { bestChatBot } from "@widget-token/widgets";
import { type App, type AppOptions, cert, deleteApp, getApps, initializeApp } from "firebase-admin/app";
import { getAuth } from "firebase-admin/auth";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Answer, bearer, cookie, createWitness, env, type Witness } from "./asking.ts";
import { describeOutages } from "./outage-suite.ts";
import { type CreateHandler, describeProduction } from "./production-suite.ts";

function createApp({ projectId, agent }: GoogleStandIn, options?: AppOptions): App {
	return initializeApp({ projectId, httpAgent: agent, ...options }, randomUUID());
}

afterEach(() => {
	vi.unstubAllEnvs();
});
afterAll(async () => {
	await Promise.all(getApps().map(deleteApp));
});

const createHandler: CreateHandler = (google, options) => createFirebaseTokenHandler({ app: createApp(google), ...options });
describeProduction("with firebase-admin", createHandler);
describeOutages("with firebase-admin", createHandler);

describe("firebase-admin's own side", () => {
	let google: GoogleStandIn;
	let witness: Witness;
	const credential = { getAccessToken: async () => ({ access_token: "server-access-token", expires_in: 3600 }) };
	const create = (options?: Partial<FirebaseWidgetTokenOptions>): TokenHandler =>
		createFirebaseTokenHandler({
			app: createApp(google, { credential }),
			widgets: [bestChatBot],
			env,
			onEvent: witness.onEvent,
			sessionCookie: "__session",
			...options,
		});
	const ask = (handler: TokenHandler, request: Request): Promise<Answer> => witness.ask(handler, request);
	beforeAll(async () => {
		google = await startGoogleStandIn();
		witness = createWitness();
		const now = Math.floor(Date.now() / 1000);
		google.setUser("ada-uid", {});
		google.setUser("disabled-uid", { disabled: true });
		google.setUser("revoked-uid", { validSince: now });
		google.setUser("returned-uid", { validSince: now - 120 });
	});
	afterAll(async () => {
		witness.release();
		await google.close();
	});

	describe.each([
		["an ID token", (sub: string) => bearer(google.idToken({ sub }))],
		["a session cookie", (sub: string) => cookie(google.sessionCookie({ sub }))],
	])("with %s and checkRevoked", (_, request) => {
		it.each([
			["disabled-uid", 403, "user_disabled"],
			["revoked-uid", 401, "credential_expired"],
			["deleted-uid", 401, "credential_invalid"],
		])("refuses %s", async (uid, status, code) => {
			expect(await ask(create({ checkRevoked: true }), request(uid))).toMatchObject({ status, code, token: null });
		});
		it.each(["ada-uid", "returned-uid"])("serves %s", async (uid) => {
			expect(await ask(create({ checkRevoked: true }), request(uid))).toMatchObject({ status: 200, claims: { user_id: uid } });
		});
	});

	it.each(["disabled-uid", "revoked-uid", "deleted-uid"])(
		"without checkRevoked asks nobody, and %s gets a token until the ID token ends",
		async (uid) => {
			const before = google.requests.length;
			expect(await ask(create(), bearer(google.idToken({ sub: uid })))).toMatchObject({ status: 200, claims: { user_id: uid } });
			expect(google.requests.slice(before).filter((address) => address.includes("accounts:lookup"))).toEqual([]);
		},
	);

	it.each<[FirebaseFailure, string, string]>([
		["slow", "provider_timeout", "5"],
		["down", "provider_unavailable", "5"],
		["rate-limited", "provider_unavailable", "17"],
		["html", "provider_unavailable", "5"],
	])("answers 503 when the look-up of checkRevoked is %s", async (failure, code, retryAfter) => {
		const handler = create({ checkRevoked: true, timeoutSeconds: 0.25 });
		await vi.waitFor(async () => expect(await ask(handler, bearer(google.idToken()))).toMatchObject({ status: 200 }), 10_000);
		google.fail(failure);
		try {
			const answer = await ask(handler, bearer(google.idToken()));
			expect(answer).toMatchObject({ status: 503, code, token: null });
			expect(answer.headers.get("retry-after")).toBe(retryAfter);
		} finally {
			google.restore();
		}
	});

	it.each([
		[undefined, "blue-x1"],
		["green-x2", undefined],
		["green-x2", "blue-x1"],
	])("with checkRevoked and tenantId %s refuses a user of %s, whom the look-up does not find", async (tenantId, tenant) => {
		const token = google.idToken({ sub: "blue-uid", firebase: { identities: {}, sign_in_provider: "password", tenant } });
		expect(await ask(create({ checkRevoked: true, tenantId }), bearer(token))).toMatchObject({
			status: 403,
			code: "tenant_mismatch",
			token: null,
		});
	});

	it("looks a user of the configured tenant up in that tenant", async () => {
		const token = google.idToken({ firebase: { identities: {}, sign_in_provider: "password", tenant: "blue-x1" } });
		expect(await ask(create({ checkRevoked: true, tenantId: "blue-x1" }), bearer(token))).toMatchObject({
			status: 200,
			claims: { user_id: "ada-uid" },
		});
		expect(google.requests.at(-1)).toContain("/tenants/blue-x1/accounts:lookup");
	});

	it("refuses a custom token that the SDK itself has made", async () => {
		const privateKey = createRsaKey().export({ type: "pkcs8", format: "pem" }).toString();
		const app = createApp(google, { credential: cert({ projectId: google.projectId, clientEmail: "sdk@example.com", privateKey }) });
		const token = await getAuth(app).createCustomToken("ada-uid", { email: "ada@example.com", email_verified: true });
		expect(await ask(create({ app }), bearer(token))).toMatchObject({ status: 401, code: "credential_invalid", token: null });
	});

	describe("when FIREBASE_AUTH_EMULATOR_HOST is set", () => {
		const unsigned = (): string => forgedFirebaseTokens["alg none"]?.(google, google.idToken) ?? "";

		it.each<[string, () => Request]>([
			["an unsigned token", () => bearer(unsigned())],
			["a good token", () => bearer(google.idToken())],
			["a good session cookie", () => cookie(google.sessionCookie())],
			["no credential", () => new Request("https://app.example.com/api/widget-token?widget=bestchatbot")],
		])("in production refuses %s, and asks nobody", async (_, request) => {
			const handler = create();
			vi.stubEnv("NODE_ENV", "production");
			vi.stubEnv("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099");
			const before = google.requests.length;
			expect(await ask(handler, request())).toMatchObject({ status: 500, code: "emulator_in_production", token: null });
			expect(google.requests.length).toBe(before);
		});

		it("and unset again, an app that it has reached never accepts an unsigned token", async () => {
			vi.stubEnv("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9");
			const app = createApp(google, { credential });
			getAuth(app);
			vi.stubEnv("FIREBASE_AUTH_EMULATOR_HOST", undefined);
			expect(await ask(create({ app }), bearer(unsigned()))).toMatchObject({ status: 401, code: "credential_invalid", token: null });
		});
	});

	describe("when the app is not set up", () => {
		it("names the missing app", async () => {
			expect(await ask(create({ app: undefined }), bearer(google.idToken()))).toMatchObject({
				status: 500,
				code: "provider_misconfigured",
				token: null,
			});
		});
		it("names the missing project", async () => {
			for (const name of ["GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "FIREBASE_CONFIG"]) vi.stubEnv(name, undefined);
			const app = initializeApp({ credential, httpAgent: google.agent }, randomUUID());
			expect(await ask(create({ app }), bearer(google.idToken()))).toMatchObject({
				status: 500,
				code: "provider_misconfigured",
				token: null,
			});
		});
		it("names the missing project on a host that is not Google's, as initializeApp() finds it", async () => {
			const unset = ["GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "FIREBASE_CONFIG", "GOOGLE_APPLICATION_CREDENTIALS", "CLOUDSDK_CONFIG"];
			for (const name of unset) vi.stubEnv(name, undefined);
			vi.stubEnv("METADATA_SERVER_DETECTION", "none");
			const events: TokenEvent[] = [];
			const handler = create({ app: initializeApp({}, randomUUID()), onEvent: (event) => void events.push(event) });
			for (const request of [bearer(google.idToken()), cookie(google.sessionCookie())]) {
				expect(await ask(handler, request)).toMatchObject({ status: 500, code: "provider_misconfigured", token: null });
			}
			for (const { detail } of events) expect(detail).toContain("set GOOGLE_CLOUD_PROJECT");
		});
		it("answers 503 when the access token for checkRevoked cannot be fetched", async () => {
			const failing = { getAccessToken: () => Promise.reject(new Error("connect ETIMEDOUT")) };
			const handler = create({ app: createApp(google, { credential: failing }), checkRevoked: true });
			expect(await ask(handler, bearer(google.idToken()))).toMatchObject({ status: 503, code: "provider_unavailable", token: null });
		});
	});

	it("maps roles and free-form claims from custom claims, which only the server can write", async () => {
		const { onPilot } = await import("@widget-token/widgets");
		const handler = createFirebaseTokenHandler({
			app: createApp(google),
			widget: onPilot,
			secret: "onpilot-secret-of-the-firebase-tests-1234",
			settings: { tenantId: "t_1", copilotId: "c_1" },
			role: (_, user) => (user.role === "staff" ? "admin" : "user"),
		});
		expect(await ask(handler, bearer(google.idToken({ role: "staff" }), "onpilot"))).toMatchObject({
			status: 200,
			claims: { sub: "ada-uid", role: "admin" },
		});
		expect(await ask(handler, bearer(google.idToken(), "onpilot"))).toMatchObject({ status: 200, claims: { role: "user" } });
	});
});
