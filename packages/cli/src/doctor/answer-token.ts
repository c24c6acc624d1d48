const members = ["token", "jwt", "access_token", "identity_token", "userToken", "identityToken"];

/**
 * The token of an answer: the member of the JSON object, or the whole text where it is a token.
 *
 * Also of an answer that should hold none, whatever its status; null where the object says that there is no token.
 */
export function readAnswerToken(
	status: number,
	text: string,
	json: Readonly<Record<string, unknown>> | undefined,
): string | null | undefined {
	if (json === undefined) return isTokenText(text.trim()) ? text.trim() : undefined;
	const member = members.find((name) => Object.hasOwn(json, name));
	const value = member === undefined ? undefined : json[member];
	if (typeof value === "string" && value !== "") return value;
	return status === 200 && member !== undefined && (value === null || value === "") ? null : undefined;
}

function isTokenText(text: string): boolean {
	return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text) || /^[0-9a-f]{64}$/.test(text);
}
