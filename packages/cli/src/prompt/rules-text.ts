import type { Contract } from "@widget-token/core";

/** What holds for the token of any widget, on the server. */
export const generalRules: readonly string[] = [
	"Every value comes from the verified session on the server; none from a body, a query, a header or a cookie that the browser can choose.",
	"An email address goes out only when the provider says that it is verified. Where it is required and not verified, there is no token.",
	"The role comes from a field that the user cannot write, by a mapping that the project's owner agrees to. There is no default role.",
	"Identifiers are strings, also where they are numbers in the database. An id and an address are signed exactly as the provider gives them, or refused: never trim, compose (NFC) or fold them, but for the lower case that a contract asks for. A required value that is missing is an error, never an empty text.",
	'Visitors who are not signed in get no token: `200 { "token": null }`. An outage of the provider is 503 with Retry-After, and is never taken for signed out.',
	"Never hand on, embed or log the provider's own session token. Put no token, key or claim into a log or an error.",
	"Every answer of the endpoint carries `Cache-Control: private, no-store`, `Vary: Cookie, Authorization, Origin` and `X-Content-Type-Options: nosniff`. Requests of other sites are refused (403), unless their exact origin is listed; never `*`.",
	"The endpoint never redirects to a login page and never answers with HTML.",
];

/** How a key is kept. */
export function keyRule(where: string, verb = "Sign"): string {
	return `${verb} on the server only, for each request. The key comes from ${where}, is in no file of the repository, and never has a prefix that publishes it (NEXT_PUBLIC_, VITE_, PUBLIC_, REACT_APP_, EXPO_PUBLIC_).`;
}

/** The rules that matter for one contract, as lines. */
export function rulesOf(contract: Contract): string[] {
	const rules = contract.scheme === "jwt" ? Object.values(contract.claims) : [];
	const hasRole = rules.some(({ from }) => from === "role");
	const hasEmail =
		contract.scheme === "hmac"
			? contract.message.field === "email"
			: rules.some((rule) => rule.from === "identity" && rule.field === "email");
	const relevant = generalRules.filter((rule) => (hasEmail || !rule.startsWith("An email")) && (hasRole || !rule.startsWith("The role")));
	return [keyRule(contract.key.env, contract.scheme === "jwt" ? "Sign" : "Compute the hash"), ...relevant].map((rule) => `- ${rule}`);
}
