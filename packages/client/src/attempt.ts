import { TokenSessionError } from "./session-error.ts";
import { requestToken, type TokenAnswer, type TokenRequestOptions } from "./token-request.ts";

/**
 * Sends one request to the endpoint, after a pause in milliseconds, and returns the answer or what went wrong, such as no
 * answer within 15 s.
 *
 * Ends at once when the user has left. That may be at once, as in React's StrictMode: then nothing is sent.
 */
export async function attempt(
	options: TokenRequestOptions,
	gone: AbortSignal,
	wait: number,
): Promise<TokenAnswer | TokenSessionError | null> {
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
		if (gone.aborted) return null;
		return await Promise.race([requestToken(options, request.signal), pause(timeout).then(() => Promise.reject())]);
	} catch (cause) {
		return new TokenSessionError("network_failed", "The token endpoint cannot be reached. Check its address.", {
			cause,
		});
	} finally {
		clearTimeout(timer);
		request.abort();
	}
}
