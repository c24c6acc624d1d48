import type { TokenAnswer } from "./token-answer.ts";

/** Why the visitor is who the widget takes them for, and what to do about it. */
export interface Diagnosis {
	readonly code: string;
	readonly title: string;
	readonly remedy: string;
	/** Where it was seen: an endpoint, a claim. */
	readonly detail?: string | undefined;
}

/** What can go wrong before there is a token for the vendor to judge. */
export const diagnoses = {
	noToken: (ways: readonly string[]): Diagnosis => ({
		code: "no_token",
		title: "The widget has been given no token",
		remedy: `That is right for a visitor who is not signed in. For one who is, hand the token over: ${ways.join(", or ")}.`,
	}),
	notAskedYet: (): Diagnosis => ({
		code: "not_asked_yet",
		title: "The chat has not been opened yet",
		remedy: "This widget asks the page for a token when the chat opens, so that it is fresh.",
	}),
	cleared: (via: string): Diagnosis => ({
		code: "cleared",
		title: "The token has been taken away",
		remedy: "That is right after a sign-out. Hand a new one over after the next sign-in.",
		detail: via,
	}),
	expired: (canRefresh: boolean): Diagnosis => ({
		code: "expired",
		title: "The token has expired",
		remedy: canRefresh
			? "Hand a fresh token over before the old one expires."
			: "The vendor documents no way to replace it in an open page: load the page again, or mint tokens that live longer, within the vendor’s advice.",
	}),
	resolverFailed: (error: unknown): Diagnosis => ({
		code: "resolver_failed",
		title: "The page’s token function has failed",
		remedy: "That is right for a visitor who is not signed in. For one who is, see what the token endpoint answers, and the console.",
		detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
	}),
	resolverEmpty: (): Diagnosis => ({
		code: "resolver_empty",
		title: "The page’s token function has returned no token",
		remedy: "Return the token as a string, or a promise of it: of a JSON answer the member `token`, not the whole object.",
	}),
	notAString: (type: string): Diagnosis => ({
		code: "token_not_a_string",
		title: "What was handed over is not a string",
		remedy:
			"Hand over the token itself: of a JSON answer the member `token`, not the whole object; of an async function what it resolves to.",
		detail: type,
	}),
	unreachable: (origin: string): Diagnosis => ({
		code: "sandbox_unreachable",
		title: "The sandbox cannot be asked",
		remedy: `See whether it still runs, and whether the page’s content security policy allows ${origin} in connect-src.`,
	}),
	sandboxProblem: (title: string, remedy: string): Diagnosis => ({
		code: "sandbox_misconfigured",
		title: `The sandbox cannot tell: ${title}`,
		remedy,
	}),
	verified: (): Diagnosis => ({
		code: "verified",
		title: "The vendor knows the visitor",
		remedy: "The signature and every claim fit the contract.",
	}),
} as const;

/** The answer of the page's own token endpoint, as far as the browser tells. */
export interface TokenRequest {
	readonly path: string;
	/** The status; 0 where there was no answer, or one that redirects. */
	readonly status: number;
	/** Milliseconds that it took; undefined where the browser does not tell. */
	readonly duration: number | undefined;
	/** Milliseconds since the epoch. */
	readonly at: number;
	/** What the answer says; undefined where it was not seen. */
	readonly answer: TokenAnswer | undefined;
}

/** Why there is no token, when the page has asked its endpoint for one. */
export function diagnoseRequest({ path, status, answer }: TokenRequest): Diagnosis {
	if (answer?.holds === "nobody") {
		return {
			code: "endpoint_nobody",
			title: "The page’s token endpoint says that nobody is signed in",
			remedy:
				"That is right for a visitor who is not signed in. For one who is, the session has not reached the endpoint: send the cookies, or the bearer token.",
			detail: path,
		};
	}
	return {
		code: `endpoint_${status || "failed"}`,
		title: `The page’s token endpoint ${status === 0 ? "has no answer that can be read" : `answered ${status}`}`,
		remedy: answer?.holds === "problem" ? describeProblem(answer) : remedyFor(status, answer),
		detail: path,
	};
}

function describeProblem({ code, title, remedy }: Extract<TokenAnswer, { holds: "problem" }>): string {
	return title === "" ? `\`${code}\`: ${remedy}` : `\`${code}\`: ${title}. ${remedy}`;
}

function remedyFor(status: number, answer: TokenAnswer | undefined): string {
	if (status === 0)
		return "See whether your server runs, whether it redirects to a login page, and whether another origin’s endpoint allows this page.";
	if (status < 300 && answer?.holds === "neither")
		return "The answer holds no `token`: JSON needs that member with the token in it, and HTML is a login page or another route of the app.";
	if (status < 300 && answer?.holds === "token")
		return "It gave a token, and the page has not handed it over: call the vendor’s function with the member `token`, and see the console.";
	if (status < 300)
		return "The page has not handed a token over. It does so once the visitor is signed in; see what the endpoint answers, and the console.";
	if (status === 401) return "Nobody is signed in, or the session has not reached the endpoint: send the cookies, or the bearer token.";
	if (status === 403) return "The answer’s `code` says what the user lacks, such as a verified email address.";
	if (status === 404) return "See whether the address is right and the route is there.";
	if (status === 429) return "Wait for the time that Retry-After gives.";
	return "See your server’s log, and the whole answer in the browser’s network tools.";
}
