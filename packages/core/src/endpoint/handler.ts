import { callNow, callWithSignal, toWidgetTokenError, WidgetTokenError } from "../base/index.ts";
import type { Contract } from "../contract/index.ts";
import {
	type AllowedOrigins,
	checkRate,
	checkSite,
	corsHeaders,
	describeError,
	emit,
	logFailures,
	negotiate,
	type OnEvent,
	preflightHeaders,
	preflightReply,
	problemReply,
	type RateLimiter,
	type Reply,
	readAllowedOrigins,
	tokenReply,
	toResponse,
} from "../http/index.ts";
import type { Identify, Identity } from "../identity/index.ts";
import type { Mint, MintedToken, MintOptions } from "../mint/index.ts";
import { createWidgetChoice } from "./widget-choice.ts";

/** Options of {@link createTokenHandler}; those of `createMint` apply to the one `widget`. */
export interface TokenHandlerOptions<User = unknown> extends MintOptions<User> {
	/** The provider. */
	readonly identify: Identify<User>;
	/** The widget that the tokens are for. */
	readonly widget?: Contract | undefined;
	/** Several widgets behind one route, chosen by `?widget=<id>`; a widget with options of its own as `createMint(contract, options)`. */
	readonly widgets?: readonly (Contract | Mint<User>)[] | undefined;
	/** Exact origins whose pages may ask, beside the endpoint's own. Default: none. */
	readonly allowedOrigins?: readonly string[] | undefined;
	/** Seconds that the provider may take. Default: 5. */
	readonly timeoutSeconds?: number | undefined;
	/** Limits how often one user may ask, such as a limiter of `rate-limiter-flexible`. */
	readonly rateLimiter?: RateLimiter | undefined;
	/**
	 * Receives one event for each request. Default: failures (5xx) and `identity_invalid` go to `console.error`, in development
	 * with the message and the stack of what was thrown, with `NODE_ENV=production` with its class and stack frames.
	 */
	readonly onEvent?: OnEvent | undefined;
	/** Whether an error belongs to the host framework, such as a redirect that it throws; it passes through then. A throw counts as false. */
	readonly rethrow?: ((error: unknown) => boolean) | undefined;
}

/** The endpoint of a widget's token: web standard in, web standard out. */
export interface TokenHandler {
	(request: Request): Promise<Response>;
	/**
	 * The token without HTTP, for a page that is rendered on the server; null when nobody is signed in.
	 *
	 * A provider that reads cookies or headers from the request needs the request. `widget` chooses among several.
	 *
	 * @throws WidgetTokenError with the code that the endpoint would have answered.
	 */
	tokenFor(request?: Request, options?: { readonly widget?: string }): Promise<MintedToken | null>;
}

/**
 * Composes a provider and a widget to the endpoint that gives the signed-in visitor a token.
 *
 * `GET` and `POST` answer `{ token, expiresIn }` (seconds), `{ token: null }` when nobody is signed in, or
 * `application/problem+json` with a `code`, see `errorCodes`. A `nonce` in the query comes back next to the token.
 *
 * `Accept: text/plain` or `application/jwt` gives the bare token, 401 when there is none. A request without a preference (no
 * `Accept`, or one for anything) gets the form that the contract documents (`delivery.endpoint.response`), so that the
 * code on the vendor's page works as it stands.
 *
 * @throws WidgetTokenError at construction: `options_invalid` and what `createMint` throws.
 * @example
 * ```ts
 * import { createTokenHandler } from "@widget-token/core";
 * import { bestChatBot } from "@widget-token/widgets";
 *
 * export const GET = createTokenHandler({
 * 	widget: bestChatBot,
 * 	identify: async (request) => {
 * 		const user = await findUserOfSession(request.headers.get("cookie"));
 * 		return user && { id: user.id, provider: "my-app", email: user.email, emailVerified: user.confirmed };
 * 	},
 * });
 *
 * declare function findUserOfSession(cookie: string | null): Promise<{ id: string; email: string; confirmed: boolean } | null>;
 * ```
 */
