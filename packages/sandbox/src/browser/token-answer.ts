/** What an answer says of a token; never the token itself. */
export type TokenAnswer =
	| { readonly holds: "token" | "nobody" | "neither" }
	| { readonly holds: "problem"; readonly code: string; readonly title: string; readonly remedy: string };

/** Whether the body of an answer is worth a look: it is JSON or a bare token, and short as far as is known. */
export function canHoldToken(contentType: string, length: string | null): boolean {
	// Plain text without a length may be a stream, which a copy would keep open.
	if (/^text\/plain/i.test(contentType)) return length !== null && Number(length) <= maximumLength;
	return /^application\/(?:json|jwt|problem\+json)\b/i.test(contentType) && Number(length ?? 0) <= maximumLength;
}

/** The longest body that is looked at, in characters. */
export const maximumLength = 16_384;

/** Tells what a body says. */
export function readTokenAnswer(contentType: string, body: string): TokenAnswer {
	if (body.length > maximumLength) return { holds: "neither" };
	if (!/json/i.test(contentType)) return judgeTokenAnswer({ token: body.trim() });
	try {
		return judgeTokenAnswer(JSON.parse(body));
	} catch {
		return { holds: "neither" };
	}
}

/** Tells a token endpoint's answer from all others by its form: a token, `{ "token": null }`, or a problem with `code` and `remedy`. */
export function judgeTokenAnswer(body: unknown): TokenAnswer {
	const { token, code, title, remedy } = (body ?? {}) as Readonly<Record<string, unknown>>;
	if (typeof token === "string" && tokenForm.test(token)) return { holds: "token" };
	if (token === null) return { holds: "nobody" };
	if (typeof code !== "string" || typeof remedy !== "string") return { holds: "neither" };
	return { holds: "problem", code, title: typeof title === "string" ? title : "", remedy };
}

// A JWT, or the hash of an identifier as hexadecimal digits.
const tokenForm = /^(?:[\w-]+\.[\w-]+\.[\w-]+|[0-9a-f]{64,128})$/i;
