/** What went wrong with a request, as RFC 9457 describes it. */
export interface Problem {
	readonly status: number;
	readonly code: string;
	readonly title: string;
	readonly remedy: string;
	/** The ids of the widgets, where none or another one was named. */
	readonly widgets?: readonly string[];
}

/** Writes a problem as `application/problem+json`. */
export function problemResponse(problem: Problem, headers: Readonly<Record<string, string>> = {}): Response {
	return new Response(JSON.stringify(problem), {
		status: problem.status,
		headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...headers },
	});
}
