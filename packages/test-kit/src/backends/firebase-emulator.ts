import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { createFailureSwitch, type FirebaseFailure } from "./firebase-failure.ts";

/** A user who has just signed in, as the browser SDK holds it. */
export interface FirebaseSession {
	readonly uid: string;
	readonly idToken: string;
	readonly refreshToken: string;
}

/** What only an administrator can change of a user. */
export interface FirebaseUserUpdate {
	readonly emailVerified?: boolean;
	readonly disableUser?: boolean;
	readonly customClaims?: Readonly<Record<string, unknown>>;
	/** Seconds since the epoch: sessions that began earlier are revoked. */
	readonly validSince?: number;
}

/** The Auth emulator of firebase-tools, in this process. */
export interface FirebaseEmulator {
	readonly projectId: string;
	/** For `FIREBASE_AUTH_EMULATOR_HOST`. */
	readonly host: string;
	signUp(user: { email: string; password: string; displayName?: string; tenantId?: string }): Promise<FirebaseSession>;
	signIn(user: { email: string; password: string; tenantId?: string }): Promise<FirebaseSession>;
	signInAnonymously(): Promise<FirebaseSession>;
	signInWithPhone(phoneNumber: string): Promise<FirebaseSession>;
	signInWithCustomToken(token: string): Promise<FirebaseSession>;
	/** A new ID token of the same session, with the claims of now. */
	refresh(session: FirebaseSession): Promise<FirebaseSession>;
	/** What the user can write: the fields of the profile. */
	updateProfile(session: FirebaseSession, profile: { displayName?: string; photoUrl?: string }): Promise<FirebaseSession>;
	/** Follows the link of the verification mail. */
	verifyEmail(session: FirebaseSession): Promise<FirebaseSession>;
	/** Changes a user as the Admin SDK does. */
	update(uid: string, update: FirebaseUserUpdate, tenantId?: string): Promise<void>;
	remove(uid: string): Promise<void>;
	createTenant(displayName: string): Promise<string>;
	/** `expiresInSeconds`: 300 to 1,209,600. */
	createSessionCookie(session: FirebaseSession, expiresInSeconds: number): Promise<string>;
	fail(failure: FirebaseFailure): Promise<void>;
	restore(): Promise<void>;
	close(): Promise<void>;
}

type CreateApp = (projectId: string) => Promise<RequestListener>;
type Json = Record<string, unknown>;

