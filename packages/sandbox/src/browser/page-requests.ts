import type { TokenRequest } from "./diagnosis.ts";
import { type PageAnswer, watchPageAnswers } from "./page-answers.ts";

/**
 * Watches the page's own requests for a token, so that the panel can say what its endpoint answered.
 *
 * An answer counts by its form, whatever its address is. One without that form, and a request without an answer, count
 * where the address has given such an answer before, or is of the page's own origin and speaks of a token. What an answer
 * says is kept, and no token. The returned function reports at once what the browser would tell a moment later.
 */
export function watchTokenRequests(ignoredAddresses: string, listener: (request: TokenRequest) => void): () => void {
	const statuses = new Map<string, number>();
	const endpoints = new Set<string>();
	const isEndpoint = ({ origin, pathname }: URL): boolean =>
		endpoints.has(origin + pathname) || (origin === location.origin && tokenPath.test(pathname));
	const tell = (address: URL, request: Omit<TokenRequest, "path">): void =>
		listener({ ...request, path: address.origin === location.origin ? address.pathname : address.origin + address.pathname });

	const look = async ({ address, status, read }: PageAnswer): Promise<void> => {
		const url = URL.canParse(address) ? new URL(address) : undefined;
		if (url === undefined || url.href.startsWith(ignoredAddresses)) return;
		statuses.set(url.href, status);
		const at = Date.now();
		const answer = (await read?.().catch(() => undefined)) ?? { holds: "neither" };
		if (answer.holds !== "neither") endpoints.add(url.origin + url.pathname);
		const [entry] = performance.getEntriesByName(url.href, "resource").slice(-1);
		if (isEndpoint(url)) tell(url, { status, duration: entry?.duration, at, answer });
	};
	// What has no answer, what the page has asked before this script came, and what it does not look at.
	const report = (entries: PerformanceEntryList): void => {
		for (const { initiatorType, name, duration, responseStatus } of entries as PerformanceResourceTiming[]) {
			if (initiatorType !== "fetch" && initiatorType !== "xmlhttprequest") continue;
			const url = new URL(name);
			const seen = statuses.get(url.href);
			const isSeen = seen !== undefined && (responseStatus ?? seen) === seen;
			if (isSeen || url.href.startsWith(ignoredAddresses) || !isEndpoint(url)) continue;
			tell(url, { status: responseStatus ?? 0, duration, at: Date.now(), answer: undefined });
		}
	};
	watchPageAnswers((answer) => void look(answer));
	const observer = new PerformanceObserver((list) => report(list.getEntries()));
	observer.observe({ type: "resource", buffered: true });
	return () => report(observer.takeRecords());
}

const tokenPath = /token|jwt/i;
