import { WidgetTokenError } from "@widget-token/core";
import { decodeJwt, decodeProtectedHeader } from "jose";

/** What a request presents as the proof of a sign-in. */
export interface Credential {
	readonly type: "ID token" | "session cookie";
	readonly token: string;
}

/** Google's ID tokens hold at most 1,000 bytes of custom claims; none comes near to this. */
const maximumTokenLength = 16_384;
const bearer = /^bearer(?:\s+(.*))?$/i;
const cookieName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Checks the `sessionCookie` option: a cookie's name is a token of RFC 6265 §4.1.1. */
export function checkCookieName(name: string | undefined): void {
	if (name !== undefined && !cookieName.test(name))
		throw new WidgetTokenError("options_invalid", { detail: "sessionCookie is not the name of a cookie" });
}

/**
 * The credential of a request, or null when it presents none.
 *
 * A bearer token goes before the cookie, and a refused one never falls back to it: they could be two users.
 */
export function readCredential(request: Request, sessionCookie: string | undefined): Credential | null {
	const authorization = bearer.exec(request.headers.get("authorization") ?? "");
	if (authorization) return { type: "ID token", token: authorization[1] ?? "" };
	const token = sessionCookie === undefined ? undefined : readCookie(request.headers.get("cookie") ?? "", sessionCookie);
	return token === undefined ? null : { type: "session cookie", token };
}

/**
 * Refuses text that no verifier needs to see: not a JWT, or not signed as Google signs.
 *
 * firebase-admin answers such text with errors of many kinds, from its own to the SyntaxError of JSON.parse, and
 * ignores `crit`. `unsigned` lets the tokens of the Auth emulator pass, which have no signature.
 *
 * Returns the tenant that the token names; nothing of it is verified yet.
 */
export function checkTokenFormat({ type, token }: Credential, unsigned = false): unknown {
	if (token === "" || token.length > maximumTokenLength) throw invalid(`the ${type} is empty or too long`);
	let algorithm: unknown;
	let critical: unknown;
	let firebase: unknown;
	try {
		({ alg: algorithm, crit: critical } = decodeProtectedHeader(token));
		({ firebase } = decodeJwt(token));
	} catch {
		throw invalid(`the ${type} is not a JWT`);
	}
	if (algorithm !== (unsigned ? "none" : "RS256") || critical !== undefined) throw invalid(`the ${type} is not signed as Firebase signs`);
	if (typeof firebase !== "object" || firebase === null) throw invalid(`the ${type} was not issued by Firebase Authentication`);
	return "tenant" in firebase ? firebase.tenant : undefined;
}

/** A refusal of what was presented. */
export function invalid(detail: string): WidgetTokenError {
	return new WidgetTokenError("credential_invalid", { detail });
}

function readCookie(header: string, name: string): string | undefined {
	const values = new Set<string>();
	for (const pair of header.split(";")) {
		const separator = pair.indexOf("=");
		if (separator === -1 || pair.slice(0, separator).trim() !== name) continue;
		values.add(
			pair
				.slice(separator + 1)
				.trim()
				.replace(/^"(.*)"$/, "$1"),
		);
	}
	// A sign-out that empties the cookie leaves no credential behind.
	values.delete("");
	// A sub-domain can plant a second cookie of the same name, and the order says nothing (RFC 6265 §4.2.2).
	if (values.size > 1) throw invalid("the session cookie is sent twice with different values");
	return values.values().next().value;
}
