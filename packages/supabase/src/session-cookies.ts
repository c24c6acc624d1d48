import { type CookieMethodsServer, type CookieOptions, parseCookieHeader, serializeCookieHeader } from "@supabase/ssr";

/** A framework's cookies of the current request, such as what `cookies()` of Next.js gives. */
export interface CookieStore {
	getAll(): readonly { readonly name: string; readonly value: string }[];
	set(name: string, value: string, options: CookieOptions): unknown;
}

/** The cookies of one request, and what the SDK wants the response to carry. */
export interface SessionCookies {
	readonly methods: Required<Pick<CookieMethodsServer, "getAll" | "setAll">>;
	readonly names: readonly string[];
	/** Adds the refreshed cookies, and the SDK's headers that keep them out of shared caches. */
	applyTo(response: Response): Response;
}

/** Reads the cookies of the store, else of the request's header, and writes to where it has read. */
export function createSessionCookies(request: Request, store: CookieStore | undefined): SessionCookies {
	const cookies = store?.getAll().map(({ name, value }) => ({ name, value })) ?? parseCookieHeader(request.headers.get("cookie") ?? "");
	const lines: string[] = [];
	const headers = new Headers();
	return {
		names: cookies.map(({ name }) => name),
		methods: {
			getAll: () => cookies,
			setAll: (written, cacheHeaders) => {
				for (const { name, value, options } of written) {
					if (store === undefined) lines.push(serializeCookieHeader(name, value, options));
					else setInStore(store, name, value, options);
				}
				for (const [name, value] of Object.entries(cacheHeaders)) headers.set(name, value);
			},
		},
		applyTo: (response) => {
			for (const line of lines) response.headers.append("set-cookie", line);
			headers.forEach((value, name) => {
				// The endpoint's own Cache-Control forbids any store already.
				if (name !== "cache-control") response.headers.set(name, value);
			});
			return response;
		},
	};
}

function setInStore(store: CookieStore, name: string, value: string, options: CookieOptions): void {
	// A Server Component cannot write cookies. Supabase's setup for Next.js refreshes the session in proxy.ts before it.
	(async () => void (await store.set(name, value, options)))().catch(() => undefined);
}
