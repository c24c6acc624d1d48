import { type ClerkBackend, startClerkBackend } from "@widget-token/test-kit/backends/clerk";
import { clerkUsers } from "@widget-token/test-kit/backends/clerk-users";
import { createBrowsing } from "@widget-token/test-kit/browsing";
import { startNextApp } from "../apps.ts";
import { type Provider, type RequestHeaders, type RunningBackend, type SignIn, signedOut } from "./provider.ts";

const app = "apps/next-clerk";

export const clerk: Provider = {
	id: "clerk",
	name: "Clerk",
	backend: "the Clerk emulator",
	app,
	route: `${app}/app/api/widget-token/route.ts`,
	async startBackend(): Promise<RunningBackend> {
		const backend = await startClerkBackend();
		return {
			close: backend.close,
			async startApp(groups, vendorEnv) {
				const { address, program } = await startNextApp(groups, app, "localhost", (origin) => ({
					...vendorEnv,
					CLERK_API_URL: backend.apiUrl,
					CLERK_SECRET_KEY: backend.secretKey,
					// With the key of a development instance, the SDK sends a browser without a session to a page of Clerk's.
					NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: backend.publishableKey.replace("pk_test_", "pk_live_"),
					CLERK_JWT_KEY: backend.jwtKey,
					CLERK_AUTHORIZED_PARTIES: origin,
					NEXT_PUBLIC_CLERK_SIGN_IN_URL: backend.signInPage,
					CLERK_TELEMETRY_DISABLED: "1",
					NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED: "1",
				}));
				const signInAs = (user: string): Promise<SignIn> => signIn(backend, user, address);
				return {
					address,
					endpoint: `${address}/api/widget-token`,
					hint: "has a link to a local sign-in page",
					signInAddress: decodeURIComponent(backend.signInUrl("ada", address)),
					programs: [program],
					signIn: () => signInAs("ada"),
					refusals: {
						"signed out": signedOut,
						"anonymous user": "no anonymous users",
						"unverified email": { status: 403, code: "email_unverified", headers: async () => (await signInAs("grace")).headers },
						impersonation: { status: 403, code: "user_impersonated", headers: () => impersonate(backend, address) },
						"backend down": {
							status: 503,
							code: "provider_unavailable",
							headers: async () => (await signInAs("ada")).headers,
							breakBackend: async () => {
								backend.fail("down");
								return async () => backend.restore();
							},
						},
					},
				};
			},
		};
	},
};

// Clerk's own sign-in page is hosted by Clerk. The test kit's creates a real session at the backend, and sets the SDK's
// cookies, which every port of localhost gets to see.
async function signIn(backend: ClerkBackend, name: string, address: string): Promise<SignIn> {
	const browsing = createBrowsing();
	const page = backend.signInUrl(name, address);
	const response = await browsing.fetch(page);
	const session = browsing.cookies(page).get("__session");
	if (response.headers.get("location") !== `${address}/` || session === undefined)
		throw new Error(`Clerk's local sign-in page answered ${response.status} and no session`);
	const { id, email, firstName, publicMetadata } = clerkUsers[name === "ada" ? "ada" : "grace"];
	return {
		user: { id, email, name: firstName, role: publicMetadata.role },
		headers: { cookie: browsing.cookieHeader(page) },
		credentials: [session, backend.secretKey],
	};
}

// "Sign in as user" of Clerk's dashboard: the session's token names who acts, as RFC 8693 §4.1 has it.
async function impersonate(backend: ClerkBackend, address: string): Promise<RequestHeaders> {
	const { cookie } = await backend.createSession(clerkUsers.ada, { authorizedParty: address, claims: { act: { sub: "user_support" } } });
	return { cookie };
}
