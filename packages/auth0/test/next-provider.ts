import type { Auth0Backend, Auth0User } from "@widget-token/test-kit/backends/auth0";
import { auth0Users } from "@widget-token/test-kit/backends/auth0";
import type { ProviderUnderTest, Scenario } from "@widget-token/test-kit/provider-suite";
import { vi } from "vitest";
import { sessionCookie, unsignedJwt } from "./fixtures.ts";
import { forgedMetadata } from "./scenarios.ts";

/** An endpoint with `@auth0/nextjs-auth0` in front of the local tenant. */
export interface NextEndpoint {
	fetch(request: Request): Promise<Response>;
	readonly endpoint: string;
	readonly backend: Auth0Backend;
	/** `AUTH0_SECRET`. */
	readonly secret: string;
	/** Signs in and gives the cookies of the app by name. */
	signIn(user: Auth0User): Promise<ReadonlyMap<string, string>>;
	close(): Promise<void>;
}

const north = { org_id: "org_north" } as const;

/** The scenarios of the shared suite for an endpoint of Next. */
export function createNextProvider({
	backend,
	secret,
	...endpoint
}: NextEndpoint): ProviderUnderTest & { readonly credentials: () => readonly string[] } {
	const credentials: string[] = [];

	const withSession = async (value: Promise<string> | string): Promise<{ cookie: string }> => {
		credentials.push(await value);
		return { cookie: `__session=${await value}` };
	};
	const signIn = async (user: Auth0User): Promise<{ cookie: string }> => {
		backend.addUser(user);
		const cookies = await endpoint.signIn(user);
		if (!cookies.has("__session")) throw new Error("the sign-in set no session cookie");
		credentials.push(...cookies.values());
		return { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
	};
	const signedIn = (user: Auth0User, outcome: string): Scenario => ({ headers: () => signIn({ ...north, ...user }), outcome });
	const refused = (value: () => Promise<string> | string): Scenario => ({ headers: () => withSession(value()), outcome: "signed_out" });
	const bearer = (token: () => Promise<string> | string): Scenario => ({
		headers: async () => {
			const value = await token();
			credentials.push(value);
			return { authorization: `Bearer ${value}` };
		},
		outcome: "signed_out",
	});
	const whileTenantFails = (failure: Parameters<Auth0Backend["fail"]>[0]): Scenario => ({
		...signedIn(auth0Users.ada, "token"),
		prepare: () => {
			backend.fail(failure);
			return () => backend.restore();
		},
	});
	const session = (user: unknown): Promise<string> => sessionCookie(user, { secret });

	return {
		fetch: endpoint.fetch,
		endpoint: endpoint.endpoint,
		scenarios: {
			signedOut: { headers: async () => ({}), outcome: "signed_out" },
			verified: signedIn(auth0Users.ada, "token"),
			unverifiedEmail: signedIn(auth0Users.grace, "email_unverified"),
			forgedMetadata: {
				headers: () => withSession(session({ ...auth0Users.ada, ...north, ...forgedMetadata.claims })),
				outcome: "token",
				forgedText: forgedMetadata.text,
			},
			impersonated: signedIn(auth0Users.mary, "user_impersonated"),
			wrongTenant: signedIn(auth0Users.edith, "tenant_mismatch"),
			oauthClientToken: bearer(() => unsignedJwt({ ...auth0Users.ada, ...north, iss: backend.issuer })),
			serviceToken: bearer(() => backend.clientToken()),
			expired: refused(async () => {
				vi.useFakeTimers({ now: Date.now() - 2 * 3_600_000, toFake: ["Date"] });
				try {
					return await session({ ...auth0Users.ada, ...north });
				} finally {
					vi.useRealTimers();
				}
			}),
			forged: refused(() => sessionCookie({ ...auth0Users.ada, ...north }, { secret: "the secret of another application" })),
			algNone: refused(() => unsignedJwt({ ...auth0Users.ada, ...north }, { alg: "none" })),
			garbled: refused(async () => (await session({ ...auth0Users.ada, ...north })).slice(0, -6)),
			emptyToken: refused(() => ""),
			backendSlow: whileTenantFails("slow"),
			backendDown: whileTenantFails("down"),
			backendTooManyRequests: whileTenantFails("rate-limited"),
			backendHtml: whileTenantFails("html"),
		},
		signInMany: (count) =>
			Promise.all(
				Array.from({ length: count }, async (_, index) => {
					const user = { sub: `auth0|user-${index}`, email: `user-${index}@example.com`, email_verified: true, ...north };
					return { id: user.sub, headers: await signIn(user) };
				}),
			),
		signInAs: async ({ id, email }) => ({ id, email, headers: await signIn({ sub: id, email, email_verified: true, ...north }) }),
		credentials: () => credentials,
		close: endpoint.close,
	};
}
