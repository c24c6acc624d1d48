import type { FirebaseSession } from "@widget-token/test-kit/backends/firebase";
import { startNodeApp } from "../apps.ts";
import { type EmulatorInThread, startEmulatorInThread } from "./firebase-emulator.ts";
import { type Provider, type RequestHeaders, type RunningBackend, type SignIn, signedOut } from "./provider.ts";

const app = "apps/express-firebase";
const password = "correct horse battery staple";

export const firebase: Provider = {
	id: "firebase",
	name: "Firebase",
	backend: "the Firebase Auth emulator",
	app,
	route: `${app}/src/server.ts`,
	async startBackend(): Promise<RunningBackend> {
		const emulator = await startEmulatorInThread();
		return {
			close: emulator.close,
			async startApp(groups, vendorEnv) {
				const { address, program } = await startNodeApp(groups, app, "src/server.ts", {
					...vendorEnv,
					GOOGLE_CLOUD_PROJECT: emulator.projectId,
					FIREBASE_AUTH_EMULATOR_HOST: emulator.host,
				});
				const ada = await signUpAda(emulator);
				return {
					address,
					endpoint: `${address}/api/widget-token`,
					hint: "says on its page how to ask with an ID token",
					programs: [program],
					signIn: () => signIn(emulator, ada),
					refusals: {
						"signed out": signedOut,
						"anonymous user": { status: 403, code: "user_anonymous", headers: async () => bearer(await emulator.signInAnonymously()) },
						"unverified e-mail": {
							status: 403,
							code: "email_unverified",
							headers: async () => bearer(await emulator.signUp({ email: "grace@example.com", password, displayName: "Grace" })),
						},
						impersonation: "only the app's own server can sign somebody in as another user",
						"backend down": {
							status: 503,
							code: "provider_unavailable",
							headers: async () => (await signIn(emulator, ada)).headers,
							breakBackend: async () => {
								await emulator.fail("down");
								return emulator.restore;
							},
						},
					},
				};
			},
		};
	},
};

async function signUpAda(emulator: EmulatorInThread): Promise<FirebaseSession> {
	const session = await emulator.signUp({ email: "Ada@Example.com", password, displayName: "Ada" });
	await emulator.verifyEmail(session);
	await emulator.update(session.uid, { customClaims: { role: "admin" } });
	return session;
}

// The call of the browser SDK's signInWithEmailAndPassword.
async function signIn(emulator: EmulatorInThread, { uid }: FirebaseSession): Promise<SignIn> {
	const session = await emulator.signIn({ email: "Ada@Example.com", password });
	return {
		user: { id: uid, email: "Ada@Example.com", name: "Ada", role: "admin" },
		headers: bearer(session),
		credentials: [session.idToken, session.refreshToken],
	};
}

function bearer({ idToken }: FirebaseSession): RequestHeaders {
	return { authorization: `Bearer ${idToken}` };
}
