import type { CheckId } from "./checks.ts";
import type { Answer } from "./endpoint.ts";
import { type Diagnosis, doubtful, failed, passed } from "./finding.ts";

interface HeaderRule {
	readonly check: CheckId;
	readonly name: string;
	/** Undefined where the header is as it should be, else what is wrong with it. */
	readonly judge: (value: string) => string | undefined;
	/** Without it, tokens get into caches or into other people's pages. */
	readonly isVital?: boolean;
}

const rules: readonly HeaderRule[] = [
	{
		check: "cache-control",
		name: "Cache-Control",
		isVital: true,
		judge: (value) => {
			const directives = listOf(value);
			const open = directives.find((directive) => /^(?:public|s-maxage=[1-9]|max-age=[1-9]|immutable)/.test(directive));
			if (open !== undefined) return `Cache-Control with ${/^[a-z-]+/.exec(open)?.[0]}`;
			return directives.includes("no-store") ? undefined : "Cache-Control without no-store";
		},
	},
	{
		check: "cdn-cache-control",
		name: "CDN-Cache-Control",
		judge: (value) => (listOf(value).includes("no-store") ? undefined : "CDN-Cache-Control without no-store"),
	},
	{
		check: "vary",
		name: "Vary",
		judge: (value) => {
			const names = listOf(value);
			const missing = ["Cookie", "Authorization", "Origin", "Accept"].filter(
				(name) => !names.includes("*") && !names.includes(name.toLowerCase()),
			);
			return missing.length === 0 ? undefined : `Vary without ${missing.join(", ")}`;
		},
	},
	{ check: "nosniff", name: "X-Content-Type-Options", judge: (value) => (listOf(value).includes("nosniff") ? undefined : "another value") },
	{
		check: "resource-policy",
		name: "Cross-Origin-Resource-Policy",
		judge: (value) => (value.trim() === "same-origin" ? undefined : "a value that lets other origins in"),
	},
	{
		check: "referrer-policy",
		name: "Referrer-Policy",
		judge: (value) => (listOf(value).at(-1) === "no-referrer" ? undefined : "a value that sends the address on"),
	},
];

/** Holds every answer of the route to the headers that keep a token with the one who has asked for it. */
export function checkHeaders(answers: readonly Answer[]): readonly Diagnosis[] {
	return answers.filter(isOwnAnswer).flatMap(({ about, headers }) =>
		rules.map(({ check, name, judge, isVital = false }) => {
			const value = headers[name.toLowerCase()];
			const got = value === undefined ? `no ${name}` : judge(value);
			if (got === undefined) return passed(check, about);
			const remedy = `Send ${name} on every status. createTokenHandler does: look for a proxy or a host's header rules that take it off.`;
			return (isVital ? failed : doubtful)(check, { where: about, got, remedy });
		}),
	);
}

// Not what a framework answers in the route's place, such as its own 405.
function isOwnAnswer({ method, status, json, token, headers }: Answer): boolean {
	if (status === 404 || (status >= 300 && status < 400)) return false;
	return method === "GET" || method === "POST"
		? json !== undefined || typeof token === "string"
		: (headers["content-type"] ?? "").includes("application/problem+json");
}

const hit = /\bhit\b|\bstale\b|\brevalidated\b|\bprerender\b/i;
const cacheHeaders = [
	"x-cache",
	"cf-cache-status",
	"x-vercel-cache",
	"x-nextjs-cache",
	"x-cache-status",
	"x-proxy-cache",
	"x-drupal-cache",
	"cache-status",
	"x-cache-hits",
];

/** Whether an answer comes from a cache: by the nonce that the endpoint returns, and by what caches say of themselves. */
export function checkCacheHits(answers: readonly Answer[]): readonly Diagnosis[] {
	return answers.flatMap(({ about, headers, method, nonce, json }) => {
		if (method !== "GET" && method !== "POST") return [];
		if (nonce !== undefined && typeof json?.nonce === "string" && json.nonce !== nonce) {
			return failed("cache-hit", {
				where: about,
				got: "the answer to another request: it returns that one's nonce",
				remedy:
					"Take the route out of what keeps answers in spite of no-store: a CDN's \"cache everything\" rule, a proxy's cache, a service worker's fetch handler.",
			});
		}
		const name = cacheHeaders.find(
			(each) => hit.test(headers[each] ?? "") || (each === "x-cache-hits" && /[1-9]/.test(headers[each] ?? "")),
		);
		const found = name ?? (Number(headers.age) > 0 ? "age" : undefined);
		if (found === undefined) return passed("cache-hit", about);
		return failed("cache-hit", {
			where: about,
			got: `${found === "age" ? "Age above 0" : `${found} tells of a hit`}`,
			remedy: "Take the route out of the cache: dynamic instead of prerendered in Next.js, a bypass rule at the CDN.",
		});
	});
}

function listOf(value: string): readonly string[] {
	return value
		.toLowerCase()
		.split(",")
		.map((each) => each.trim());
}
