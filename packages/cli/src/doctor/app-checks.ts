import { checkClock } from "./clock-check.ts";
import { checkMethods, checkOtherSites } from "./cross-site-checks.ts";
import { describeSilence, EndpointSilent } from "./endpoint-silence.ts";
import type { Diagnosis } from "./finding.ts";
import { checkForgeries, checkIdentityInRequest } from "./forgery-checks.ts";
import { checkCacheHits, checkHeaders } from "./header-checks.ts";
import { checkNobody } from "./nobody-checks.ts";
import { checkBareToken, checkProviderToken } from "./provider-token-checks.ts";
import { checkToken } from "./token-checks.ts";
import { checkAfterwards, checkCrossTalk, checkUserTokens } from "./user-checks.ts";
import type { Visit } from "./visit.ts";

/** Shows on a terminal what is going on. */
export type Progress = <T>(label: string, work: () => Promise<T>) => Promise<T>;

/** Asks the running app: as nobody, as other sites, with forgeries, and as the users who are given. */
export async function checkApp(visit: Visit, progress: Progress): Promise<readonly Diagnosis[]> {
	const { endpoint } = visit;
	const diagnoses: Diagnosis[] = [];
	try {
		const { isRoute, diagnoses: first } = await progress("Asking as nobody", () => checkNobody(visit));
		diagnoses.push(...first);
		const users = await progress("Asking as the users", () => checkUserTokens(visit));
		diagnoses.push(...users.diagnoses);
		if (isRoute || users.served.length > 0) diagnoses.push(...(await askOn(visit, users.served, progress)));
		else visit.skip("All that needs the route itself: it has not answered.");
	} catch (error) {
		if (!(error instanceof EndpointSilent)) throw error;
		const answered = endpoint.answers.length;
		diagnoses.push(describeSilence(error, answered === 0 ? "the address" : `the address, after ${answered} answers`));
	}
	const [answer] = endpoint.answers;
	if (answer !== undefined) diagnoses.push(...checkClock(answer, endpoint.url.host));
	return [...diagnoses, ...checkHeaders(endpoint.answers), ...checkCacheHits(endpoint.answers)];
}

async function askOn(
	visit: Visit,
	served: Awaited<ReturnType<typeof checkUserTokens>>["served"],
	progress: Progress,
): Promise<readonly Diagnosis[]> {
	const diagnoses = [
		...(await progress("Asking as other sites", () => checkOtherSites(visit))),
		...(await progress("Asking with other methods", () => checkMethods(visit))),
		...(await progress("Asking with forgeries", () => checkForgeries(visit))),
		...(await progress("Asking with an identity in the request", () => checkIdentityInRequest(visit))),
	];
	if (served.length === 0) return diagnoses;
	for (const each of served)
		diagnoses.push(...(await checkToken(visit, each)), ...checkProviderToken(each), ...(await checkBareToken(visit, each)));
	diagnoses.push(...(await progress("Asking as both users at once", () => checkCrossTalk(visit, served))));
	diagnoses.push(...(await progress("Asking again a second later", () => checkAfterwards(visit, served))));
	return diagnoses;
}
