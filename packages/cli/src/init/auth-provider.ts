import type { Project } from "./project.ts";
import type { Seen } from "./seen.ts";

export type ProviderId = "clerk" | "firebase" | "supabase" | "auth0" | "custom";

export interface AuthProvider {
	readonly id: ProviderId;
	readonly name: string;
	/** Packages that an app with this provider has. */
	readonly packages: readonly string[];
	/** Where the integrator finds what the user cannot write, for a mapping of roles. */
	readonly trustedFields: string;
	/** What `user` gives there, as the code of an example. */
	readonly roleExample: string;
}

/** Every provider, in the order in which they are offered. */
export const authProviders: readonly AuthProvider[] = [
	{
		id: "clerk",
		name: "Clerk",
		packages: [
			"@clerk/nextjs",
			"@clerk/express",
			"@clerk/hono",
			"@hono/clerk-auth",
			"@clerk/backend",
			"@clerk/react",
			"@clerk/clerk-react",
			"@clerk/clerk-js",
		],
		trustedFields: "publicMetadata or privateMetadata",
		roleExample: "user.publicMetadata.role",
	},
	{
		id: "firebase",
		name: "Firebase Authentication",
		packages: ["firebase-admin", "firebase"],
		trustedFields: "custom claims",
		roleExample: "user.role",
	},
	{
		id: "supabase",
		name: "Supabase Auth",
		packages: ["@supabase/ssr", "@supabase/supabase-js"],
		trustedFields: "app_metadata",
		roleExample: "user.app_metadata.role",
	},
	{
		id: "auth0",
		name: "Auth0",
		packages: ["@auth0/nextjs-auth0", "express-openid-connect"],
		trustedFields: "a claim that an Action of yours adds",
		roleExample: 'user["https://example.com/role"]',
	},
	{
		id: "custom",
		name: "Sessions of your own, or another provider",
		packages: ["next-auth", "@auth/core", "better-auth", "@workos-inc/authkit-nextjs", "iron-session", "passport", "express-session"],
		trustedFields: "what only your server writes",
		roleExample: "identity.roles?.[0]",
	},
];

/** The providers that the project's dependencies show. */
export function detectProviders({ dependencies }: Project): readonly Seen<ProviderId>[] {
	return authProviders.flatMap(({ id, packages }) => {
		const found = packages.find((name) => dependencies[name] !== undefined);
		return found === undefined ? [] : [{ id, because: `${found} in package.json` }];
	});
}

export function authProvider(id: ProviderId): AuthProvider {
	return authProviders.find((provider) => provider.id === id) as AuthProvider;
}
