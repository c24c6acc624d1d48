import type { FirebaseSession } from "@widget-token/test-kit/backends/firebase";
import { startNodeApp } from "../apps.ts";
import { type EmulatorInThread, startEmulatorInThread } from "./firebase-emulator.ts";
import { type Provider, type RequestHeaders, type RunningBackend, type SignIn, signedOut } from "./provider.ts";

const app = "apps/express-firebase";
const password = "correct horse battery staple";
const users = {
	ada: { email: "Ada@Example.com", password, displayName: "Ada" },
	joan: { email: "joan@example.com", password, displayName: "Joan" },
} as const;

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
				const { address, program } = await startNodeApp(groups, app, ["src/server.ts"], {
					...vendorEnv,
					GOOGLE_CLOUD_PROJECT: emulator.projectId,
					FIREBASE_AUTH_EMULATOR_HOST: emulator.host,
					FIREBASE_API_KEY: "any-key-of-the-emulator",
					DEMO_USERS: JSON.stringify([users.ada, users.joan].map(({ displayName, ...user }) => ({ name: displayName, ...user }))),
				});
				const ada = await signUp(emulator, users.ada, "admin");
				await signUp(emulator, users.joan, "user");
				return {
					address,
					endpoint: `${address}/api/widget-token`,
					hint: "signs in with Firebase's SDK",
					signInAddress: `${address}/#sign-in=Ada`,
					programs: [program],
					signIn: () => signIn(emulator, ada),
					refusals: {
						"signed out": signedOut,
						"anonymous user": { status: 403, code: "user_anonymous", headers: async () => bearer(await emulator.signInAnonymously()) },
						"unverified email": {
							status: 403,
							code: "email_unverified",
							headers: async () => bearer(await emulator.signUp({ email: "grace@example.com", password, displayName: "Grace" })),
						},
						impersonation: "only the app's own server can sign in as another user",
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

async function signUp(emulator: EmulatorInThread, user: (typeof users)[keyof typeof users], role: string): Promise<FirebaseSession> {
	const session = await emulator.signUp(user);
	await emulator.verifyEmail(session);
	await emulator.update(session.uid, { customClaims: { role } });
	return session;
}

// The call of the browser SDK's signInWithEmailAndPassword.
async function signIn(emulator: EmulatorInThread, { uid }: FirebaseSession): Promise<SignIn> {
	const session = await emulator.signIn(users.ada);
	return {
		user: { id: uid, email: users.ada.email, name: "Ada", role: "admin" },
		headers: bearer(session),
		credentials: [session.idToken, session.refreshToken],
	};
}

function bearer({ idToken }: FirebaseSession): RequestHeaders {
	return { authorization: `Bearer ${idToken}` };
}
