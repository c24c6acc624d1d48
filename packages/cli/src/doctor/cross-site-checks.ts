import type { CheckId } from "./checks.ts";
import type { Answer, Question } from "./endpoint.ts";
import { type Diagnosis, doubtful, failed, passed } from "./finding.ts";
import { describeStatus, readProblemCode } from "./problem.ts";
import { askAs, type Visit } from "./visit.ts";

// A name that never exists (RFC 2606 §2).
const foreignOrigin = "https://widget-token-doctor.invalid";

const strangers: readonly (readonly [check: CheckId, question: Partial<Question>])[] = [
	["foreign-origin", { about: "with a foreign Origin", headers: { origin: foreignOrigin } }],
	["cross-site", { about: "with Sec-Fetch-Site: cross-site", headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" } }],
	["null-origin", { about: "with Origin: null", headers: { origin: "null" } }],
];

/** Asks as the page of another site does, with a user's credential where there is one: the browser would send it along. */
export async function checkOtherSites(visit: Visit): Promise<readonly Diagnosis[]> {
	const [visitor] = visit.visitors;
	const diagnoses: Diagnosis[] = [await checkOwnOrigin(visit)];
	for (const [check, question] of strangers) diagnoses.push(judge(check, question, await askAs(visit, visitor, question)));
	const headers = { origin: foreignOrigin, "access-control-request-method": "POST", "access-control-request-headers": "authorization" };
	const preflight = await askAs(visit, undefined, { method: "OPTIONS", about: "from a foreign origin", headers });
	return [...diagnoses, findOpenDoor("preflight", headers.origin, preflight) ?? passed("preflight", preflight.about)];
}

// A browser sends both with the client's POST; behind a proxy the app may take its own origin for a foreign one.
async function checkOwnOrigin(visit: Visit): Promise<Diagnosis> {
	const headers = { origin: visit.endpoint.url.origin, "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" };
	const { about, status, json } = await askAs(visit, visit.visitors[0], { about: "with the endpoint's own Origin", headers });
	if (status !== 403) return passed("own-origin", about);
	return failed("own-origin", {
		where: about,
		got: describeStatus(status, readProblemCode(json)),
		remedy: "Let Sec-Fetch-Site: same-origin pass whatever the Host is, and pass the Host on at the proxy; every page of yours is refused.",
	});
}

function judge(check: CheckId, { headers }: Partial<Question>, answer: Answer): Diagnosis {
	const { about, status, token } = answer;
	const door = findOpenDoor(check, headers?.origin, answer);
	if (door !== undefined) return door;
	const remedy = "Answer 403 to Sec-Fetch-Site: cross-site and to any Origin but your own, before the session is read.";
	if (typeof token === "string") return failed(check, { where: about, got: `status ${status} and a token`, remedy });
	return status < 300 ? doubtful(check, { where: about, got: `status ${status}`, remedy }) : passed(check, about);
}

/** The header that lets another site's script read the answer. */
function findOpenDoor(check: CheckId, origin: string | undefined, { about, headers }: Answer): Diagnosis | undefined {
	const allowed = headers["access-control-allow-origin"];
	if (allowed === undefined || (allowed !== "*" && allowed !== origin)) return undefined;
	const withCredentials = headers["access-control-allow-credentials"] === "true" ? ", with credentials" : "";
	return failed(check, {
		where: about,
		got: `Access-Control-Allow-Origin: ${allowed === "*" ? "*" : allowed === "null" ? "null" : "the origin that asked"}${withCredentials}`,
		remedy:
			"Take the route out of the CORS middleware; name the origins of your own pages exactly (allowedOrigins), never * and never what was sent.",
	});
}

/** Asks with methods that the endpoint has no use for. */
export async function checkMethods(visit: Visit): Promise<readonly Diagnosis[]> {
	const diagnoses: Diagnosis[] = [];
	for (const method of ["HEAD", "PUT"]) {
		const { about, status } = await askAs(visit, visit.visitors[0], { method });
		diagnoses.push(
			status >= 300
				? passed("methods", about)
				: doubtful("methods", {
						where: about,
						got: `status ${status}`,
						remedy: "Answer 405 with Allow: GET, POST; a token is minted for those two only.",
					}),
		);
	}
	return diagnoses;
}
