import type { RequestHeaders } from "./providers/provider.ts";

/** What a token endpoint has answered. */
export interface Answer {
	readonly url: string;
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly text: string;
	/** The members of a JSON answer; empty for any other. */
	readonly body: Readonly<Record<string, unknown>>;
}

const timeoutSeconds = 20;

/** Fetches from a token endpoint as the page of a user would; without an `accept` in `headers` it wants JSON, as our client does. */
export async function ask(endpoint: string, widget: string, headers: RequestHeaders): Promise<Answer> {
	const url = `${endpoint}?widget=${widget}`;
	const response = await fetch(url, {
		headers: { accept: "application/json", ...headers },
		redirect: "manual",
		signal: AbortSignal.timeout(timeoutSeconds * 1000),
	}).catch((error: unknown) => {
		throw new Error(describeNetworkError(error), { cause: error });
	});
	const text = await response.text();
	return { url, status: response.status, headers: Object.fromEntries(response.headers), text, body: readJson(text) };
}

/** The code of an answer: the problem's, or which of the two answers it is that are not problems. */
export function codeOf({ status, body }: Answer): string {
	if (typeof body["code"] === "string") return body["code"];
	if (status !== 200 || !("token" in body)) return "no answer of the token endpoint";
	return body["token"] === null ? "no token" : "token";
}

function readJson(text: string): Readonly<Record<string, unknown>> {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}

function describeNetworkError(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	if (error.name === "TimeoutError") return `no answer within ${timeoutSeconds} s`;
	const { cause } = error;
	const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
	return code ?? (cause instanceof Error ? cause.message : error.message);
}
