import { createHmac, randomBytes } from "node:crypto";
import { Auth0Client } from "@auth0/nextjs-auth0/server";
import { generateSessionCookie } from "@auth0/nextjs-auth0/testing";

type ClientOptions = ConstructorParameters<typeof Auth0Client>[0];

export const sessionSecret: string = randomBytes(32).toString("hex");
export const widgetSecret: string = randomBytes(32).toString("hex");
export const issuer = "https://tenant.example.com/";

export const accessToken = "an-access-token-of-the-tenant-that-must-stay-on-the-server";

export function createClient(options: ClientOptions = {}): Auth0Client {
	return new Auth0Client({
		domain: "tenant.example.com",
		clientId: "client",
		clientSecret: "client-secret-of-the-app",
		appBaseUrl: "https://app.example.com",
		secret: sessionSecret,
		...options,
	});
}

export const ada = {
	sub: "auth0|ada",
	email: "Ada@Example.com",
	email_verified: true,
	name: "Ada",
	picture: "https://example.com/ada.png",
};

export interface CookieOptions {
	readonly secret?: string;
	/** Claims of the ID token beside `iss` and `sub`; null for a session without one. */
	readonly idTokenClaims?: Record<string, unknown> | null;
	readonly idToken?: string;
	readonly internal?: Record<string, unknown>;
}

/** The value of a session cookie as the SDK itself writes it. */
export function sessionCookie(user: unknown, options: CookieOptions = {}): Promise<string> {
	const { secret = sessionSecret, idTokenClaims = {}, internal } = options;
	const sub = (user as { sub?: unknown } | null)?.sub;
	const idToken = options.idToken ?? (idTokenClaims === null ? undefined : unsignedJwt({ iss: issuer, sub, ...idTokenClaims }));
	const session = {
		user,
		tokenSet: { accessToken, idToken, expiresAt: Math.floor(Date.now() / 1000) + 3600 },
		...(internal && { internal }),
	};
	return generateSessionCookie(session as Parameters<typeof generateSessionCookie>[0], { secret });
}

export function requestWith(cookie: string | null, headers: Record<string, string> = {}): Request {
	return new Request("https://app.example.com/api/widget-token", {
		headers: { ...(cookie === null ? {} : { cookie: `__session=${cookie}` }), ...headers },
	});
}

export function unsignedJwt(claims: object, header: object = { alg: "RS256", typ: "JWT" }): string {
	const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
	return `${encode(header)}.${encode(claims)}.${header && "alg" in header && header.alg === "none" ? "" : "c2lnbmF0dXJl"}`;
}

/** A compact JWE with a header of the attacker's choice and nothing that could be decrypted. */
export function forgedJwe(header: object): string {
	const encode = (value: string): string => Buffer.from(value).toString("base64url");
	return [JSON.stringify(header), "an-encrypted-key", "123456789012", "ciphertext", "1234567890123456"].map(encode).join(".");
}

/** The claims of a widget's token; throws when the signature is not the widget's. */
export function readClaims(token: unknown, secret: string = widgetSecret): Record<string, unknown> {
	const [header, payload, signature] = String(token).split(".");
	if (createHmac("sha256", secret).update(`${header}.${payload}`).digest("base64url") !== signature)
		throw new Error("not signed by the widget's secret");
	return JSON.parse(Buffer.from(payload ?? "", "base64url").toString()) as Record<string, unknown>;
}
