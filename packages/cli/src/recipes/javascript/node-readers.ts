// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are of code that is written, not run
import { bearerLines, type UserReader } from "./user-reader.ts";

/** Firebase with firebase-admin: the ID token as bearer token. */
export const firebaseAdminReader: UserReader = {
	packages: ["firebase-admin"],
	notes: [
		"Initialize firebase-admin as the app does elsewhere, or set GOOGLE_APPLICATION_CREDENTIALS. The page sends `await getAuth().currentUser.getIdToken()` as Authorization: Bearer. A user who is disabled keeps the ID token until it expires, an hour at most, unless verifyIdToken is called with `true` and a service account.",
	],
	imports: ['import { getApps, initializeApp } from "firebase-admin/app";', 'import { getAuth } from "firebase-admin/auth";'],
	preamble: false,
	body: [
		'if (env.FIREBASE_AUTH_EMULATOR_HOST && env.NODE_ENV === "production") {',
		'\tthrow new Error("FIREBASE_AUTH_EMULATOR_HOST is set in production, where it would let unsigned tokens pass");',
		"}",
		"const token = bearerToken(request);",
		"if (token === null) return null;",
		"const claims = await verify(token);",
		'if (claims.firebase.sign_in_provider === "anonymous") throw new CredentialError("An anonymous user has no identity");',
		'if (claims.firebase.tenant !== undefined) throw new CredentialError("The user belongs to another tenant");',
	],
	functions: [
		"",
		"async function verify(token) {",
		"\ttry {",
		"\t\treturn await getAuth(getApps()[0] ?? initializeApp()).verifyIdToken(token);",
		"\t} catch (error) {",
		"\t\t// The SDK gives one code to a bad token and to certificates that it could not fetch; its message tells them apart.",
		"\t\tconst blamesToken = /^(?:Firebase ID token has |Decoding Firebase |verifyIdToken\\(\\) expects )/.test(error.message);",
		'\t\tif (blamesToken || /^auth\\/(?:id-token-expired|id-token-revoked|invalid-id-token|user-disabled)$/.test(error.code)) throw new CredentialError("The ID token is not valid");',
		"\t\tthrow new Error(`firebase-admin: ${error.code}`);",
		"\t}",
		"}",
		bearerLines,
	],
	fields: {
		id: "claims.uid",
		email: "claims.email",
		emailVerified: "claims.email_verified === true",
		name: "claims.name",
		picture: "claims.picture",
		phoneNumber: "claims.phone_number",
	},
	trusted: (name) => `claims.${name}`,
};

/** Auth0 with the session of its Next.js SDK. */
export const auth0SessionReader: UserReader = {
	packages: ["@auth0/nextjs-auth0"],
	notes: [
		"Set AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET, AUTH0_SECRET and APP_BASE_URL, and sign users in with the SDK's middleware. The session is a snapshot of the sign-in: a block or a new email address is not seen before the next one.",
	],
	imports: 'import { Auth0Client } from "@auth0/nextjs-auth0/server";',
	preamble: ["", "let auth0;"],
	body: [
		"// Where the app has made one already, import that instead.",
		"auth0 ??= new Auth0Client();",
		"const session = await auth0.getSession(request);",
		"if (session === null) return null;",
		"const { user } = session;",
		'if (!user.sub) throw new CredentialError("The session names no user");',
		'if (user.act !== undefined) throw new CredentialError("Somebody else acts as this user");',
	],
	functions: false,
	fields: {
		id: "user.sub",
		email: "user.email",
		emailVerified: "user.email_verified === true",
		name: "user.name === user.email ? undefined : user.name",
		picture: "user.picture",
		phoneNumber: "user.phone_number_verified === true ? user.phone_number : undefined",
		"organization.id": "user.org_id",
		"organization.slug": "user.org_name",
		"organization.name": "user.org_name",
	},
	trusted: (name) => `user["https://example.com/${name}"]`,
};
