import type { VerificationReport } from "../verification-report.ts";
import { type Diagnosis, diagnoses } from "./diagnosis.ts";

/** What the vendor's server said of a token: all about it, or why it could not be asked. */
export type VerifyAnswer = { readonly report: VerificationReport } | { readonly problem: Diagnosis };

/** Asks the vendor's server about a token. It never rejects. */
export type VerifyToken = (token: string, identifier: string | undefined) => Promise<VerifyAnswer>;

/** Asks the sandbox directly, as a widget without a frame does. */
export function createVerifier(origin: string, widget: string): VerifyToken {
	return async (token, identifier) => {
		try {
			const response = await fetch(`${origin}/api/widget/verify-jwt?widget=${encodeURIComponent(widget)}`, {
				method: "POST",
				headers: { "content-type": "application/json" },
				body: JSON.stringify(identifier === undefined ? { token } : { token, identifier }),
				credentials: "omit",
				cache: "no-store",
			});
			const answer = (await response.json()) as Problem;
			const id = response.headers.get("sandbox-verification");
			if (id === null) return { problem: readProblem(answer) };
			const report = await fetch(`${origin}/api/verifications/${id}`, { credentials: "omit", cache: "no-store" });
			return { report: (await report.json()) as VerificationReport };
		} catch {
			return { problem: diagnoses.unreachable(origin) };
		}
	};
}

interface Problem {
	readonly title?: string;
	readonly remedy?: string;
}

function readProblem({ title = "no answer that can be read", remedy = "See the sandbox’s console." }: Problem): Diagnosis {
	return diagnoses.sandboxProblem(title, remedy);
}
