/** A user of the tenant: what Auth0 would put into the ID token, by claim name. */
export interface Auth0User {
	readonly sub: string;
	readonly email?: string;
	readonly email_verified?: boolean;
	readonly name?: string;
	readonly nickname?: string;
	readonly picture?: string;
	readonly org_id?: string;
	readonly org_name?: string;
	/** Somebody who acts as this user (RFC 8693 §4.1), as an Auth0 Action sets it. */
	readonly act?: { readonly sub: string };
	readonly "https://example.com/role"?: string;
	/** What the user wrote, where an Action copies it into the ID token. */
	readonly user_metadata?: Readonly<Record<string, unknown>>;
}

/** The users that every tenant starts with. */
export const auth0Users = {
	ada: user("ada", {
		email: "Ada@Example.com",
		email_verified: true,
		name: "Ada",
		picture: "https://example.com/ada.png",
		"https://example.com/role": "user",
	}),
	grace: user("grace", { email: "grace@example.com", email_verified: false, name: "Grace" }),
	alan: user("alan", { email: "alan@example.com", name: "Alan" }),
	mary: user("mary", { email: "mary@example.com", email_verified: true, name: "Mary", act: { sub: "auth0|support" } }),
	joan: user("joan", {
		email: "joan@example.com",
		email_verified: true,
		name: "Joan",
		org_id: "org_north",
		org_name: "north",
		"https://example.com/role": "admin",
	}),
	edith: user("edith", { email: "edith@example.com", email_verified: true, name: "Edith", org_id: "org_south", org_name: "south" }),
} as const satisfies Record<string, Auth0User>;

function user(name: string, claims: Omit<Auth0User, "sub">): Auth0User {
	return { sub: `auth0|${name}`, nickname: name, ...claims };
}
