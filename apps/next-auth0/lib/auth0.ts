import { Auth0Client, filterDefaultIdTokenClaims } from "@auth0/nextjs-auth0/server";

/** The claim that an Auth0 Action writes the user's role into; Auth0 wants such a name to be a URL. */
export const roleClaim = "https://example.com/role";

export const auth0 = new Auth0Client({
	// A tenant on plain http exists on this machine only.
	allowInsecureRequests: process.env.AUTH0_ALLOW_INSECURE_REQUESTS === "true",
	// The session keeps Auth0's own claims; anything else has to be named here.
	async beforeSessionSaved(session) {
		return { ...session, user: { ...filterDefaultIdTokenClaims(session.user), [roleClaim]: session.user[roleClaim] } };
	},
});
