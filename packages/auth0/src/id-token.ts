import { WidgetTokenError } from "@widget-token/core";

/**
 * The claims of the ID token that a session keeps; undefined when it keeps none.
 *
 * The SDK has verified the token at the sign-in and the session is encrypted, so it is only read here. One that cannot
 * be read is refused (`credential_invalid`): it might say that somebody acts as the user.
 */
export function readIdTokenClaims(idToken: unknown): Readonly<Record<string, unknown>> | undefined {
	if (idToken === undefined || idToken === null) return undefined;
	try {
		const payload = (idToken as string).split(".")[1] as string;
		const bytes = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
		const claims: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
		if (typeof claims === "object" && claims !== null && !Array.isArray(claims)) return claims as Readonly<Record<string, unknown>>;
	} catch {
		// A parser's message quotes what it could not parse.
	}
	throw new WidgetTokenError("credential_invalid", { detail: "the session's ID token cannot be read" });
}
