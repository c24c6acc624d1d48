import { setTimeout as wait } from "node:timers/promises";
import { findTrap } from "./answer-traps.ts";
import type { Visitor } from "./credential.ts";
import type { Answer } from "./endpoint.ts";
import { type Diagnosis, doubtful, failed, passed } from "./finding.ts";
import { describeStatus, readProblemCode, remedyOf } from "./problem.ts";
import { readSubject } from "./subject.ts";
import { askAs, type Visit } from "./visit.ts";

/** A user, and the first answer with a token for them. */
export interface Served {
	readonly visitor: Visitor;
	readonly answer: Answer & { readonly token: string };
}

/** Whether each signed-in user gets a token at all. */
export async function checkUserTokens(
	visit: Visit,
): Promise<{ readonly diagnoses: readonly Diagnosis[]; readonly served: readonly Served[] }> {
	const diagnoses: Diagnosis[] = [];
	const served: Served[] = [];
	for (const visitor of visit.visitors) {
		const answer = await askAs(visit, visitor);
		if (isServed(answer)) {
			served.push({ visitor, answer });
			diagnoses.push(passed("user-token", visitor.about), ...judgeMember(visit, answer));
		} else diagnoses.push(findTrap(visit, answer) ?? refusal(visitor, answer));
	}
	return { diagnoses, served };
}

function isServed(answer: Answer): answer is Answer & { readonly token: string } {
	return answer.status === 200 && typeof answer.token === "string";
}

function refusal({ headers }: Visitor, { about, status, json, token }: Answer): Diagnosis {
	if (status < 300) {
		const kind = headers.cookie === undefined ? "bearer token" : "cookie";
		return failed("user-token", {
			where: about,
			got: token === null ? "no token: the credential counts for nothing" : "neither a token nor null",
			remedy: `Check that the session has not ended, that the ${kind} is of this very app, and that its middleware runs for the route. In Next.js the route must not be prerendered.`,
		});
	}
	const code = readProblemCode(json);
	const remedy = remedyOf(code, "See the server's log, and sign in again for a fresh credential.");
	return failed("user-token", { where: about, got: describeStatus(status, code), remedy });
}

// The client reads `token`; a widget that calls the endpoint itself may want another member.
function judgeMember({ contract }: Visit, { about, json, token }: Served["answer"]): readonly Diagnosis[] {
	const response = contract?.delivery?.endpoint?.response;
	const member = response?.format === "json" ? response.member : "token";
	if (json === undefined || json[member] === token || json.token === token) return [passed("token-shape", about)];
	return [doubtful("token-shape", { where: about, got: "the token in another member", remedy: `Put it into the member ${member}.` })];
}

const rounds = 5;

/** Whether two users are two subjects, and each answer is for the one who has asked, also where they ask at once. */
export async function checkCrossTalk(visit: Visit, served: readonly Served[]): Promise<readonly Diagnosis[]> {
	const [one, other] = served.map(({ visitor, answer }) => ({ visitor, subject: readSubject(answer.token, visit.contract) }));
	if (one === undefined || other === undefined) return [];
	const where = `${one.visitor.about} and ${other.visitor.about}`;
	if (one.subject === undefined || other.subject === undefined) {
		return [
			doubtful("two-subjects", {
				where,
				got: "tokens that name nobody",
				remedy: "Send a claim that tells users apart, such as the email address; the widget cannot know who is who.",
			}),
		];
	}
	if (one.subject === other.subject) {
		return [
			failed("two-subjects", {
				where,
				got: "the same subject for both",
				remedy:
					"If they are two users: the token is cached or its user is kept outside of the request. Else pass another user's credential to the second --as.",
			}),
		];
	}
	const both = [one, other];
	const answers: (readonly [visitor: Visitor, subject: string | undefined, answer: Answer])[] = [];
	for (let round = 0; round < 2; round++) {
		for (const { visitor, subject } of both) answers.push([visitor, subject, await askAs(visit, visitor, { about: "in turns" })]);
	}
	const atOnce = Array.from({ length: rounds * 2 }, (_, index) => both[index % 2] as (typeof both)[number]);
	answers.push(
		...(await Promise.all(
			atOnce.map(async ({ visitor, subject }) => [visitor, subject, await askAs(visit, visitor, { about: "at once" })] as const),
		)),
	);
	return [passed("two-subjects", where), ...judgeAnswers(visit, answers)];
}

function judgeAnswers(
	visit: Visit,
	answers: readonly (readonly [visitor: Visitor, subject: string | undefined, answer: Answer])[],
): readonly Diagnosis[] {
	return answers.map(([, subject, answer]) => {
		if (answer.status === 429) {
			visit.skip("Some answers of many at once: the endpoint's rate limit refused them.");
			return passed("cross-talk", answer.about);
		}
		if (!isServed(answer)) {
			return failed("cross-talk", {
				where: answer.about,
				got: `${describeStatus(answer.status, readProblemCode(answer.json))} and no token, unlike before`,
				remedy: "Keep nothing of a request outside of it: a client or a session that requests share is swapped while another one waits.",
			});
		}
		if (readSubject(answer.token, visit.contract) === subject) return passed("cross-talk", answer.about);
		return failed("cross-talk", {
			where: answer.about,
			got: "a token of another user",
			remedy:
				"Keep the user in the request: no module variable, no shared client that holds a session, no cache whose key leaves out the user.",
		});
	});
}

/** Whether nobody gets anything after users were served, and a user's next token is a new one. */
export async function checkAfterwards(visit: Visit, served: readonly Served[]): Promise<readonly Diagnosis[]> {
	const after = await askAs(visit, undefined, { about: "after a user" });
	const diagnoses = [
		typeof after.token === "string"
			? failed("cross-talk", {
					where: after.about,
					got: "a token, though nobody is signed in",
					remedy: "Do not keep a token or a user between requests.",
				})
			: passed("cross-talk", after.about),
	];
	const [first] = served;
	if (first === undefined || visit.contract?.scheme === "hmac") return diagnoses;
	// Tokens of one second may well be equal: their times have whole seconds.
	await wait(Math.max(0, first.answer.endedAt + 1100 - Date.now()));
	const again = await askAs(visit, first.visitor, { about: "a second later" });
	return [
		...diagnoses,
		again.token === first.answer.token
			? doubtful("reused-token", {
					where: again.about,
					got: "the same token as before",
					remedy:
						"Mint for each request, which takes microseconds: a kept token outlives the sign-out, and is half over when it is handed out.",
				})
			: passed("reused-token", again.about),
	];
}