export function createTokenHandler<User = unknown>(options: TokenHandlerOptions<User>): TokenHandler {
	const { identify, timeoutSeconds = 5, rateLimiter, onEvent = logFailures, rethrow } = Object.freeze({ ...options });
	if (typeof identify !== "function") throw new WidgetTokenError("options_invalid", { detail: "`identify` is not a function" });
	if (!(timeoutSeconds > 0 && timeoutSeconds <= 300))
		throw new WidgetTokenError("options_invalid", { detail: "`timeoutSeconds` is not between 0 and 300" });
	const allowed = readAllowedOrigins(options.allowedOrigins);
	const choose = createWidgetChoice(options);
	const identifyLimits = { what: "`identify`", late: "provider_timeout", milliseconds: timeoutSeconds * 1000 } as const;

	const run = async (request: Request, choice: (request: Request) => Mint<User>): Promise<Run> => {
		const startedAt = performance.now();
		let widget: string | undefined;
		let identity: Identity<User> | null | undefined;
		const report = (event: Pick<Parameters<typeof emit>[1], "outcome">, error?: unknown): Promise<void> =>
			emit(onEvent, { ...event, widget, durationMs: performance.now() - startedAt }, { identity, error });
		try {
			const mint = choice(request);
			widget = mint.contract.id;
			identity = (await callWithSignal(identifyLimits, (context) => identify(request, context))) ?? null;
			if (identity && rateLimiter) await checkRate(rateLimiter, identity);
			const minted = identity ? readMinted(await mint(identity)) : null;
			if (onEvent !== logFailures) await report({ outcome: minted ? "minted" : "signed_out" });
			return { minted, contract: mint.contract };
		} catch (error) {
			if (belongsToHost(error, rethrow)) throw error;
			await report(describeError(error), error);
			throw toWidgetTokenError(error);
		}
	};

	const reply = async (request: Request): Promise<Reply> => {
		const cors = corsHeaders(request, allowed);
		try {
			if (request.method !== "GET" && request.method !== "POST") return answerOtherMethod(request, cors, allowed);
			const query = readQuery(request.url);
			const { minted, contract } = await run(request, (asked) => {
				checkSite(asked, allowed);
				return choose(query.widget);
			});
			return tokenReply({ minted, representation: negotiate(request.headers.get("accept"), contract), nonce: query.nonce }, cors);
		} catch (error) {
			if (error instanceof WidgetTokenError) return problemReply(error, cors);
			throw error;
		}
	};

	const handler: TokenHandler = Object.assign(async (request: Request) => toResponse(await reply(request)), {
		tokenFor: async (request: Request = new Request("http://localhost/"), { widget }: { readonly widget?: string } = {}) =>
			(await run(request, () => choose(widget ?? null))).minted,
	});
	// Not enumerable: a wrapper that copies the handler's members must not be passed by.
	return Object.defineProperty(handler, replyOf, { value: reply });
}

// A mint of `widgets` can be the integrator's own.
function readMinted({ token, expiresIn }: MintedToken): MintedToken {
	if (typeof token === "string" && (expiresIn === undefined || typeof expiresIn === "number"))
		return { token, ...(expiresIn !== undefined && { expiresIn }) };
	throw new WidgetTokenError("options_invalid", { detail: "a mint of `widgets` returned no token" });
}

/** What a request has come to: a token or nobody, and for which widget. */
interface Run {
	readonly minted: MintedToken | null;
	readonly contract: Contract;
}

/** Under this name a token handler offers its answer to the hosts of this package, which then need no `Response` in between. */
export const replyOf: unique symbol = Symbol.for("@widget-token/core/reply") as never;

function belongsToHost(error: unknown, rethrow: TokenHandlerOptions["rethrow"]): boolean {
	try {
		return rethrow !== undefined && callNow("rethrow", () => rethrow(error)) === true;
	} catch {
		return false;
	}
}

function answerOtherMethod(request: Request, cors: Readonly<Record<string, string>>, allowed: AllowedOrigins): Reply {
	if (request.method === "OPTIONS" && "access-control-allow-origin" in cors) return preflightReply({ ...cors, ...preflightHeaders });
	return problemReply(new WidgetTokenError("method_not_allowed"), {
		...cors,
		allow: allowed.size === 0 ? "GET, POST" : "GET, POST, OPTIONS",
	});
}

interface Query {
	readonly widget: string | null;
	/** Goes into the answer as it is, so only what cannot be anything but a random value. */
	readonly nonce: string | undefined;
}

function readQuery(url: string): Query {
	const start = url.indexOf("?");
	if (start === -1) return noQuery;
	const query = new URLSearchParams(url.slice(start + 1));
	const [nonce, ...others] = query.getAll("nonce");
	return { widget: query.get("widget"), nonce: others.length === 0 && /^[\w-]{1,128}$/.test(nonce ?? "") ? nonce : undefined };
}

const noQuery: Query = { widget: null, nonce: undefined };
