import { auth0Users, startAuth0Backend } from "@widget-token/test-kit/backends/auth0";
import { describeProvider } from "@widget-token/test-kit/provider-suite";
import { createNextProvider } from "./next-provider.ts";
import { startNextApp } from "./running-next-app.ts";
import { notApplicable } from "./scenarios.ts";

describeProvider({
	name: "Auth0 (apps/next-auth0, running)",
	notApplicable: { ...notApplicable, wrongTenant: "the app serves every organization; next.test.ts has one that does not" },
	async start({ keys }) {
		const backend = await startAuth0Backend();
		const app = await startNextApp(backend, keys.env);
		return createNextProvider({
			fetch,
			endpoint: `${app.url}/api/widget-token`,
			backend,
			secret: app.secret,
			signIn: async (user) => (await backend.signIn(app.url, user)).cookies(app.url),
			close: async () => {
				await app.close();
				await backend.close();
			},
		});
	},
});
