import { requestToken, type TokenAnswer, type TokenRequestOptions } from "./token-request.ts";

/**
 * Asks the endpoint once, after a pause in milliseconds: undefined when it has not answered within 15 s.
 *
 * Ends at once when the user has gone. Whoever asked may leave in the same breath, as in React's StrictMode: then nothing is sent.
 */
export async function attempt(options: TokenRequestOptions, gone: AbortSignal, wait: number): Promise<TokenAnswer | undefined> {
	const timeout = 15_000;
	const request = new AbortController();
	let timer: ReturnType<typeof setTimeout> | undefined;
	const pause = (ms: number): Promise<void> =>
		new Promise((resolve) => {
			timer = setTimeout(resolve, ms);
			gone.onabort = () => resolve(request.abort());
		});
	try {
		await (wait > 0 && pause(wait));
		gone.throwIfAborted();
		return (await Promise.race([requestToken(options, request.signal), pause(timeout)])) as TokenAnswer | undefined;
	} finally {
		clearTimeout(timer);
		request.abort();
	}
}
