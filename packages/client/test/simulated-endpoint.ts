/** A request that the endpoint has not answered yet. */
export interface PendingRequest {
	readonly url: string;
	readonly init: RequestInit;
	/** Milliseconds on the monotonic clock. */
	readonly at: number;
	/** Who is signed in by the request's cookie. */
	readonly user: string | null;
	answer(response: Response): void;
	fail(): void;
}

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
	new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });

/** What a browser shows of a redirect that is not followed. */
export const redirect = (): Response =>
	Object.defineProperties(new Response(null), { type: { value: "opaqueredirect" }, status: { value: 0 } });

/** The token endpoint as a session's `fetch`: it answers by itself, or when the test says so. */
export class SimulatedEndpoint {
	/** The user of the browser's cookie. */
	cookie: string | null = "ada";
	expiresIn: number | undefined = 300;
	isManual: boolean = false;
	/** Whether it returns the random value of the request, as the endpoint of `@widget-token/core` does. */
	isEchoing: boolean = false;
	/** The answers to the next requests, in place of a token. */
	readonly next: (Response | Error)[] = [];
	readonly requests: PendingRequest[] = [];
	#count = 0;

	/** A new token of that user. */
	mint(user: string | null, url: string = ""): Response {
		const nonce = this.isEchoing ? new URLSearchParams(url.split("?")[1]).get("nonce") : undefined;
		const token = user === null ? null : `${user}-${++this.#count}`;
		return json({ token, expiresIn: user === null ? undefined : this.expiresIn, nonce });
	}

	readonly fetch: typeof fetch = (url, init = {}) =>
		new Promise((resolve, reject) => {
			const user = this.cookie;
			const fail = (): void => reject(new TypeError("Failed to fetch"));
			init.signal?.addEventListener("abort", () => reject(init.signal?.reason));
			this.requests.push({ url: String(url), init, at: performance.now(), user, answer: resolve, fail });
			if (this.isManual) return;
			const planned = this.next.shift();
			if (planned instanceof Error) fail();
			else resolve(planned ?? this.mint(user, String(url)));
		});
}