/** Starts the emulator on an ephemeral port. It takes some 4 seconds the first time, for firebase-tools is large. */
export async function startFirebaseEmulator(projectId = "demo-widget-token"): Promise<FirebaseEmulator> {
	const { createApp } = createRequire(import.meta.url)("firebase-tools/lib/emulator/auth/server") as { createApp: CreateApp };
	const app = await createApp(projectId);
	const failure = createFailureSwitch();
	const server = createServer(
		(request, response) => void failure.intercept(response).then((answered) => answered || app(request, response)),
	);
	const listen = async (port: number): Promise<void> => {
		server.listen(port, "127.0.0.1");
		await once(server, "listening");
	};
	const stop = async (): Promise<void> => {
		server.close();
		server.closeAllConnections();
		await once(server, "close");
	};
	await listen(0);
	const { port } = server.address() as AddressInfo;
	const host = `127.0.0.1:${port}`;

	async function call(path: string, body: Json | undefined, admin = false, method = "POST"): Promise<Json> {
		const response = await fetch(`http://${host}/${path}`, {
			method,
			headers: { ...(body && { "content-type": "application/json" }), ...(admin && { authorization: "Bearer owner" }) },
			...(body && { body: JSON.stringify(body) }),
		});
		const answer = (await response.json()) as Json;
		if (!response.ok) throw new Error(`The Auth emulator answers ${response.status} to ${path}: ${JSON.stringify(answer)}`);
		return answer;
	}
	const asBrowser = async (method: string, body: Json): Promise<Json> =>
		call(`identitytoolkit.googleapis.com/v1/accounts:${method}?key=any`, body);
	const asAdmin = async (method: string, body: Json, tenantId?: string): Promise<Json> =>
		call(
			`identitytoolkit.googleapis.com/v1/projects/${projectId}${tenantId === undefined ? "" : `/tenants/${tenantId}`}${method}`,
			body,
			true,
		);
	const testData = async (collection: string): Promise<Json[]> =>
		(await call(`emulator/v1/projects/${projectId}/${collection}`, undefined, true, "GET"))[collection] as Json[];
	const signedIn = async (method: string, body: Json): Promise<FirebaseSession> =>
		toSession(await asBrowser(method, { ...body, returnSecureToken: true }));
	const refresh = async ({ refreshToken }: FirebaseSession): Promise<FirebaseSession> => {
		const answer = await call("securetoken.googleapis.com/v1/token?key=any", { grant_type: "refresh_token", refresh_token: refreshToken });
		return { uid: String(answer.user_id), idToken: String(answer.id_token), refreshToken: String(answer.refresh_token) };
	};

	return {
		projectId,
		host,
		refresh,
		signUp: (user) => signedIn("signUp", user),
		signIn: (user) => signedIn("signInWithPassword", user),
		signInAnonymously: () => signedIn("signUp", {}),
		async signInWithPhone(phoneNumber) {
			const { sessionInfo } = await asBrowser("sendVerificationCode", { phoneNumber, recaptchaToken: "any" });
			const sent = (await testData("verificationCodes")).find((code) => code.sessionInfo === sessionInfo);
			return signedIn("signInWithPhoneNumber", { sessionInfo, code: sent?.code });
		},
		signInWithCustomToken: (token) => signedIn("signInWithCustomToken", { token }),
		async updateProfile(session, profile) {
			await asBrowser("update", { ...profile, idToken: session.idToken });
			return refresh(session);
		},
		async verifyEmail(session) {
			const { email } = await asBrowser("sendOobCode", { requestType: "VERIFY_EMAIL", idToken: session.idToken });
			const sent = (await testData("oobCodes")).findLast((code) => code.email === email && code.requestType === "VERIFY_EMAIL");
			await asBrowser("update", { oobCode: sent?.oobCode });
			return refresh(session);
		},
		async update(uid, { customClaims, validSince, ...update }, tenantId) {
			await asAdmin(
				"/accounts:update",
				{
					localId: uid,
					...update,
					...(customClaims && { customAttributes: JSON.stringify(customClaims) }),
					...(validSince !== undefined && { validSince: String(validSince) }),
				},
				tenantId,
			);
		},
		async remove(uid) {
			await asAdmin("/accounts:delete", { localId: uid });
		},
		async createTenant(displayName) {
			const path = `identitytoolkit.googleapis.com/v2/projects/${projectId}/tenants`;
			const { tenantId } = await call(path, { displayName, allowPasswordSignup: true }, true);
			return String(tenantId);
		},
		async createSessionCookie({ idToken }, expiresInSeconds) {
			const { sessionCookie } = await asAdmin(":createSessionCookie", { idToken, validDuration: String(expiresInSeconds) });
			return String(sessionCookie);
		},
		async fail(next) {
			failure.set(next);
			if (next === "down") await stop();
		},
		async restore() {
			failure.set(undefined);
			if (!server.listening) await listen(port);
		},
		async close() {
			failure.set(undefined);
			if (server.listening) await stop();
		},
	};
}

function toSession({ localId, idToken, refreshToken }: Json): FirebaseSession {
	let uid = localId;
	// signInWithCustomToken is the one answer without the user's id.
	if (uid === undefined) uid = (JSON.parse(Buffer.from(String(idToken).split(".")[1] ?? "", "base64url").toString()) as Json).sub;
	return { uid: String(uid), idToken: String(idToken), refreshToken: String(refreshToken) };
}
