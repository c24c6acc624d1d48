import { generateKeyPairSync } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { createTokenHandler, type Identity } from "@widget-token/core";
import { customGpt, hilal, onPilot } from "@widget-token/widgets";
import type { CheckId } from "../../src/doctor/checks.ts";
import { hilalSecret } from "../run-cli.ts";
import {
	type App,
	answer,
	changed,
	claimsOf,
	forUsers,
	hashContract,
	healthy,
	identify,
	readSession,
	sign,
	withHeaders,
} from "./serving.ts";

/** A running app with one mistake. */
export interface BrokenApp {
	readonly name: string;
	/** The checks that have to find it, with their levels. */
	readonly found: readonly `${"error" | "warning"} ${CheckId}`[];
	readonly app: App;
	/** Default: asked for Hilal, with both users' cookies. */
	readonly widget?: string;
	/** The variables of the doctor. */
	readonly env?: Readonly<Record<string, string>>;
	/** Further files beside the doctor. */
	readonly files?: Readonly<Record<string, string>>;
	/** What the finding has to say. */
	readonly got?: RegExp;
	readonly remedy?: RegExp;
	readonly where?: RegExp;
}

const isNobody = async (request: Request): Promise<boolean> => (await identify(request)) === null;
const html = (status: number): Response =>
	new Response("<!doctype html><title>App</title>", { status, headers: { "content-type": "text/html" } });
const ada: Identity = { id: "u_1", provider: "app", email: "ada@example.com", emailVerified: true, name: "Ada" };
const customGptKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "pem", type: "pkcs8" }).toString();

// The origin that asks, and whether the browser may send cookies along.
const openTo = (origin: string, credentials = true): Record<string, string> => ({
	"access-control-allow-origin": origin,
	...(credentials ? { "access-control-allow-credentials": "true" } : {}),
});

function withCache(keyOf: (request: Request, user: Identity) => string): App {
	const kept = new Map<string, { readonly body: string; readonly status: number }>();
	return async (request) => {
		const reply = await healthy(request);
		if (reply.status !== 200) return reply;
		const user = await identify(request);
		if (user === null) return reply;
		const key = keyOf(request, user);
		const entry = kept.get(key) ?? { body: await reply.text(), status: reply.status };
		kept.set(key, entry);
		return answer(JSON.parse(entry.body), entry.status);
	};
}

// The user in a variable of the module, as it is while other requests wait.
function withSharedUser(): App {
	let current: Identity;
	return forUsers(async (user) => {
		current = user;
		await wait(20);
		return answer({ token: sign(claimsOf(current)), expiresIn: 3600 });
	});
}

// What the last visitor was signed in as, nobody is too.
function withLeftoverUser(): App {
	let last: Identity | undefined;
	return async (request) => {
		const user = await identify(request);
		if (user !== null) last = user;
		const reply = await healthy(request);
		const { method, headers, url } = request;
		const isBare = method === "GET" && !headers.has("cookie") && !headers.has("authorization") && !url.includes("?");
		if (user !== null || last === undefined || reply.status !== 200 || !isBare) return reply;
		return answer({ token: sign(claimsOf(last)), expiresIn: 3600 });
	};
}

// Nobody's answers are kept by their path alone, as by a CDN whose key leaves the query out.
function withForgetfulCache(): App {
	let kept: string | undefined;
	return async (request) => {
		const reply = await healthy(request);
		const nonce = new URL(request.url).searchParams.get("nonce");
		if (reply.status !== 200 || request.method !== "GET" || nonce === null) return reply;
		kept ??= JSON.stringify({ ...((await reply.json()) as object), nonce });
		return answer(JSON.parse(kept));
	};
}

const keyless: App = createTokenHandler({ widget: hilal, env: {}, identify, onEvent: () => undefined });
const onPilotSecret = "9b1d7c3e5a2f4860b7d9e1c3a5f7082496b8d0e2f4a6c8e0b2d4f6a8c0e2f4a6";
const keyFile = `HILAL_WIDGET_HMAC_SECRET=${hilalSecret}\n`;

