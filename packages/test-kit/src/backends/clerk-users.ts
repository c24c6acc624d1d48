/** A user as the Clerk emulator is seeded with it. */
export interface ClerkSeedUser {
	readonly id: string;
	/** The primary address, as its owner typed it. */
	readonly email?: string;
	readonly emailVerified?: boolean;
	readonly firstName: string;
	readonly username?: string;
	readonly banned?: boolean;
	readonly locked?: boolean;
	readonly externalId?: string;
	/** The user cannot write it, but every browser can read it. */
	readonly publicMetadata?: Readonly<Record<string, unknown>>;
	/** Only servers read and write it. */
	readonly privateMetadata?: Readonly<Record<string, unknown>>;
	/** The user can write it. */
	readonly unsafeMetadata?: Readonly<Record<string, unknown>>;
	/** Members of the user's JSON that the emulator cannot hold, such as `phone_numbers` and `locale`. */
	readonly json?: Readonly<Record<string, unknown>>;
}

/** An organization of the emulator, with the e-mail addresses and roles of its members. */
export interface ClerkSeedOrganization {
	readonly id: string;
	readonly slug: string;
	readonly name: string;
	readonly members: readonly { readonly email: string; readonly role: string }[];
}

/** The users that every Clerk backend starts with. */
export const clerkUsers = {
	ada: {
		id: "user_ada",
		email: "Ada@Example.com",
		firstName: "Ada",
		externalId: "crm-1815",
		publicMetadata: { role: "admin" },
		privateMetadata: { plan: "private-plan-of-ada" },
		json: {
			last_name: null,
			locale: "en-GB",
			primary_phone_number_id: "idn_phone_ada",
			phone_numbers: [phoneNumber("idn_phone_ada", "+15555550100", "verified")],
		},
	},
	grace: {
		id: "user_grace",
		email: "grace@example.com",
		emailVerified: false,
		firstName: "Grace",
		publicMetadata: { role: "user" },
		json: {
			last_name: "G.",
			primary_phone_number_id: "idn_phone_grace",
			phone_numbers: [phoneNumber("idn_phone_grace", "+15555550101", "unverified")],
		},
	},
	joan: { id: "user_joan", email: "joan@example.com", firstName: "Joan", publicMetadata: { role: "user" } },
	barbara: {
		id: "user_barbara",
		email: "barbara@example.com",
		firstName: "Barbara",
		unsafeMetadata: { role: "admin", email: "ada@example.com", email_verified: true, name: "Ada" },
	},
	alan: { id: "user_alan", email: "alan@example.com", firstName: "Alan", banned: true, publicMetadata: { role: "user" } },
	edith: { id: "user_edith", email: "edith@example.com", firstName: "Edith", locked: true, publicMetadata: { role: "user" } },
	mary: { id: "user_mary", firstName: "Mary", username: "mary", publicMetadata: { role: "user" } },
} as const satisfies Record<string, ClerkSeedUser>;

/** The organizations that every Clerk backend starts with. */
export const clerkOrganizations = {
	north: { id: "org_north", slug: "north", name: "North", members: [{ email: clerkUsers.ada.email, role: "admin" }] },
	south: { id: "org_south", slug: "south", name: "South", members: [{ email: clerkUsers.barbara.email, role: "member" }] },
} as const satisfies Record<string, ClerkSeedOrganization>;

function phoneNumber(id: string, number: string, status: "verified" | "unverified"): Readonly<Record<string, unknown>> {
	return {
		id,
		object: "phone_number",
		phone_number: number,
		reserved_for_second_factor: false,
		default_second_factor: false,
		reserved: false,
		verification: { status, strategy: "phone_code", attempts: null, expire_at: null },
		linked_to: [],
	};
}
