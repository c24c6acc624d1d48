import { randomBytes, timingSafeEqual } from "node:crypto";

/** A random value of this process that only the sandbox's own pages carry: a page of another origin cannot read it. */
export interface PageValue {
	/** The header that sends it back. A cross-origin request with such a header needs a preflight, which is never granted. */
	readonly headers: Readonly<Record<string, string>>;
	/** Whether a request carries it; compared in constant time. */
	isIn(request: Request): boolean;
}

const headerName = "sandbox-page";

/** Makes the value. */
export function createPageValue(): PageValue {
	const value = randomBytes(32).toString("base64url");
	const expected = Buffer.from(value);
	return {
		headers: { [headerName]: value },
		isIn: (request) => {
			const given = Buffer.from(request.headers.get(headerName) ?? "");
			return given.length === expected.length && timingSafeEqual(given, expected);
		},
	};
}
