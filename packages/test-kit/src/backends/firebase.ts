import { type FirebaseEmulator, startFirebaseEmulator } from "./firebase-emulator.ts";
import { type GoogleStandIn, startGoogleStandIn } from "./firebase-google.ts";

export { type FirebaseEmulator, type FirebaseSession, type FirebaseUserUpdate, startFirebaseEmulator } from "./firebase-emulator.ts";
export type { FirebaseFailure } from "./firebase-failure.ts";
export { type ForgeFirebaseToken, forgedFirebaseTokens, refusedFirebaseTokens } from "./firebase-forgeries.ts";
export { createRsaKey, type FirebaseClaims, type GoogleStandIn, type LookedUpUser, startGoogleStandIn } from "./firebase-google.ts";

/** Firebase Authentication on this machine, as it is in development and as it is in production. */
export interface FirebaseBackend {
	/** Real accounts and sign-ins, unsigned tokens: for `FIREBASE_AUTH_EMULATOR_HOST`. */
	readonly emulator: FirebaseEmulator;
	/** Tokens that are signed as Google signs them, with the keys and the look-up of users. */
	readonly google: GoogleStandIn;
	close(): Promise<void>;
}

/** Starts both; a test that needs one half starts that alone, for the emulator takes some 4 seconds. */
export async function startFirebaseBackend(options: { readonly projectId?: string } = {}): Promise<FirebaseBackend> {
	const [emulator, google] = await Promise.all([startFirebaseEmulator(options.projectId), startGoogleStandIn(options.projectId)]);
	return {
		emulator,
		google,
		async close() {
			await Promise.all([emulator.close(), google.close()]);
		},
	};
}
