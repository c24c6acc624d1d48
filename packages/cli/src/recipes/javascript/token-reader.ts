// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are of code that is written, not run
import { javascriptLiteral as literal } from "../literals.ts";
import type { Lines } from "../source.ts";
import { bearerLines, type UserReader, variableLines } from "./user-reader.ts";

/** What makes an ID token one of a provider's. */
interface TokenRules {
	readonly issuer: string;
	readonly audience: string;
	readonly keys: string;
	readonly algorithms: readonly string[];
	/** Lines that refuse what a valid signature does not rule out. */
	readonly checks: Lines;
}

const standardFields = {
	id: "claims.sub",
	email: "claims.email",
	emailVerified: "claims.email_verified === true",
	name: "claims.name",
	picture: "claims.picture",
	locale: "claims.locale",
} as const;

const actorCheck = 'if (claims.act !== undefined) throw new CredentialError("Somebody else acts as this user");';
const verifiedPhone = "claims.phone_number_verified === true ? claims.phone_number : undefined";

/** Any OpenID Connect provider: its ID token as bearer token, verified by its published keys. */
export const openIdReader: UserReader = tokenReader({
	rules: {
		issuer: 'variable(env, "OIDC_ISSUER")',
		audience: 'variable(env, "OIDC_CLIENT_ID")',
		keys: 'variable(env, "OIDC_JWKS_URI")',
		algorithms: ["RS256", "ES256"],
		checks: actorCheck,
	},
	fields: { ...standardFields, phoneNumber: verifiedPhone },
	trusted: (name) => `claims.${name}`,
	notes: [
		"Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_JWKS_URI, as the provider's /.well-known/openid-configuration names them. The page sends the user's ID token as Authorization: Bearer.",
	],
});

/** Auth0 for a page without a server: the ID token that its SPA SDK hands out. */
export const auth0TokenReader: UserReader = tokenReader({
	rules: {
		issuer: '`https://${variable(env, "AUTH0_DOMAIN")}/`',
		audience: 'variable(env, "AUTH0_CLIENT_ID")',
		keys: '`https://${variable(env, "AUTH0_DOMAIN")}/.well-known/jwks.json`',
		algorithms: ["RS256"],
		checks: actorCheck,
	},
	fields: {
		...standardFields,
		// Auth0 fills the name of a user without one with the email address, which may be unverified.
		name: "claims.name === claims.email ? undefined : claims.name",
		phoneNumber: verifiedPhone,
		"organization.id": "claims.org_id",
		"organization.slug": "claims.org_name",
		"organization.name": "claims.org_name",
	},
	trusted: (name) => `claims["https://example.com/${name}"]`,
	notes: [
		"Set AUTH0_DOMAIN and AUTH0_CLIENT_ID. The page sends the ID token (`(await auth0.getIdTokenClaims()).__raw`) as Authorization: Bearer; an access token is refused.",
	],
});

/** Firebase where firebase-admin does not run, with its checks. */
export const firebaseTokenReader: UserReader = tokenReader({
	rules: {
		issuer: '`https://securetoken.google.com/${variable(env, "FIREBASE_PROJECT_ID")}`',
		audience: 'variable(env, "FIREBASE_PROJECT_ID")',
		keys: '"https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com"',
		algorithms: ["RS256"],
		checks: [
			'if (claims.firebase?.sign_in_provider === "anonymous") throw new CredentialError("An anonymous user has no identity");',
			'if (claims.firebase?.tenant !== undefined) throw new CredentialError("The user belongs to another tenant");',
			'if (!(claims.auth_time <= Date.now() / 1000 + 60)) throw new CredentialError("The sign-in lies in the future");',
		],
	},
	fields: { ...standardFields, phoneNumber: "claims.phone_number" },
	trusted: (name) => `claims.${name}`,
	notes: [
		"Set FIREBASE_PROJECT_ID. The page sends `await getAuth().currentUser.getIdToken()` as Authorization: Bearer. A user who is disabled keeps the ID token until it expires, an hour at most.",
	],
});

interface TokenReader extends Pick<UserReader, "fields" | "trusted" | "notes"> {
	readonly rules: TokenRules;
}

function tokenReader({ rules, ...reader }: TokenReader): UserReader {
	return {
		...reader,
		packages: ["jose"],
		imports: 'import { createRemoteJWKSet, errors, jwtVerify } from "jose";',
		preamble: ["", "// The provider's public keys, which are fetched once and when a token names a new one.", "let keys;"],
		body: [
			"const token = bearerToken(request);",
			"if (token === null) return null;",
			"const claims = await verify(token, env);",
			rules.checks,
		],
		functions: [
			"",
			"async function verify(token, env) {",
			`\tkeys ??= createRemoteJWKSet(new URL(${rules.keys}));`,
			`\tconst options = { issuer: ${rules.issuer}, audience: ${rules.audience}, algorithms: ${literal(rules.algorithms)}, requiredClaims: ["sub", "exp"] };`,
			"\ttry {",
			"\t\treturn (await jwtVerify(token, keys, options)).payload;",
			"\t} catch (error) {",
			"\t\t// Keys that cannot be fetched are an outage, and no fault of the token's.",
			'\t\tconst isOutage = ["ERR_JOSE_GENERIC", "ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID"].includes(error.code);',
			'\t\tif (error instanceof errors.JOSEError && !isOutage) throw new CredentialError("The ID token is not valid");',
			"\t\tthrow error;",
			"\t}",
			"}",
			bearerLines,
			variableLines,
		],
	};
}
