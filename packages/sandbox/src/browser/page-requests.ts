import type { TokenRequest } from "./diagnosis.ts";

/**
 * Watches the page's own requests for a token, so that the panel can say what its endpoint answered.
 *
 * It sees addresses, times and statuses, never a body. A request counts when its path speaks of a token. The returned
 * function reports at once what the browser would tell a moment later.
 */
export function watchTokenRequests(ignoredPaths: string, listener: (request: TokenRequest) => void): () => void {
	const report = (entries: PerformanceEntryList): void => {
		for (const entry of entries as PerformanceResourceTiming[]) {
			if (entry.initiatorType !== "fetch" && entry.initiatorType !== "xmlhttprequest") continue;
			const { pathname, href } = new URL(entry.name);
			if (href.startsWith(ignoredPaths) || !tokenPath.test(pathname)) continue;
			listener({ path: pathname, status: entry.responseStatus ?? 0, duration: Math.round(entry.duration) });
		}
	};
	const observer = new PerformanceObserver((list) => report(list.getEntries()));
	observer.observe({ type: "resource", buffered: true });
	return () => report(observer.takeRecords());
}

const tokenPath = /token|jwt/i;
