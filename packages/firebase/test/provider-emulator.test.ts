import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { firebaseWidgetToken } from "@widget-token/firebase";
import { type FirebaseFailure, type FirebaseSession, startFirebaseEmulator } from "@widget-token/test-kit/backends/firebase";
import { describeProvider, type Scenario } from "@widget-token/test-kit/provider-suite";
import { bestChatBot, hilal } from "@widget-token/widgets";
import express from "express";
import { deleteApp, initializeApp } from "firebase-admin/app";
import { getAuth } from "firebase-admin/auth";
import { vi } from "vitest";
import { unknownToFirebase } from "./google-scenarios.ts";

const password = "correct horse";

describeProvider({
	name: "firebase (Express, Auth emulator)",
	notApplicable: unknownToFirebase,
	async start({ keys, onEvent }) {
		const emulator = await startFirebaseEmulator();
		vi.stubEnv("FIREBASE_AUTH_EMULATOR_HOST", emulator.host);
		const firebase = initializeApp({ projectId: emulator.projectId });
		const app = express().all(
			"/api/widget-token",
			firebaseWidgetToken({ widgets: [bestChatBot, hilal], env: keys.env, onEvent, timeoutSeconds: 1 }),
		);
		const server = createServer(app).listen(0, "127.0.0.1");
		await once(server, "listening");

		const issued: string[] = [];
		const bearer = (token: string): Readonly<Record<string, string>> => {
			issued.push(token);
			return { authorization: `Bearer ${token}` };
		};
		const of = (outcome: string, session: FirebaseSession | (() => Promise<FirebaseSession>)): Scenario => ({
			outcome,
			headers: async () => bearer((typeof session === "function" ? await session() : session).idToken),
		});
		const text = (outcome: string, token: string | (() => Promise<string>)): Scenario => ({
			outcome,
			headers: async () => bearer(typeof token === "string" ? token : await token()),
		});
		const changed = (session: FirebaseSession, changes: Record<string, unknown>): string => {
			const [header = "", payload = ""] = session.idToken.split(".");
			const claims = { ...(JSON.parse(Buffer.from(payload, "base64url").toString()) as object), ...changes };
			return `${header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`;
		};
		const during = (failure: FirebaseFailure, outcome: string): Scenario => ({
			...of(outcome, ada),
			prepare: async () => {
				await emulator.fail(failure);
				return emulator.restore;
			},
		});

		const signUp = (name: string) => emulator.signUp({ email: `${name.toLowerCase()}@example.com`, password, displayName: name });
		const ada = await emulator.verifyEmail(await signUp("Ada"));
		const unverified = await signUp("Grace");
		const writer = await emulator.verifyEmail(await signUp("Hedy"));
		const seconds = Math.floor(Date.now() / 1000);
		return {
			endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/widget-token`,
			fetch: (request) => fetch(request),
			scenarios: {
				signedOut: { outcome: "signed_out", headers: async () => ({}) },
				verified: of("token", ada),
				unverifiedEmail: of("email_unverified", unverified),
				forgedMetadata: {
					...of("token", async () => emulator.updateProfile(writer, { photoUrl: "https://mallory.example.com/?role=admin" })),
					forgedText: ["mallory", "admin"],
				},
				anonymous: of("user_anonymous", emulator.signInAnonymously),
				disabled: of("user_disabled", async () => {
					const session = await signUp("Joan");
					await emulator.update(session.uid, { disableUser: true });
					return session;
				}),
				revoked: of("credential_expired", async () => {
					const session = await signUp("Katherine");
					await emulator.update(session.uid, { validSince: seconds + 60 });
					return session;
				}),
				oauthClientToken: text("credential_invalid", "ya29.a0AfB_byC-widget-token-test"),
				serviceToken: text("credential_invalid", () => getAuth(firebase).createCustomToken(ada.uid)),
				wrongTenant: of("tenant_mismatch", async () => {
					const tenantId = await emulator.createTenant("blue");
					return emulator.signUp({ email: "ada@example.com", password, tenantId });
				}),
				wrongAudience: text("credential_invalid", changed(ada, { aud: "another-project" })),
				wrongIssuer: text("credential_invalid", changed(ada, { iss: "https://securetoken.google.com/another-project" })),
				expired: text("credential_expired", changed(ada, { exp: seconds - 10 })),
				forged: text("credential_invalid", changed(ada, { sub: "nobody" })),
				// The emulator signs nothing: here "none" is the genuine algorithm, and any other is the forgery.
				algNone: text(
					"credential_invalid",
					ada.idToken.replace(/^[^.]*/, Buffer.from('{"alg":"HS256","typ":"JWT"}').toString("base64url")),
				),
				garbled: text("credential_invalid", "ada-uid"),
				emptyToken: { outcome: "credential_invalid", headers: async () => ({ authorization: "Bearer" }) },
				emulatorInProduction: {
					...of("emulator_in_production", ada),
					prepare: () => {
						vi.stubEnv("NODE_ENV", "production");
						return () => void vi.stubEnv("NODE_ENV", "test");
					},
				},
				backendSlow: during("slow", "provider_timeout"),
				backendDown: during("down", "provider_unavailable"),
				backendTooManyRequests: during("rate-limited", "provider_unavailable"),
				backendHtml: during("html", "provider_unavailable"),
			},
			async signInMany(count) {
				const sessions = await Promise.all(Array.from({ length: count }, (_, index) => signUp(`User-${index}`)));
				return sessions.map(({ uid, idToken }) => ({ id: uid, headers: bearer(idToken) }));
			},
			async signInAs({ id: uid, email: address }) {
				try {
					await getAuth(firebase).createUser({ uid, email: address, emailVerified: true, password });
				} catch {
					// The SDK and the emulator take any uid, but not any address.
					return undefined;
				}
				const { idToken } = await emulator.signIn({ email: address, password });
				const { sub: id, email } = JSON.parse(Buffer.from(idToken.split(".")[1] ?? "", "base64url").toString()) as Record<string, string>;
				return { id: id ?? "", email: email ?? "", headers: bearer(idToken) };
			},
			credentials: () => issued,
			async close() {
				vi.unstubAllEnvs();
				await deleteApp(firebase);
				server.close();
				server.closeAllConnections();
				await emulator.close();
			},
		};
	},
});
