import {
	type FirebaseClaims,
	type FirebaseFailure,
	forgedFirebaseTokens,
	type GoogleStandIn,
	refusedFirebaseTokens,
} from "@widget-token/test-kit/backends/firebase";
import type { ProviderUnderTest, Scenario, ScenarioName } from "@widget-token/test-kit/provider-suite";

type GoogleScenarioName = Exclude<
	ScenarioName,
	"disabled" | "revoked" | "emulatorInProduction" | "impersonated" | "pendingSession" | "wrongAuthorizedParty"
>;

export interface GoogleScenarios extends Pick<ProviderUnderTest, "signInMany" | "signInAs" | "credentials"> {
	readonly scenarios: Readonly<Record<GoogleScenarioName, Scenario>>;
	withClaims(outcome: string, claims?: FirebaseClaims): Scenario;
}

/** What an ID token of Google can be, for either way to verify it; `coolDown` forgets the keys that were fetched. */
export function createGoogleScenarios(google: GoogleStandIn, coolDown: () => void): GoogleScenarios {
	const issued: string[] = [];
	const bearer = (token: string): Readonly<Record<string, string>> => {
		issued.push(token);
		return { authorization: `Bearer ${token}` };
	};
	const withClaims = (outcome: string, claims?: FirebaseClaims): Scenario => ({
		outcome,
		headers: async () => bearer(google.idToken(claims)),
	});
	const forged = (name: string): Scenario => ({
		outcome: "credential_invalid",
		headers: async () => bearer(forgedFirebaseTokens[name]?.(google, google.idToken) ?? ""),
	});
	const refused = (name: string): Scenario => {
		const { code = "", claims = () => ({}) } = refusedFirebaseTokens[name] ?? {};
		return { outcome: code, headers: async () => bearer(google.idToken(claims())) };
	};
	const during = (failure: FirebaseFailure, outcome: string): Scenario => ({
		...withClaims(outcome),
		prepare: () => {
			coolDown();
			google.fail(failure);
			return google.restore;
		},
	});
	const scenarios: GoogleScenarios["scenarios"] = {
		signedOut: { outcome: "signed_out", headers: async () => ({}) },
		verified: withClaims("token"),
		unverifiedEmail: withClaims("email_unverified", { email_verified: false }),
		forgedMetadata: {
			...withClaims("token", { name: "Ada", picture: "https://mallory.example.com/?role=admin" }),
			forgedText: ["mallory", "admin"],
		},
		anonymous: refused("an anonymous user"),
		oauthClientToken: forged("a Google access token"),
		serviceToken: forged("a custom token of a service account"),
		wrongTenant: refused("a user of a tenant"),
		wrongAudience: forged("another audience"),
		wrongIssuer: forged("another issuer"),
		expired: refused("an expired session"),
		forged: forged("another key under Google's kid"),
		algNone: forged("alg none"),
		garbled: forged("text that is no JWT"),
		emptyToken: { outcome: "credential_invalid", headers: async () => ({ authorization: "Bearer" }) },
		backendSlow: during("slow", "provider_timeout"),
		backendDown: during("down", "provider_unavailable"),
		backendTooManyRequests: during("rate-limited", "provider_unavailable"),
		backendHtml: during("html", "provider_unavailable"),
	};

	const signInMany: ProviderUnderTest["signInMany"] = async (count) =>
		Array.from({ length: count }, (_, index) => {
			const id = `user-${index}`;
			google.setUser(id, {});
			return { id, headers: bearer(google.idToken({ sub: id, email: `${id}@example.com` })) };
		});
	const signInAs: ProviderUnderTest["signInAs"] = async ({ id, email }) => {
		google.setUser(id, {});
		return { id, email, headers: bearer(google.idToken({ sub: id, user_id: id, email, email_verified: true })) };
	};
	return { scenarios, signInMany, signInAs, withClaims, credentials: () => issued };
}

/** What Firebase Authentication has no notion of. */
export const unknownToFirebase: Readonly<Record<"impersonated" | "pendingSession" | "wrongAuthorizedParty", string>> = {
	impersonated: "nobody can sign in as somebody else but by a custom token, which the app's own server makes",
	pendingSession: "an ID token is issued only after the second factor",
	wrongAuthorizedParty: "an ID token does not say for which origin it was issued",
};
