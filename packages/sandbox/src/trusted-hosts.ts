import type { MiddlewareHandler } from "hono";

/** Tells the hosts of this machine, and those that are named as well, from the rest of the world. */
export type IsTrustedHost = (hostname: string) => boolean;

/** Loopback names and addresses, and `trustedHosts`. */
export function createTrustedHosts(trustedHosts: readonly string[]): IsTrustedHost {
	const named = new Set(trustedHosts.map((host) => host.toLowerCase()));
	return (hostname) => {
		const host = hostname.toLowerCase();
		return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host) || named.has(host);
	};
}

/** The host of an origin such as `http://localhost:3000`; undefined for `null` and for nonsense. */
export function hostOfOrigin(origin: string | undefined): string | undefined {
	return origin !== undefined && URL.canParse(origin) ? new URL(origin).hostname || undefined : undefined;
}

/**
 * Refuses a request for another host name.
 *
 * A page of any site could point its own name at 127.0.0.1 (DNS rebinding) and would then be of the same origin as the
 * dashboard; what it cannot do is to send another `Host` than that name.
 */
export function requireTrustedHost(isTrusted: IsTrustedHost): MiddlewareHandler {
	return async (c, next) => {
		const host = hostOfOrigin(`http://${c.req.header("host") ?? new URL(c.req.url).host}`);
		if (host === undefined || !isTrusted(host)) {
			return c.text("The sandbox answers to localhost only. Name further hosts in `trustedHosts`.\n", 421);
		}
		await next();
		return undefined;
	};
}

/** Whether a request is from one of the sandbox's own pages. */
export function isOwnPage({ url, headers }: Request): boolean {
	const origin = headers.get("origin");
	return origin !== null && URL.canParse(origin) && new URL(origin).host === (headers.get("host") ?? new URL(url).host);
}

/** Refuses a change that another page than the sandbox's own requests. */
export function requireOwnPage(): MiddlewareHandler {
	return async (c, next) => {
		if (!isOwnPage(c.req.raw)) return c.text("Only the sandbox's own page may change its keys.\n", 403);
		await next();
		return undefined;
	};
}
