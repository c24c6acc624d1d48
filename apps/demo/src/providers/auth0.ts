import { randomBytes } from "node:crypto";
import { type Auth0Backend, type Auth0User, auth0Users, startAuth0Backend } from "@widget-token/test-kit/backends/auth0";
import { startNextApp } from "../apps.ts";
import { type Provider, type RunningBackend, type SignIn, signedOut } from "./provider.ts";

const app = "apps/next-auth0";

export const auth0: Provider = {
	id: "auth0",
	name: "Auth0",
	backend: "an OpenID provider set up as an Auth0 tenant",
	app,
	route: `${app}/app/api/widget-token/route.ts`,
	async startBackend(): Promise<RunningBackend> {
		const tenant = await startAuth0Backend();
		return {
			close: tenant.close,
			async startApp(groups, vendorEnv) {
				// The browser gives a cookie to every port of a host, and Clerk's session has the same name on localhost.
				const { address, program } = await startNextApp(groups, app, "127.0.0.1", (origin) => ({
					...vendorEnv,
					APP_BASE_URL: origin,
					AUTH0_DOMAIN: tenant.domain,
					AUTH0_CLIENT_ID: tenant.clientId,
					AUTH0_CLIENT_SECRET: tenant.clientSecret,
					AUTH0_SECRET: randomBytes(32).toString("hex"),
					AUTH0_ALLOW_INSECURE_REQUESTS: "true",
				}));
				const signInAs = (user: Auth0User): Promise<SignIn> => signIn(tenant, address, user);
				return {
					address,
					endpoint: `${address}/api/widget-token`,
					hint: "has a link to the local tenant on its page",
					signInAddress: `${address}/auth/login?${new URLSearchParams({ login_hint: auth0Users.ada.sub })}`,
					programs: [program],
					signIn: () => signInAs(auth0Users.ada),
					refusals: {
						"signed out": signedOut,
						"anonymous user": "no anonymous users",
						"unverified email": { status: 403, code: "email_unverified", headers: async () => (await signInAs(auth0Users.grace)).headers },
						impersonation: { status: 403, code: "user_impersonated", headers: async () => (await signInAs(auth0Users.mary)).headers },
						"backend down": {
							status: 200,
							code: "token",
							headers: async () => (await signInAs(auth0Users.ada)).headers,
							breakBackend: async () => {
								tenant.fail("down");
								return async () => tenant.restore();
							},
							remark: "a token: the session is in the app's cookie, so the tenant is not called",
						},
					},
				};
			},
		};
	},
};

/** The redirects of a browser: the app's login route, the tenant's page, the app's callback. */
async function signIn(tenant: Auth0Backend, address: string, user: Auth0User): Promise<SignIn> {
	const browsing = await tenant.signIn(address, user);
	const cookies = browsing.cookies(address);
	if (!cookies.has("__session")) throw new Error("Auth0's sign-in set no session cookie");
	return {
		user: { id: user.sub, email: user.email ?? "", name: user.name ?? "", role: user["https://example.com/role"] ?? "" },
		headers: { cookie: browsing.cookieHeader(address) },
		credentials: [...cookies.values(), tenant.clientSecret],
	};
}