/** One app for each mistake; where a check has several ways to find one, one for each. */
export const brokenApps: readonly BrokenApp[] = [
	{ name: "no such route", found: ["error answers"], app: async () => html(404), got: /^status 404$/ },
	{
		name: "a route without its key, which nobody has",
		found: ["error answers", "error key-present"],
		app: keyless,
		env: {},
		got: /^status 500 \(secret_missing\)$/m,
	},
	{
		name: "a route without its key, which only the doctor's shell has",
		found: ["error key-present"],
		app: keyless,
		where: /^HILAL_WIDGET_HMAC_SECRET$/,
		got: /^status 500 \(secret_missing\): it is in this shell's environment, but not in the server's$/,
	},
	{
		name: "a route without its key, in an env file that plain Node does not load",
		found: ["error key-present"],
		app: keyless,
		env: {},
		files: { ".env": keyFile, "package.json": '{"dependencies":{"express":"^5.0.0"}}' },
		where: /^HILAL_WIDGET_HMAC_SECRET in \.env$/,
		got: /^status 500 \(secret_missing\): it is in \.env, which this server does not load$/,
		remedy: /^Start it with node --env-file=\.env, or pass `env` to createTokenHandler\.$/,
	},
	{
		name: "a route without its key, in an env file that SvelteKit gives to code that imports it",
		found: ["error key-present"],
		app: keyless,
		env: {},
		files: { ".env": keyFile, "package.json": '{"devDependencies":{"@sveltejs/kit":"^3.0.0"}}' },
		remedy: /\$env\/dynamic\/private/,
	},
	{
		name: "a route without its key, in an env file that came after the start of Next.js",
		found: ["error key-present"],
		app: keyless,
		env: {},
		files: { ".env.local": keyFile, "package.json": '{"dependencies":{"next":"16.4.5"}}' },
		got: /it is in \.env\.local, which the running server has not loaded/,
		remedy: /^Restart the server/,
	},
	{
		name: "a route without its settings, in an env file that plain Node does not load",
		found: ["error setting-present"],
		widget: "onpilot",
		app: createTokenHandler({ widget: onPilot, secret: onPilotSecret, env: {}, role: () => "user", identify, onEvent: () => undefined }),
		env: {},
		files: {
			".env": `ONPILOT_EMBED_SECRET=${onPilotSecret}\nONPILOT_TENANT_ID=tenant-of-the-app\nONPILOT_COPILOT_ID=copilot-of-the-app\n`,
			"package.json": '{"dependencies":{"express":"^5.0.0"}}',
			"server.ts":
				'import { createTokenHandler } from "@widget-token/core";\nexport const h = createTokenHandler({ secret: readSecret(), identify });\n',
		},
		where: /^ONPILOT_TENANT_ID in \.env, ONPILOT_COPILOT_ID in \.env$/,
		remedy: /--env-file/,
	},
	{
		name: "a provider that is down",
		found: ["error answers"],
		app: createTokenHandler({
			widget: hilal,
			secret: hilalSecret,
			onEvent: () => undefined,
			timeoutSeconds: 0.01,
			identify: () => new Promise<null>(() => undefined),
		}),
		got: /status 503 \(provider_timeout\)/,
	},
	{
		name: "a middleware that redirects to the login",
		found: ["error login-redirect"],
		app: async (request) =>
			(await isNobody(request))
				? new Response(null, { status: 307, headers: { location: "/sign-in?redirect_url=%2Fapi&state=secret-state" } })
				: healthy(request),
		got: /^status 307 to \/sign-in$/,
	},
	{ name: "a page for every address", found: ["error html-answer"], app: async () => html(200) },
	{
		name: "a piece of a page",
		found: ["error html-answer"],
		app: async () => new Response("Please sign in", { headers: { "content-type": "text/html; charset=utf-8" } }),
	},
	{ name: "JSON that calls itself a page", found: ["warning html-answer"], app: withHeaders({ "content-type": "text/html" }), got: /JSON/ },
	{
		name: "an object without a token",
		found: ["error token-shape"],
		app: async (request) =>
			(await isNobody(request)) && (await healthy(request)).status === 200 ? answer({ user: null }) : healthy(request),
		got: /an object with user/,
	},
	{
		name: "a token in a member of another name",
		found: ["warning token-shape"],
		app: forUsers((user) => answer({ jwt: sign(claimsOf(user)), expiresIn: 3600 })),
	},
	{
		name: "a token for anybody",
		found: ["error nobody", "error forged-credential", "error identity-in-request", "error cross-talk"],
		app: async (request) => {
			const reply = await healthy(request);
			if (reply.status !== 200 || !(await isNobody(request))) return reply;
			return answer({ token: sign(claimsOf({ ...ada, id: "guest" })), expiresIn: 3600 });
		},
	},
	{
		name: "401 for nobody",
		found: ["warning nobody"],
		app: async (request) => ((await isNobody(request)) ? answer({ error: "unauthorized" }, 401) : healthy(request)),
	},
	{
		name: "no POST",
		found: ["warning post"],
		app: async (request) => (request.method === "POST" ? html(404) : healthy(request)),
		got: /^status 404$/,
	},
	{
		name: "a token for every method",
		found: ["warning methods"],
		app: async (request) =>
			["HEAD", "PUT"].includes(request.method) ? healthy(new Request(request.url, { headers: request.headers })) : healthy(request),
	},
	{
		name: "its own pages refused",
		found: ["error own-origin"],
		app: async (request) =>
			request.headers.has("origin") && request.method !== "OPTIONS" ? answer({ code: "cross_site_request" }, 403) : healthy(request),
		got: /cross_site_request/,
	},
	{
		name: "every origin let in",
		found: ["error foreign-origin", "error null-origin", "error preflight"],
		app: async (request) => {
			const origin = request.headers.get("origin");
			if (origin === null) return healthy(request);
			if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: openTo(origin) });
			return withHeaders(openTo(origin))(changed(request, { origin: undefined }));
		},
		got: /the origin that asked, with credentials|: null, with credentials/,
	},
	{
		name: "the origin not looked at",
		found: ["error foreign-origin"],
		app: async (request) =>
			healthy(request.headers.get("origin") === "null" || request.method !== "GET" ? request : changed(request, { origin: undefined })),
		got: /^status 200 and a token$/,
	},
	{
		name: "Sec-Fetch-Site not looked at",
		found: ["error cross-site"],
		app: async (request) => healthy(changed(request, { "sec-fetch-site": undefined })),
	},
	{
		name: "sandboxed frames let in",
		found: ["error null-origin"],
		app: async (request) => healthy(request.headers.get("origin") === "null" ? changed(request, { origin: undefined }) : request),
	},
	{
		name: "a preflight that lets everybody in",
		found: ["error preflight"],
		app: async (request) =>
			request.method === "OPTIONS" ? new Response(null, { status: 204, headers: openTo("*", false) }) : healthy(request),
		got: /: \*$/,
	},
	{ name: "no Cache-Control", found: ["error cache-control"], app: withHeaders({ "cache-control": undefined }) },
	{
		name: "a Cache-Control that lets browsers keep it",
		found: ["error cache-control"],
		app: withHeaders({ "cache-control": "private, no-cache" }),
	},
	{ name: "a public Cache-Control", found: ["error cache-control"], app: withHeaders({ "cache-control": "public, max-age=60" }) },
	{ name: "no CDN-Cache-Control", found: ["warning cdn-cache-control"], app: withHeaders({ "cdn-cache-control": undefined }) },
	{
		name: "Vary without the session",
		found: ["warning vary"],
		app: withHeaders({ vary: "Origin, Accept" }),
		got: /^Vary without Cookie, Authorization$/,
	},
	{ name: "no nosniff", found: ["warning nosniff"], app: withHeaders({ "x-content-type-options": undefined }) },
	{
		name: "a resource policy for everybody",
		found: ["warning resource-policy"],
		app: withHeaders({ "cross-origin-resource-policy": "cross-origin" }),
	},
	{ name: "no Referrer-Policy", found: ["warning referrer-policy"], app: withHeaders({ "referrer-policy": undefined }) },
	{ name: "an old answer", found: ["error cache-hit"], app: withHeaders({ age: "17" }), got: /^Age/ },
	{
		name: "an answer of Cloudflare's cache",
		found: ["error cache-hit"],
		app: withHeaders({ "cf-cache-status": "HIT" }),
		got: /^cf-cache-status/,
	},
	{
		name: "an answer of CloudFront's cache",
		found: ["error cache-hit"],
		app: withHeaders({ "x-cache": "Hit from cloudfront" }),
		got: /^x-cache/,
	},
	{
		name: "a route that Next.js has prerendered",
		found: ["error cache-hit"],
		app: withHeaders({ "x-nextjs-cache": "HIT" }),
		got: /^x-nextjs-cache/,
	},
	{
		name: "a cache that forgets the query and says nothing of itself",
		found: ["error cache-hit"],
		app: withForgetfulCache(),
		got: /another request: it returns that one's nonce/,
		remedy: /service worker/,
	},
	{
		name: "a session that is decoded, not verified",
		found: ["error forged-credential"],
		app: async (request) => {
			const reply = await healthy(request);
			const payload = readSession(request)?.split(".")[1];
			if (reply.status !== 200 || payload === undefined) return reply;
			const { sub } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { sub: string };
			return answer({ token: sign(claimsOf({ ...ada, id: sub })), expiresIn: 3600 });
		},
	},
	{
		name: "a session that says itself that it is not signed",
		found: ["error forged-credential"],
		app: async (request) => {
			const reply = await healthy(request);
			const [header = "", payload = ""] = request.headers.get("authorization")?.replace("Bearer ", "").split(".") ?? [];
			if (reply.status !== 200 || !Buffer.from(header, "base64url").toString().includes('"none"')) return reply;
			const { sub } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { sub: string };
			return answer({ token: sign(claimsOf({ ...ada, id: sub })), expiresIn: 3600 });
		},
	},
	{
		name: "a signature that is not looked at, in a cookie",
		found: ["error forged-credential"],
		app: async (request) => {
			const reply = await healthy(request);
			const [, payload] = /session=([^;]+)/.exec(request.headers.get("cookie") ?? "")?.[1]?.split(".") ?? [];
			if (reply.status !== 200 || payload === undefined) return reply;
			const { sub } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { sub: string };
			return answer({ token: sign(claimsOf({ ...ada, id: sub })), expiresIn: 3600 });
		},
	},
	{
		name: "a failure for a forged session",
		found: ["warning forged-credential"],
		app: async (request) => (request.headers.has("authorization") ? answer({ error: "jwt malformed" }, 500) : healthy(request)),
	},
	{
		name: "the user from the query",
		found: ["error identity-in-request"],
		app: async (request) => {
			const id = new URL(request.url).searchParams.get("user_id");
			const reply = await healthy(request);
			return id === null || reply.status !== 200 ? reply : answer({ token: sign(claimsOf({ ...ada, id })), expiresIn: 3600 });
		},
	},
	{
		name: "the user from the body",
		found: ["error identity-in-request"],
		app: async (request) => {
			const body = request.method === "POST" ? await request.clone().text() : "";
			const reply = await healthy(request);
			if (body === "" || reply.status !== 200) return reply;
			const { user } = JSON.parse(body) as { user: Identity };
			return answer({ token: sign(claimsOf(user)), expiresIn: 3600 });
		},
	},
	{
		name: "sessions of another name",
		found: ["error user-token"],
		app: createTokenHandler({ widget: hilal, secret: hilalSecret, identify: async () => null }),
		got: /counts for nothing/,
	},
	{
		name: "a session that has ended",
		found: ["error user-token"],
		app: async (request) => ((await isNobody(request)) ? healthy(request) : answer({ code: "credential_expired" }, 401)),
		got: /credential_expired/,
	},
	{
		name: "one token for all users",
		found: ["error two-subjects", "warning reused-token"],
		app: withCache(() => "users"),
	},
	{
		name: "tokens that name nobody",
		found: ["warning two-subjects", "error token-claims"],
		app: forUsers((user) =>
			answer({ token: sign(claimsOf(user, { sub: undefined, name: undefined, email: undefined })), expiresIn: 3600 }),
		),
	},
	{ name: "a user in a variable of the module", found: ["error cross-talk"], app: withSharedUser(), got: /another user/ },
	{ name: "nobody as the last user", found: ["error cross-talk"], app: withLeftoverUser(), got: /nobody is signed in/ },
	{ name: "a token that is kept for each user", found: ["warning reused-token"], app: withCache((_, user) => user.id) },
	{
		name: "the session token as the widget's token",
		found: ["error provider-token", "error token-verifies", "error token-claims", "warning extra-claims", "warning reused-token"],
		app: forUsers((_, request) => answer({ token: readSession(request) })),
		got: /as the token/,
	},
	{
		name: "the session token in a claim",
		found: ["error provider-token", "warning extra-claims"],
		app: forUsers((user, request) => answer({ token: sign(claimsOf(user, { session: readSession(request) })), expiresIn: 3600 })),
		got: /in a claim/,
	},
	{
		name: "the session token beside the token",
		found: ["error provider-token"],
		app: forUsers((user, request) => answer({ token: sign(claimsOf(user)), expiresIn: 3600, session: readSession(request) })),
		got: /body/,
	},
	{
		name: "the session token in a header",
		found: ["error provider-token"],
		app: async (request) => withHeaders({ "x-session": readSession(request) })(request),
		got: /header/,
	},
	{
		name: "JSON for a page that wants the bare token",
		found: ["error bare-token"],
		widget: "customgpt",
		env: { CUSTOMGPT_PRIVATE_KEY: customGptKey },
		app: (request) =>
			createTokenHandler({ widget: customGpt, secret: customGptKey, role: () => "Support", identify })(
				changed(request, { accept: "application/json" }),
			),
	},
	{
		name: "JSON for nobody on a page that wants the bare token",
		found: ["error bare-token"],
		widget: "customgpt",
		env: { CUSTOMGPT_PRIVATE_KEY: customGptKey },
		app: async (request) =>
			createTokenHandler({ widget: customGpt, secret: customGptKey, role: () => "Support", identify })(
				(await isNobody(request)) ? changed(request, { accept: "application/json" }) : request,
			),
		got: /for nobody/,
	},
	{
		name: "a plain id in place of its hash",
		found: ["error token-verifies"],
		widget: "./chat.json",
		files: { "chat.json": JSON.stringify(hashContract) },
		env: { CHAT_SECRET: hilalSecret },
		app: forUsers((user) => answer({ token: `id-${user.id}` })),
		got: /not a SHA-256/,
	},
	{
		name: "another secret",
		found: ["error token-verifies"],
		app: createTokenHandler({ widget: hilal, secret: "3c6e0b8a9c15224a8228b9a98ca1531d3c6e0b8a9c15224a8228b9a98ca1531d", identify }),
		got: /signature_invalid/,
	},
	{
		name: "the decoded secret",
		found: ["error token-verifies"],
		app: forUsers((user) => answer({ token: sign(claimsOf(user), { secret: Buffer.from(hilalSecret, "hex") }), expiresIn: 3600 })),
		got: /key_decoded/,
	},
	{
		name: "another algorithm, without the key here",
		found: ["error token-verifies", "error key-present"],
		env: { HILAL_WIDGET_HMAC_SECRET: "" },
		app: forUsers((user) => answer({ token: sign(claimsOf(user), { alg: "HS512" }), expiresIn: 3600 })),
	},
	{
		name: "a claim of another name and an id that is a number",
		found: ["error token-claims", "warning extra-claims"],
		app: forUsers((user) => answer({ token: sign(claimsOf(user, { sub: Number(user.id.slice(2)), mail: user.email })), expiresIn: 3600 })),
		got: /claim_invalid/,
	},
	{
		name: "a claim that the widget has no use for",
		found: ["warning extra-claims"],
		app: forUsers((user) => answer({ token: sign(claimsOf(user, { address: "12 St James's Square" })), expiresIn: 3600 })),
		got: /^address$/,
	},
	{
		name: "a lifetime above the vendor's advice",
		found: ["warning token-lifetime"],
		app: createTokenHandler({ widget: hilal, secret: hilalSecret, identify, lifetimeSeconds: 8 * 3600 }),
		got: /^8 h$/,
	},
	{
		name: "a lifetime above the maximum",
		found: ["error token-lifetime"],
		app: forUsers((user) => answer({ token: sign(claimsOf(user, { exp: Math.floor(Date.now() / 1000) + 604_800 })), expiresIn: 604_800 })),
		got: /lifetime_too_long/,
	},
	{
		name: "an expiry in milliseconds",
		found: ["error token-lifetime"],
		app: forUsers((user) => answer({ token: sign(claimsOf(user, { exp: Date.now() + 3_600_000 })), expiresIn: 3600 })),
		got: /exp_in_milliseconds/,
	},
	{
		name: "no expiresIn",
		found: ["warning expires-in"],
		app: forUsers((user) => answer({ token: sign(claimsOf(user)) })),
	},
	{
		name: "an expiresIn beyond the token's end",
		found: ["error expires-in"],
		app: forUsers((user) => answer({ token: sign(claimsOf(user)), expiresIn: 86_400 })),
	},
	{
		name: "a clock that is two minutes ahead",
		found: ["error clock"],
		app: async (request) => withHeaders({ date: new Date(Date.now() + 120_000).toUTCString() })(request),
		got: /ahead$/,
	},
	{
		name: "a clock that is twenty seconds behind",
		found: ["warning clock"],
		app: async (request) => withHeaders({ date: new Date(Date.now() - 20_000).toUTCString() })(request),
		got: /behind$/,
	},
];
