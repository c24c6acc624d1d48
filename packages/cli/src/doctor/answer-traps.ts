import { printable } from "../terminal.ts";
import type { Answer } from "./endpoint.ts";
import { type Diagnosis, failed } from "./finding.ts";
import { describeStatus, readProblemCode, remedyOf } from "./problem.ts";
import type { Visit } from "./visit.ts";

/** What has answered in place of the route: a redirect, a page, an error; undefined where it is the route itself. */
export function findTrap({ explainMissing }: Visit, { about, status, headers, text, json }: Answer): Diagnosis | undefined {
	if (status >= 300 && status < 400) {
		return failed("login-redirect", {
			where: about,
			got: `status ${status} to ${describeLocation(headers.location)}`,
			remedy:
				"Take the route out of what the middleware redirects: a script cannot follow a login. With Clerk, no auth.protect() for it; the route itself tells who is signed in.",
		});
	}
	const code = readProblemCode(json);
	if (status === 404 || status === 405) {
		return failed("answers", {
			where: about,
			got: `status ${status}`,
			remedy:
				status === 404
					? "Check the address and the file of the route. Clerk's auth.protect() answers 404 too: leave the route out of it."
					: "Let the route answer GET and POST: export both, or use app.all.",
		});
	}
	if (status >= 500) {
		const missing = explainMissing({ status, code });
		if (missing !== undefined) return missing;
		const remedy = remedyOf(code);
		return failed("answers", {
			where: about,
			got: describeStatus(status, code),
			remedy: `${remedy}${remedy.includes("log") ? "" : " The server's log has the details."}`,
		});
	}
	if (json === undefined && (isHtml(headers) || /^\s*<(?:!doctype|html)\b/i.test(text))) {
		return failed("html-answer", {
			where: about,
			got: `a page with status ${status}`,
			remedy: "Let the token's route come before the catch-all route or the login page; check the address.",
		});
	}
	return undefined;
}

/** Whether an answer calls itself a page. */
export function isHtml(headers: Answer["headers"]): boolean {
	return /\bhtml\b/i.test(headers["content-type"] ?? "");
}

// Without its query, which may hold what is none of the report's business.
function describeLocation(location: string | undefined): string {
	if (location === undefined) return "nowhere";
	const address = location.replace(/[?#].*/s, "");
	return printable(address.length > 80 ? `${address.slice(0, 79)}…` : address);
}
