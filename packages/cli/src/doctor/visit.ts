import type { Contract } from "@widget-token/core";
import type { Visitor } from "./credential.ts";
import type { Answer, Endpoint, Question } from "./endpoint.ts";
import type { Diagnosis } from "./finding.ts";
import type { MissingAnswer } from "./missing-in-app.ts";

/** A running app that is asked, and what is known of it. */
export interface Visit {
	readonly endpoint: Endpoint;
	/** The widget that the tokens should be for; undefined where none is named and none can be told. */
	readonly contract: Contract | undefined;
	/** Signed-in users, at most two. */
	readonly visitors: readonly Visitor[];
	/** The widget's key, and where it is from; undefined where it is not in this environment. */
	readonly key: { readonly secret: string; readonly from: string } | undefined;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** The contract's settings, as far as they are known here. */
	readonly settings: Readonly<Record<string, string>>;
	/** Explains an answer that a variable is missing there, by what this folder holds. */
	explainMissing(answer: Omit<MissingAnswer, "url">): Diagnosis | undefined;
	/** Says in the report what could not be looked at, and why. */
	skip(reason: string): void;
	/** A token that came back: from now on it is written as `[redacted]`. */
	protect(token: string): void;
}

/** Asks as a user, or as nobody. */
export async function askAs({ endpoint, protect }: Visit, visitor: Visitor | undefined, question: Partial<Question> = {}): Promise<Answer> {
	const { method = "GET", about = "" } = question;
	const answer = await endpoint.ask({
		...question,
		about: `${method} as ${visitor?.about ?? "nobody"}${about === "" ? "" : ` ${about}`}`,
		headers: { ...visitor?.headers, ...question.headers },
	});
	if (typeof answer.token === "string") protect(answer.token);
	return answer;
}

/** Whether the widget's own page fetches the bare token, and takes anything but 2xx for nobody. */
export function wantsText(contract: Contract | undefined): boolean {
	return contract?.delivery?.endpoint?.response.format === "text";
}
