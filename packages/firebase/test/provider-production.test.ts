import { randomUUID } from "node:crypto";
import { createFirebaseTokenHandler } from "@widget-token/firebase";
import { startGoogleStandIn } from "@widget-token/test-kit/backends/firebase";
import { describeProvider } from "@widget-token/test-kit/provider-suite";
import { bestChatBot, hilal } from "@widget-token/widgets";
import { deleteApp, getApps, initializeApp } from "firebase-admin/app";
import { vi } from "vitest";
import { createGoogleScenarios, unknownToFirebase } from "./google-scenarios.ts";

const serverAccessToken = "ya29.server-access-token-of-the-firebase-tests";

describeProvider({
	name: "firebase (firebase-admin, RS256)",
	notApplicable: unknownToFirebase,
	async start({ keys, onEvent }) {
		const google = await startGoogleStandIn();
		const credential = { getAccessToken: async () => ({ access_token: serverAccessToken, expires_in: 3600 }) };
		const create = () => {
			const app = initializeApp({ projectId: google.projectId, httpAgent: google.agent, credential }, randomUUID());
			return createFirebaseTokenHandler({
				app,
				checkRevoked: true,
				widgets: [bestChatBot, hilal],
				env: keys.env,
				onEvent,
				timeoutSeconds: 1,
			});
		};
		let handler = create();
		const { scenarios, signInMany, signInAs, withClaims, credentials } = createGoogleScenarios(google, () => {
			handler = create();
		});
		google.setUser("ada-uid", {});
		google.setUser("disabled-uid", { disabled: true });
		google.setUser("revoked-uid", { validSince: Math.floor(Date.now() / 1000) });
		return {
			endpoint: "https://app.example.com/api/widget-token",
			fetch: (request) => handler(request),
			scenarios: {
				...scenarios,
				disabled: withClaims("user_disabled", { sub: "disabled-uid" }),
				revoked: withClaims("credential_expired", { sub: "revoked-uid" }),
				emulatorInProduction: {
					...scenarios.algNone,
					outcome: "emulator_in_production",
					prepare: () => {
						vi.stubEnv("NODE_ENV", "production");
						vi.stubEnv("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099");
						return () => void vi.unstubAllEnvs();
					},
				},
			},
			signInMany,
			signInAs,
			credentials: () => [...credentials(), serverAccessToken],
			async close() {
				await Promise.all(getApps().map(deleteApp));
				await google.close();
			},
		};
	},
});
