import { createFirebaseTokenHandler } from "@widget-token/firebase/edge";
import { startGoogleStandIn } from "@widget-token/test-kit/backends/firebase";
import { describeProvider } from "@widget-token/test-kit/provider-suite";
import { bestChatBot, hilal } from "@widget-token/widgets";
import { createGoogleScenarios, unknownToFirebase } from "./google-scenarios.ts";

describeProvider({
	name: "firebase (edge)",
	notApplicable: {
		...unknownToFirebase,
		disabled: "only firebase-admin can ask for the user; the ID token ends within the hour",
		revoked: "only firebase-admin can ask for the session; the ID token ends within the hour",
		emulatorInProduction: "no variable makes the edge entry accept the unsigned tokens of the emulator",
	},
	async start({ keys, onEvent }) {
		const google = await startGoogleStandIn();
		const create = () =>
			createFirebaseTokenHandler({
				projectId: google.projectId,
				fetch: google.fetch,
				widgets: [bestChatBot, hilal],
				env: keys.env,
				onEvent,
				timeoutSeconds: 1,
			});
		let handler = create();
		const { scenarios, signInMany, signInAs, credentials } = createGoogleScenarios(google, () => {
			handler = create();
		});
		return {
			endpoint: "https://app.example.com/api/widget-token",
			fetch: (request) => handler(request),
			scenarios,
			signInMany,
			signInAs,
			credentials,
			close: google.close,
		};
	},
});
