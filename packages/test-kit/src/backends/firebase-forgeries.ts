import { createHmac, createPublicKey } from "node:crypto";
import type { ErrorCode } from "@widget-token/core";
import { createRsaKey, type FirebaseClaims, type GoogleStandIn, googleKeyId } from "./firebase-google.ts";

/** What an attacker or a mistake can present in the place of a good token, by name. */
export type ForgeFirebaseToken = (google: GoogleStandIn, genuine: (claims?: FirebaseClaims) => string) => string;

/** Tokens that no verifier may accept; each is refused with `credential_invalid`. `genuine` makes the good one. */
export const forgedFirebaseTokens: Readonly<Record<string, ForgeFirebaseToken>> = {
	"an empty signature": (_, genuine) => genuine().replace(/[^.]*$/, ""),
	"alg none": (_, genuine) => `${encode({ alg: "none", typ: "JWT" })}.${payloadOf(genuine())}.`,
	"alg none with a kid": (_, genuine) => `${encode({ alg: "none", kid: googleKeyId, typ: "JWT" })}.${payloadOf(genuine())}.`,
	"alg NONE with a signature": (_, genuine) => genuine().replace(/^[^.]*/, encode({ alg: "NONE", kid: googleKeyId })),
	"an HMAC made with the public key": (google, genuine) => hmac(payloadOf(genuine()), google.certificate),
	"another key under Google's kid": (google, genuine) => google.sign(claimsOf(genuine()), {}, createRsaKey()),
	"another key that the header brings along": (google, genuine) => {
		const key = createRsaKey();
		return google.sign(claimsOf(genuine()), { jwk: createPublicKey(key).export({ format: "jwk" }) }, key);
	},
	"another kid": (google, genuine) => google.sign(claimsOf(genuine()), { kid: "0000" }),
	"a kid that objects inherit": (google, genuine) => google.sign(claimsOf(genuine()), { kid: "constructor" }),
	"no kid": (google, genuine) => google.sign(claimsOf(genuine()), { kid: undefined }),
	"a critical extension": (google, genuine) => google.sign(claimsOf(genuine()), { crit: ["b64"], b64: true }),
	"another audience": (_, genuine) => genuine({ aud: "another-project" }),
	"an audience that quotes an outage": (_, genuine) => genuine({ aud: "Error fetching public keys for Google certs: " }),
	"a list of audiences": ({ projectId }, genuine) => genuine({ aud: [projectId, "another-project"] }),
	"no audience": (_, genuine) => genuine({ aud: undefined }),
	"another issuer": (_, genuine) => genuine({ iss: "https://securetoken.google.com/another-project" }),
	"the issuer of Google's own sign-in": (_, genuine) => genuine({ iss: "https://accounts.google.com" }),
	"a time of issue in ten minutes": (_, genuine) => genuine({ iat: inSeconds(600) }),
	"a sign-in in ten minutes": (_, genuine) => genuine({ auth_time: inSeconds(600) }),
	"no time of issue": (_, genuine) => genuine({ iat: undefined }),
	"no time of sign-in": (_, genuine) => genuine({ auth_time: undefined }),
	"no expiry": (_, genuine) => genuine({ exp: undefined }),
	"a time as text": (_, genuine) => genuine({ auth_time: String(inSeconds(-60)) }),
	"an empty subject": (_, genuine) => genuine({ sub: "" }),
	"no subject": (_, genuine) => genuine({ sub: undefined }),
	"a subject that is a number": (_, genuine) => genuine({ sub: 7 }),
	"a subject that is too long": (_, genuine) => genuine({ sub: "u".repeat(129) }),
	"a subject that a blocking function's event hides": (_, genuine) => genuine({ sub: undefined, event_type: "beforeSendEmail" }),
	"no firebase claim": (_, genuine) => genuine({ firebase: undefined }),
	"no sign-in provider": (_, genuine) => genuine({ firebase: { identities: {} } }),
	"other claims under the same signature": (_, genuine) => {
		const good = genuine();
		return good.replace(/\.[^.]*\./, `.${encode({ ...claimsOf(good), sub: "grace-uid" })}.`);
	},
	"a payload that is no JSON": (_, genuine) => genuine().replace(/\.[^.]*\./, ".ew."),
	"a payload of null": (_, genuine) => genuine().replace(/\.[^.]*\./, ".bnVsbA."),
	"a custom token of a service account": customToken,
	"a Google access token": () => "ya29.a0AfB_byC-widget-token-test",
	"text that is no JWT": () => "ada-uid",
	"the text undefined": () => "undefined",
	"two tokens": (_, genuine) => `${genuine()}, ${genuine()}`,
	"a token of 20,000 characters": (_, genuine) => genuine({ filler: "x".repeat(15_000) }),
};

/** Genuine tokens that are refused all the same, with their codes. */
export const refusedFirebaseTokens: Readonly<Record<string, { readonly claims: () => FirebaseClaims; readonly code: ErrorCode }>> = {
	"an expired session": {
		claims: () => ({ iat: inSeconds(-3700), auth_time: inSeconds(-3700), exp: inSeconds(-100) }),
		code: "credential_expired",
	},
	"an anonymous user": {
		claims: () => ({ email: undefined, firebase: { identities: {}, sign_in_provider: "anonymous" } }),
		code: "user_anonymous",
	},
	"a user of a tenant": {
		claims: () => ({ firebase: { identities: {}, sign_in_provider: "password", tenant: "blue-x1" } }),
		code: "tenant_mismatch",
	},
};

/** As `createCustomToken()` makes it: signed by the app's service account, for Google and not for the app. */
function customToken(google: GoogleStandIn): string {
	const account = "firebase-adminsdk@widget-token-test.iam.gserviceaccount.com";
	const audience = "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit";
	const claims = { aud: audience, iat: inSeconds(0), exp: inSeconds(3600), iss: account, sub: account, uid: "ada-uid" };
	return google.sign(claims, { kid: undefined }, createRsaKey());
}

function hmac(payload: string, secret: string): string {
	const input = `${encode({ alg: "HS256", kid: googleKeyId, typ: "JWT" })}.${payload}`;
	return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

function encode(part: FirebaseClaims): string {
	return Buffer.from(JSON.stringify(part)).toString("base64url");
}

function payloadOf(token: string): string {
	return token.split(".")[1] ?? "";
}

function claimsOf(token: string): FirebaseClaims {
	return JSON.parse(Buffer.from(payloadOf(token), "base64url").toString()) as FirebaseClaims;
}

function inSeconds(seconds: number): number {
	return Math.floor(Date.now() / 1000) + seconds;
}
