import { WidgetTokenError } from "@widget-token/core";

/** The claims of a Supabase access token: https://supabase.com/docs/guides/auth/jwt-fields */
export interface AccessTokenClaims {
	readonly iss?: unknown;
	readonly sub?: unknown;
	readonly aud?: unknown;
	readonly exp?: unknown;
	readonly role?: unknown;
	readonly session_id?: unknown;
	readonly client_id?: unknown;
	readonly is_anonymous?: unknown;
	readonly aal?: unknown;
	readonly [name: string]: unknown;
}

/** A JWT that has been decoded and not verified. */
export interface AccessToken {
	readonly text: string;
	readonly algorithm: string;
	readonly claims: AccessTokenClaims;
}

/** What a verified token must say beyond its signature. */
export interface TokenRules {
	/** Checked where it is given. */
	readonly issuer: string | undefined;
	readonly audience: string;
	readonly postgresRoles: readonly string[];
}

// What Supabase Auth signs with. The list keeps "none" and unheard-of algorithms away from every verifier behind it.
const algorithms = new Set(["HS256", "RS256", "ES256", "EdDSA"]);
const applicationRoles = new Set(["service_role", "supabase_admin"]);

/** The text of the request's bearer token; undefined when it has none. An empty one is refused (`credential_invalid`). */
export function readBearer(request: Request): string | undefined {
	const match = /^bearer(?:\s+(.*))?$/i.exec(request.headers.get("authorization") ?? "");
	if (match === null) return undefined;
	// The SDK takes an empty token for "the session of this client".
	if (!match[1]) throw new WidgetTokenError("credential_invalid", { detail: "the bearer token is empty" });
	return match[1];
}

/**
 * Decodes a bearer token, and keeps the project's API keys apart from users: a signed-out Supabase client sends its
 * publishable key as bearer (null, nobody is signed in), and a secret key is no user (`client_refused`).
 */
export function readAccessToken(text: string, projectKey: string): AccessToken | null {
	if (text.startsWith("sb_publishable_")) return null;
	if (text.startsWith("sb_")) throw applicationRefused();
	const token = decode(text);
	if (token !== undefined && applicationRoles.has(String(token.claims.role))) throw applicationRefused();
	if (text === projectKey || (token?.claims.role === "anon" && token.claims.sub === undefined)) return null;
	if (token === undefined)
		throw new WidgetTokenError("credential_invalid", { detail: "the bearer token is not an access token of Supabase Auth" });
	return token;
}

// Undefined for anything but a JWT, and for an algorithm that Supabase does not sign with.
function decode(text: string): AccessToken | undefined {
	const parts = text.split(".");
	const header = decodePart(parts[0]);
	const claims = decodePart(parts[1]);
	if (parts.length !== 3 || header === undefined || claims === undefined) return undefined;
	const algorithm = String(header["alg"]);
	return algorithms.has(algorithm) ? { text, algorithm, claims } : undefined;
}

/**
 * Refuses what Supabase's own verification lets pass: `getUser` looks at no issuer, audience, role or client, and takes
 * a token without a session; `getClaims` looks only at the signature and `exp`.
 */
export function checkClaims(claims: AccessTokenClaims, { issuer, audience, postgresRoles }: TokenRules): void {
	const refuse = (detail: string): never => {
		throw new WidgetTokenError("credential_invalid", { detail });
	};
	if (claims.client_id !== undefined && claims.client_id !== null && claims.client_id !== "") {
		throw new WidgetTokenError("client_refused", { detail: "the access token was issued to an OAuth client" });
	}
	if (claims.is_anonymous === true) throw new WidgetTokenError("user_anonymous");
	if (issuer !== undefined && claims.iss !== issuer) refuse("the access token's issuer is not the project's; see the option `issuer`");
	if (!(Array.isArray(claims.aud) ? claims.aud : [claims.aud]).includes(audience)) refuse("the access token is for another audience");
	if (typeof claims.role !== "string" || !postgresRoles.includes(claims.role))
		refuse("the access token's role is not a signed-in user's; see `postgresRoles`");
	if (typeof claims.session_id !== "string" || claims.session_id === "") refuse("the access token belongs to no session");
	if (typeof claims.sub !== "string" || claims.sub === "") refuse("the access token has no subject");
}

function applicationRefused(): WidgetTokenError {
	return new WidgetTokenError("client_refused", { detail: "a secret key or service role of the project was presented as a user" });
}

function decodePart(part: string | undefined): Record<string, unknown> | undefined {
	if (part === undefined || !/^[\w-]+$/.test(part)) return undefined;
	try {
		const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
		const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
		return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
	} catch {
		return undefined;
	}
}
