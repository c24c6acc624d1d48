// What differs from one token of a user to the next.
const changing = new Set(["iat", "exp", "nbf", "jti"]);

/** Whether two tokens speak of the same visitor. Nothing is verified: it only decides what may stay on the screen. */
export function hasSameSubject(a: string, b: string): boolean {
	const [one, other] = [readSubject(a), readSubject(b)];
	return one !== undefined && one === other;
}

function readSubject(token: string): string | undefined {
	try {
		const segment = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
		const payload = JSON.parse(atob(segment)) as Record<string, unknown>;
		return JSON.stringify(Object.entries(payload).filter(([name]) => !changing.has(name)));
	} catch {
		return undefined;
	}
}
