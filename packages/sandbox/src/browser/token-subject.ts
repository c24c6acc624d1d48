// What differs from one token of a user to the next.
const changing = new Set(["iat", "exp", "nbf", "jti"]);

/**
 * Of whom a token speaks, as a text to compare; undefined where it cannot be read. Nothing is verified: it only decides
 * what may stay on the screen while the vendor is asked.
 */
export function readSubject(token: string): string | undefined {
	try {
		const segment = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
		const payload = JSON.parse(atob(segment)) as Record<string, unknown>;
		return JSON.stringify(Object.entries(payload).filter(([name]) => !changing.has(name)));
	} catch {
		return undefined;
	}
}
