import { randomUUID } from "node:crypto";
import { printable } from "../terminal.ts";
import { findTrap, isHtml } from "./answer-traps.ts";
import type { Answer } from "./endpoint.ts";
import { type Diagnosis, doubtful, failed, passed } from "./finding.ts";
import { describeStatus, readProblemCode, remedyOf } from "./problem.ts";
import { askAs, type Visit, wantsText } from "./visit.ts";

/** What is found by asking as nobody. */
export interface FirstVisit {
	readonly diagnoses: readonly Diagnosis[];
	/** Whether the route itself has answered, so that it makes sense to go on. */
	readonly isRoute: boolean;
}

/** Asks as nobody, with the two methods that pages use. */
export async function checkNobody(visit: Visit): Promise<FirstVisit> {
	let answer = await askAs(visit, undefined, { nonce: randomUUID() });
	if (readProblemCode(answer.json) === "widget_required" && visit.contract !== undefined) {
		visit.endpoint.choose(visit.contract.id);
		answer = await askAs(visit, undefined, { nonce: randomUUID() });
	}
	const trap = findTrap(visit, answer);
	const reached = passed("reachable", answer.about);
	if (trap !== undefined) return { diagnoses: [reached, trap], isRoute: false };
	const code = readProblemCode(answer.json);
	if (answer.status >= 400 && answer.status !== 401) {
		const remedy =
			code === "widget_required" ? "Name the widget: widget-token doctor WIDGET --url …, or add ?widget=… to the address." : remedyOf(code);
		return {
			diagnoses: [reached, failed("answers", { where: answer.about, got: describeStatus(answer.status, code), remedy })],
			isRoute: false,
		};
	}
	const type = isHtml(answer.headers)
		? doubtful("html-answer", { where: answer.about, got: "JSON that calls itself text/html", remedy: "Send it as application/json." })
		: passed("html-answer", answer.about);
	const ownTraps = (["answers", "login-redirect"] as const).map((check) => passed(check, answer.about));
	// A cache that leaves the query out of its key gives this one the answer to the first.
	await askAs(visit, undefined, { about: "again", nonce: randomUUID() });
	return { diagnoses: [reached, type, ...ownTraps, ...judgeNobody(visit, answer), ...(await checkPost(visit, answer))], isRoute: true };
}

function judgeNobody({ contract }: Visit, answer: Answer): readonly Diagnosis[] {
	const { about, status, token, json } = answer;
	if (typeof token === "string") {
		return [
			failed("nobody", {
				where: about,
				got: "a token, though nobody is signed in",
				remedy: "Mint only for a user whom the auth provider has verified in this very request; return null for anybody else.",
			}),
		];
	}
	if (token === null) return [passed("nobody", about), passed("token-shape", about)];
	if (status === 401) {
		if (wantsText(contract)) return [passed("nobody", about)];
		return [
			doubtful("nobody", {
				where: about,
				got: "status 401, which pages show as a failure",
				remedy: 'Answer 200 and { "token": null }, or let createTokenHandler do it.',
			}),
		];
	}
	return [
		failed("token-shape", {
			where: about,
			got: json === undefined ? `status ${status} and no JSON object` : `status ${status} and ${describeMembers(json)}`,
			remedy: 'Answer { "token": null } where nobody is signed in, and { "token": "…", "expiresIn": … } else.',
		}),
	];
}

function describeMembers(json: Readonly<Record<string, unknown>>): string {
	const names = Object.keys(json)
		.slice(0, 5)
		.map((name) => printable(name.slice(0, 30)));
	return names.length === 0 ? "an object without members" : `an object with ${names.join(", ")}`;
}

async function checkPost(visit: Visit, got: Answer): Promise<readonly Diagnosis[]> {
	const answer = await askAs(visit, undefined, { method: "POST" });
	if (answer.status === got.status && typeof answer.token === typeof got.token) return [passed("post", answer.about)];
	return [
		doubtful("post", {
			where: answer.about,
			got: describeStatus(answer.status, readProblemCode(answer.json)),
			remedy: "Serve the same handler for POST: export const POST = GET in Next.js, app.all in Express.",
		}),
	];
}
