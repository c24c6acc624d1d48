import type { RecipeProvider } from "../recipes/recipe.ts";

interface ProviderText {
	readonly name: string;
	/** How the verified user is read, and what must not pass for one. */
	readonly lines: readonly string[];
	readonly entries: readonly PackageEntry[];
}

/** A function of our package for a provider that is the whole endpoint. */
export interface PackageEntry {
	/** The import path. */
	readonly from: string;
	readonly name: string;
	/** Where it belongs. */
	readonly home: string;
}

/** What an assistant has to know of an auth provider. */
export const providerTexts: Readonly<Record<RecipeProvider, ProviderText>> = {
	clerk: {
		name: "Clerk",
		entries: [
			{ from: "@widget-token/clerk", name: "withClerkWidgetToken", home: "a route handler of Next.js" },
			{ from: "@widget-token/clerk/backend", name: "createClerkTokenHandler", home: "any other host" },
		],
		lines: [
			"In Next.js take `auth()` and `currentUser()` of @clerk/nextjs/server, with clerkMiddleware covering the route; elsewhere `authenticateRequest` with `authorizedParties`, then `users.getUser(userId)`. Never the low-level `verifyToken`: it accepts tokens of JWT templates and pending sessions.",
			"The address is `user.primaryEmailAddress`, verified when its `verification.status` is `verified`.",
			"Refuse `banned` and `locked` users, and sessions with an `actor` (impersonation).",
			"Roles come from `publicMetadata`, `privateMetadata` or the organization's role; never from `unsafeMetadata`, which the user writes.",
			"Do not call `auth.protect()` in the route: it answers a script with a redirect or 404.",
		],
	},
	firebase: {
		name: "Firebase Authentication",
		entries: [
			{ from: "@widget-token/firebase", name: "firebaseWidgetToken", home: "Express" },
			{ from: "@widget-token/firebase", name: "createFirebaseTokenHandler", home: "any other host with firebase-admin" },
			{ from: "@widget-token/firebase/edge", name: "createFirebaseTokenHandler", home: "edge runtimes" },
		],
		lines: [
			"The page sends `await getAuth().currentUser.getIdToken()` as `Authorization: Bearer`; the server takes `getAuth(app).verifyIdToken(token)` of firebase-admin/auth (`admin.auth()` is gone in version 14).",
			"The address counts only when `email_verified` is true: password accounts start with false.",
			'Refuse `firebase.sign_in_provider === "anonymous"` and users of another tenant.',
			"A failed fetch of Google's certificates has the same error code as a bad token: answer 503 to it, not 401.",
			"Roles come from custom claims. FIREBASE_AUTH_EMULATOR_HOST must not be set in production: unsigned tokens would pass.",
		],
	},
	supabase: {
		name: "Supabase Auth",
		entries: [
			{
				from: "@widget-token/supabase",
				name: "withSupabaseWidgetToken",
				home: "an Edge Function, or any host with the access token as bearer token",
			},
			{ from: "@widget-token/supabase/ssr", name: "withSupabaseWidgetToken", home: "sessions in cookies (@supabase/ssr)" },
		],
		lines: [
			"Take `auth.getUser(jwt)`, which asks the server; never `getSession()`, which verifies nothing. A client of its own for each request, and never an empty token: it would mean the client's own session.",
			"The address is `user.email`, verified when `email_confirmed_at` is set. Nothing in `user_metadata` proves anything: the user writes it; show its `full_name` at most.",
			"Refuse `is_anonymous` users and tokens with a `client_id`. The project's API key as bearer token is nobody.",
			"Roles come from `app_metadata`. `user.role` is a role of Postgres, not of the app.",
			"A network error, 429 or 5xx is an outage: answer 503.",
		],
	},
	auth0: {
		name: "Auth0",
		entries: [
			{ from: "@widget-token/auth0", name: "withAuth0WidgetToken", home: "a route handler of Next.js" },
			{ from: "@widget-token/auth0/pages", name: "withAuth0WidgetTokenApiRoute", home: "pages/api of Next.js" },
			{ from: "@widget-token/auth0/express", name: "auth0WidgetToken", home: "Express with express-openid-connect" },
		],
		lines: [
			"In Next.js take `auth0.getSession()`; with express-openid-connect `req.oidc.isAuthenticated()` and `req.oidc.user`. An API's access token is no identity.",
			"The address counts only when `email_verified` is true. Auth0 fills the `name` of a user without one with the address: leave it out then, unless it is verified.",
			"Refuse a session with `act` (impersonation).",
			"Roles come from `app_metadata` through a namespaced claim of an Action; never from `user_metadata`, which the user writes.",
			"Leave the route out of the middleware's matcher, or a widget's background requests keep an idle session alive.",
		],
	},
};
