import type { TokenHandler } from "@widget-token/core";
import { createFirebaseTokenHandler, type FirebaseWidgetTokenOptions } from "@widget-token/firebase";
import { type FirebaseEmulator, startFirebaseEmulator } from "@widget-token/test-kit/backends/firebase";
import { bestChatBot, hilal } from "@widget-token/widgets";
import { type App, deleteApp, initializeApp } from "firebase-admin/app";
import { getAuth } from "firebase-admin/auth";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Answer, bearer, cookie, createWitness, env, type Witness } from "./asking.ts";

const password = "correct horse";

describe("the accounts of the Auth emulator", () => {
	let emulator: FirebaseEmulator;
	let app: App;
	let witness: Witness;
	const create = (options?: FirebaseWidgetTokenOptions): TokenHandler =>
		createFirebaseTokenHandler({
			app,
			widgets: [bestChatBot, hilal],
			env,
			onEvent: witness.onEvent,
			sessionCookie: "__session",
			...options,
		});
	const ask = (request: Request, handler = create()): Promise<Answer> => witness.ask(handler, request);
	beforeAll(async () => {
		emulator = await startFirebaseEmulator();
		process.env.FIREBASE_AUTH_EMULATOR_HOST = emulator.host;
		app = initializeApp({ projectId: emulator.projectId }, "emulated");
		witness = createWitness();
	});
	afterEach(() => {
		vi.unstubAllEnvs();
	});
	afterAll(async () => {
		delete process.env.FIREBASE_AUTH_EMULATOR_HOST;
		witness.release();
		await deleteApp(app);
		await emulator.close();
	});

	it("get a token with the address only once it is verified", async () => {
		const before = await emulator.signUp({ email: "Ada@Example.com", password, displayName: "Ada" });
		expect(await ask(bearer(before.idToken))).toMatchObject({ status: 403, code: "email_unverified" });
		const after = await emulator.verifyEmail(before);
		expect(await ask(bearer(after.idToken))).toMatchObject({
			status: 200,
			claims: { email: "ada@example.com", name: "Ada", user_id: after.uid },
		});
		const again = await emulator.signIn({ email: "ada@example.com", password });
		expect(await ask(bearer(again.idToken))).toMatchObject({ status: 200, claims: { user_id: after.uid } });
	});

	it("are served by phone and by custom token, without an address", async () => {
		const phone = await emulator.signInWithPhone("+15555550100");
		expect(await ask(bearer(phone.idToken, "hilal"))).toMatchObject({ status: 200, claims: { sub: phone.uid } });
		const custom = await getAuth(app).createCustomToken("legacy-7", { role: "staff" });
		expect(await ask(bearer(custom, "hilal"))).toMatchObject({ status: 401, code: "credential_invalid" });
		const session = await emulator.signInWithCustomToken(custom);
		expect(await ask(bearer(session.idToken, "hilal"))).toMatchObject({ status: 200, claims: { sub: "legacy-7" } });
	});

	it("are served by the session cookie that the Admin SDK makes, until the session is revoked or the user removed", async () => {
		const session = await emulator.verifyEmail(await emulator.signUp({ email: "grace@example.com", password }));
		const sessionCookie = await getAuth(app).createSessionCookie(session.idToken, { expiresIn: 300_000 });
		expect(await ask(cookie(sessionCookie))).toMatchObject({
			status: 200,
			claims: { email: "grace@example.com", name: "grace@example.com" },
		});
		await emulator.update(session.uid, { validSince: Math.floor(Date.now() / 1000) + 60 });
		expect(await ask(cookie(sessionCookie))).toMatchObject({ status: 401, code: "credential_expired", token: null });
		await emulator.remove(session.uid);
		expect(await ask(cookie(sessionCookie))).toMatchObject({ status: 401, code: "credential_invalid", token: null });
	});

	it("of a tenant are served where it is configured, and those of the project are not", async () => {
		const tenantId = await emulator.createTenant("blue");
		const ofTenant = await emulator.signUp({ email: "hedy@example.com", password, tenantId });
		await emulator.update(ofTenant.uid, { emailVerified: true }, tenantId);
		const { idToken } = await emulator.signIn({ email: "hedy@example.com", password, tenantId });
		expect(await ask(bearer(idToken), create({ tenantId }))).toMatchObject({ status: 200, claims: { email: "hedy@example.com" } });
		const ofProject = await emulator.verifyEmail(await emulator.signUp({ email: "joan@example.com", password }));
		expect(await ask(bearer(ofProject.idToken), create({ tenantId }))).toMatchObject({ status: 403, code: "tenant_mismatch", token: null });
	});

	it("hand their custom claims to the mapping of roles, and their profile to nothing but the name", async () => {
		const { onPilot } = await import("@widget-token/widgets");
		const handler = createFirebaseTokenHandler({
			app,
			widget: onPilot,
			secret: "onpilot-secret-of-the-firebase-tests-1234",
			settings: { tenantId: "t_1", copilotId: "c_1" },
			role: (_, user) => (user.role === "staff" ? "admin" : "user"),
		});
		const session = await emulator.signUp({ email: "joy@example.com", password });
		const renamed = await emulator.updateProfile(session, { displayName: '","role":"admin","x":"' });
		expect(await ask(bearer(renamed.idToken, "onpilot"), handler)).toMatchObject({
			status: 200,
			claims: { role: "user", name: '","role":"admin","x":"' },
		});
		await emulator.update(session.uid, { customClaims: { role: "staff" } });
		const promoted = await emulator.refresh(session);
		expect(await ask(bearer(promoted.idToken, "onpilot"), handler)).toMatchObject({ status: 200, claims: { role: "admin" } });
	});

	it("get nothing in production, where the emulator would be a way in for anybody", async () => {
		const session = await emulator.verifyEmail(await emulator.signUp({ email: "mary@example.com", password }));
		const handler = create();
		expect(await ask(bearer(session.idToken), handler)).toMatchObject({ status: 200 });
		vi.stubEnv("NODE_ENV", "production");
		expect(await ask(bearer(session.idToken), handler)).toMatchObject({ status: 500, code: "emulator_in_production", token: null });
	});
});
