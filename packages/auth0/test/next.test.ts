import { startAuth0Backend } from "@widget-token/test-kit/backends/auth0";
import { describeProvider } from "@widget-token/test-kit/provider-suite";
import { bestChatBot, hilal } from "@widget-token/widgets";
import { withAuth0WidgetToken } from "../src/index.ts";
import { createClient, sessionCookie, sessionSecret } from "./fixtures.ts";
import { createNextProvider } from "./next-provider.ts";
import { notApplicable } from "./scenarios.ts";

describeProvider({
	name: "Auth0 (@auth0/nextjs-auth0)",
	notApplicable,
	async start({ keys, onEvent }) {
		const backend = await startAuth0Backend();
		const auth0 = createClient({
			domain: backend.domain,
			clientId: backend.clientId,
			clientSecret: backend.clientSecret,
			allowInsecureRequests: true,
		});
		return createNextProvider({
			fetch: withAuth0WidgetToken({
				auth0,
				router: "pages",
				widgets: [bestChatBot, hilal],
				env: keys.env,
				onEvent,
				timeoutSeconds: 1,
				organizationId: "org_north",
			}),
			endpoint: "https://app.example.com/api/widget-token",
			backend,
			secret: sessionSecret,
			signIn: async (user) => new Map([["__session", await sessionCookie(user)]]),
			close: () => backend.close(),
		});
	},
});
