import type { ProviderFixtures } from "@widget-token/test-kit/provider-suite";

/** What the suite knows and a session of Auth0 does not. */
export const notApplicable: ProviderFixtures["notApplicable"] = {
	anonymous: "Auth0 has no anonymous users",
	disabled: "a session is a snapshot of the sign-in; a block is seen at the next one (maximumSessionAgeSeconds bounds how late)",
	revoked: "a session without a store ends with its cookie",
	pendingSession: "the SDKs make a session when the sign-in is complete",
	wrongAudience: "a session cookie has no audience, and no other credential is looked at",
	wrongIssuer: "a session cookie has no issuer; the option `issuer` answers tenant_mismatch, see sessions.test.ts",
	wrongAuthorizedParty: "a session cookie has no authorized party, and no other credential is looked at",
	emulatorInProduction: "the SDKs have no emulator switch",
};

/** What a user can write, and what must not be found in a token of theirs. */
export const forgedMetadata = {
	claims: {
		user_metadata: { sub: "auth0|root", email: "root@example.com", email_verified: true, name: "Root", role: "admin", org_id: "org_root" },
	},
	text: ["root", "admin"],
} as const;
