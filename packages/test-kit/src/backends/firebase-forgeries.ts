import { createHmac, createPublicKey } from "node:crypto";
import type { ErrorCode } from "@widget-token/core";
import { createRsaKey, type FirebaseClaims, type GoogleStandIn, googleKeyId } from "./firebase-google.ts";

/** A token that must not be accepted, and the code that it is refused with. */
export interface Forgery {
	readonly token: string;
	readonly code: ErrorCode;
}

/** What an attacker or a mistake can present in the place of a good token; `genuine` makes the good one. */
export function forgeFirebaseTokens(google: GoogleStandIn, genuine: (claims?: FirebaseClaims) => string): Readonly<Record<string, Forgery>> {
	const claims = readPart(genuine(), 1);
	const now = Math.floor(Date.now() / 1000);
	const good = genuine();
	const [header = "", , signature = ""] = good.split(".");
	const refused: Readonly<Record<string, string>> = {
		"an empty signature": good.slice(0, good.lastIndexOf(".") + 1),
		"alg none": `${encode({ alg: "none", typ: "JWT" })}.${encode(claims)}.`,
		"alg none with a kid": `${encode({ alg: "none", kid: googleKeyId, typ: "JWT" })}.${encode(claims)}.`,
		"alg NONE with a signature": `${encode({ alg: "NONE", kid: googleKeyId })}.${encode(claims)}.${signature}`,
		"an HMAC made with the public key": hmac(claims, google.certificate),
		"another key under Google's kid": google.sign(claims, {}, createRsaKey()),
		"another key that the header brings along": withOwnKey(google, claims),
		"another kid": google.sign(claims, { kid: "0000" }),
		"a kid that objects inherit": google.sign(claims, { kid: "constructor" }),
		"no kid": google.sign(claims, { kid: undefined }),
		"a critical extension": google.sign(claims, { crit: ["b64"], b64: true }),
		"another audience": genuine({ aud: "another-project" }),
		"an audience that quotes an outage": genuine({ aud: "Error fetching public keys for Google certs: " }),
		"a list of audiences": genuine({ aud: [google.projectId, "another-project"] }),
		"no audience": genuine({ aud: undefined }),
		"another issuer": genuine({ iss: "https://securetoken.google.com/another-project" }),
		"an issuer of Google's own sign-in": genuine({ iss: "https://accounts.google.com" }),
		"issued in ten minutes": genuine({ iat: now + 600 }),
		"a sign-in in ten minutes": genuine({ auth_time: now + 600 }),
		"no time of issue": genuine({ iat: undefined }),
		"no time of sign-in": genuine({ auth_time: undefined }),
		"no expiry": genuine({ exp: undefined }),
		"a time as text": genuine({ auth_time: String(now - 60) }),
		"an empty subject": genuine({ sub: "" }),
		"no subject": genuine({ sub: undefined }),
		"a subject that is a number": genuine({ sub: 7 }),
		"a subject that is too long": genuine({ sub: "u".repeat(129) }),
		"no firebase claim": genuine({ firebase: undefined }),
		"no sign-in provider": genuine({ firebase: { identities: {} } }),
		"other claims under the same signature": `${header}.${encode({ ...claims, sub: "grace-uid" })}.${signature}`,
		"a payload that is no JSON": `${header}.${Buffer.from("{").toString("base64url")}.${signature}`,
		"a payload of null": `${header}.${Buffer.from("null").toString("base64url")}.${signature}`,
		"a custom token of a service account": customToken(google),
		"a Google access token": "ya29.a0AfB_byC-widget-token-test",
		"text that is no JWT": "ada-uid",
		"the text undefined": "undefined",
		"two tokens": `${good}, ${good}`,
		"a token of 20,000 characters": genuine({ filler: "x".repeat(15_000) }),
	};
	return {
		...Object.fromEntries(Object.entries(refused).map(([name, token]) => [name, { token, code: "credential_invalid" as const }])),
		expired: { token: genuine({ iat: now - 3700, auth_time: now - 3700, exp: now - 100 }), code: "credential_expired" },
		"an anonymous user": { token: genuine({ email: undefined, firebase: { identities: {}, sign_in_provider: "anonymous" } }), code: "user_anonymous" },
		"a user of a tenant": { token: genuine({ firebase: { identities: {}, sign_in_provider: "password", tenant: "blue-x1" } }), code: "tenant_mismatch" },
	};
}

function withOwnKey(google: GoogleStandIn, claims: FirebaseClaims): string {
	const key = createRsaKey();
	return google.sign(claims, { jwk: createPublicKey(key).export({ format: "jwk" }) }, key);
}

/** As `createCustomToken()` makes it: signed by the app's service account, for Google and not for the app. */
function customToken(google: GoogleStandIn): string {
	const now = Math.floor(Date.now() / 1000);
	const account = "firebase-adminsdk@widget-token-test.iam.gserviceaccount.com";
	const audience = "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit";
	return google.sign({ aud: audience, iat: now, exp: now + 3600, iss: account, sub: account, uid: "ada-uid" }, { kid: undefined }, createRsaKey());
}

function hmac(claims: FirebaseClaims, secret: string): string {
	const input = `${encode({ alg: "HS256", kid: googleKeyId, typ: "JWT" })}.${encode(claims)}`;
	return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

function encode(part: FirebaseClaims): string {
	return Buffer.from(JSON.stringify(part)).toString("base64url");
}

function readPart(token: string, index: number): FirebaseClaims {
	return JSON.parse(Buffer.from(token.split(".")[index] ?? "", "base64url").toString()) as FirebaseClaims;
}
