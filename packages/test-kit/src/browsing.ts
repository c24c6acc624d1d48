/** One visitor's browser, as far as a sign-in needs it: cookies for each origin, redirects, and forms that submit themselves. */
export interface Browsing {
	/** Fetches without following redirects, with the origin's cookies, and keeps the cookies that come back. */
	fetch(url: string | URL, init?: RequestInit): Promise<Response>;
	/** Follows redirects (as a browser, with GET) until an answer that is none. */
	navigate(url: string | URL, init?: RequestInit): Promise<{ url: URL; response: Response }>;
	/** The `Cookie` header that this browser sends to an origin. */
	cookieHeader(url: string | URL): string;
	/** The cookies of an origin by name; a change is a change to the browser. */
	cookies(url: string | URL): Map<string, string>;
}

/** A browser without cookies. It knows no `Secure`, `Path` or `SameSite`: every origin here is a loopback port. */
export function createBrowsing(): Browsing {
	const jars = new Map<string, Map<string, string>>();

	function cookies(url: string | URL): Map<string, string> {
		const { origin } = new URL(url);
		const jar = jars.get(origin) ?? new Map<string, string>();
		jars.set(origin, jar);
		return jar;
	}

	function cookieHeader(url: string | URL): string {
		return [...cookies(url)].map(([name, value]) => `${name}=${value}`).join("; ");
	}

	async function fetchOnce(url: string | URL, init: RequestInit = {}): Promise<Response> {
		const headers = new Headers(init.headers);
		const cookie = cookieHeader(url);
		if (cookie !== "" && !headers.has("cookie")) headers.set("cookie", cookie);
		const response = await fetch(url, { ...init, headers, redirect: "manual" });
		for (const line of response.headers.getSetCookie()) keep(cookies(url), line);
		return response;
	}

	async function navigate(url: string | URL, init: RequestInit = {}): Promise<{ url: URL; response: Response }> {
		let target = new URL(url);
		let request = init;
		for (let hop = 0; hop < 20; hop += 1) {
			const response = await fetchOnce(target, request);
			const location = response.headers.get("location");
			if (response.status < 300 || response.status > 399 || location === null) return { url: target, response };
			await response.body?.cancel();
			target = new URL(location, target);
			request = {};
		}
		throw new Error("more than 20 redirects");
	}

	return { fetch: fetchOnce, navigate, cookieHeader, cookies };
}

/** The first form of a page: where it goes and its hidden fields; null when there is none. */
export function readForm(page: string, base: URL): { action: URL; fields: URLSearchParams } | null {
	const form = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(page);
	if (form === null) return null;
	const fields = new URLSearchParams();
	for (const [, attributes = ""] of (form[2] ?? "").matchAll(/<input\b([^>]*)>/gi)) {
		const name = attribute(attributes, "name");
		if (name !== null) fields.set(name, attribute(attributes, "value") ?? "");
	}
	return { action: new URL(attribute(form[1] ?? "", "action") ?? "", base), fields };
}

function attribute(attributes: string, name: string): string | null {
	const match = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "i").exec(attributes);
	if (match === null) return null;
	const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#x2F": "/" };
	return (match[1] ?? match[2] ?? "").replace(/&([^;\s]+);/g, (whole, entity: string) => entities[entity] ?? whole);
}

function keep(jar: Map<string, string>, line: string): void {
	const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
	const separator = pair.indexOf("=");
	const name = pair.slice(0, separator);
	const expired = attributes.some((text) => {
		const [key = "", value = ""] = text.split("=");
		if (key.toLowerCase() === "max-age") return Number(value) <= 0;
		return key.toLowerCase() === "expires" && Date.parse(value) <= Date.now();
	});
	if (expired) jar.delete(name);
	else jar.set(name, pair.slice(separator + 1));
}
