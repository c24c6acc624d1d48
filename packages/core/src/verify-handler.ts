import type { Contract } from "./contract.ts";
import { bindVerify, type Verify, type VerifyContext, type VerifyOptions } from "./create-verify.ts";
import { WidgetTokenError } from "./errors.ts";
import { checkRate, type RateLimiter } from "./rate.ts";
import { problemReply, protectiveHeaders, toResponse } from "./response.ts";
import { createCors, type OriginRule } from "./verify-cors.ts";
import { describeFailure, emitVerifyEvent, logVerifyFailures } from "./verify-event.ts";
import { checkVerifyHandlerOptions } from "./verify-options.ts";
import { readVerifyRequest, type VerifyBody } from "./verify-request.ts";
import { refused, type VerifyResult } from "./verify-result.ts";

/** Options of {@link createVerifyHandler}; those of `createVerify` apply to a contract. */
export interface VerifyHandlerOptions extends VerifyOptions {
	/** The contract that the tokens are held to, or a verification that is bound already. */
	readonly widget: Contract | Verify;
	/** Whose token it should be, from the route or from the members of the body beside `token`. It is a claim of the page's: use it for look-ups only. */
	readonly tenant?: ((request: Request, body: VerifyBody) => string | undefined) | undefined;
	/** Limits how often one client may ask, such as a limiter of `rate-limiter-flexible`. Needs `client`. */
	readonly rateLimiter?: RateLimiter | undefined;
	/** Who asks, such as the address of the connection; a header counts only where your own proxy sets it. Clients without one share a limit. */
	readonly client?: ((request: Request) => string | undefined) | undefined;
	/** The origins whose pages may read the answer: exact ones, or a look-up. Cookies are never allowed. Default: none but the endpoint's own. */
	readonly allowedOrigins?: OriginRule | undefined;
}

/** The endpoint that a widget asks who the visitor is. */
export type VerifyHandler = (request: Request) => Promise<Response>;

/**
 * The vendor's endpoint, such as Hilal's `POST /api/widget/verify-jwt`.
 *
 * Takes `{ "token": "…" }` as JSON, or the bare token; answers 200 with `{ verified: true, claims }` (those about the
 * visitor) or `{ verified: false, reason, code, remedy }`: both are answers to the question, and the widget goes on
 * with an anonymous visitor. Only what is no answer is `application/problem+json`: 405, 429, 500, and 503 for an outage.
 *
 * @throws WidgetTokenError at construction: `options_invalid` and what `createVerify` throws.
 * @example
 * ```ts
 * import { createVerifyHandler } from "@widget-token/core/verify";
 * import { hilal } from "@widget-token/widgets";
 *
 * export const POST = createVerifyHandler({
 * 	widget: hilal,
 * 	tenant: (_, { botId }) => (typeof botId === "string" ? botId : undefined),
 * 	keys: ({ tenant }) => secretOfBot(tenant),
 * });
 *
 * declare function secretOfBot(id: string | undefined): Promise<string | null>;
 * ```
 */
export function createVerifyHandler(options: VerifyHandlerOptions): VerifyHandler {
	const { widget, tenant, rateLimiter, client, allowedOrigins, ...verifyOptions } = options;
	const verify = bindVerify(widget, verifyOptions);
	checkVerifyHandlerOptions({ tenant, rateLimiter, client, allowedOrigins });
	const cors = createCors(allowedOrigins);
	const onEvent = options.onEvent ?? logVerifyFailures;

	const answer = async (request: Request, origin: Readonly<Record<string, string>>): Promise<Response> => {
		if (rateLimiter !== undefined) await checkRate(rateLimiter, { provider: verify.contract.id, id: client?.(request) ?? "unknown" });
		const body = await readVerifyRequest(request);
		if (typeof body === "string") return resultResponse(refused(body), origin);
		const context: VerifyContext = {
			tenant: tenant?.(request, body),
			identifier: typeof body.identifier === "string" ? body.identifier : undefined,
		};
		return resultResponse(await verify(body.token as string, context), origin);
	};

	return async (request) => {
		const startedAt = performance.now();
		const origin = await cors.headers(request);
		if (request.method === "OPTIONS" && Object.keys(origin).length > 0) return cors.preflight(origin);
		if (request.method !== "POST")
			return toResponse(
				problemReply(new WidgetTokenError("method_not_allowed"), {
					...origin,
					allow: allowedOrigins === undefined ? "POST" : "POST, OPTIONS",
				}),
			);
		try {
			return await answer(request, origin);
		} catch (error) {
			const known = error instanceof WidgetTokenError ? error : new WidgetTokenError("internal_error", { cause: error });
			// What the verification throws it has reported itself.
			if (known.code === "limiter_unavailable" || known !== error) {
				emitVerifyEvent(onEvent, { ...describeFailure(error), widget: verify.contract.id, durationMs: performance.now() - startedAt });
			}
			return toResponse(problemReply(known, origin));
		}
	};
}

// What a token says about itself is of no use to the page.
const technicalClaims = new Set(["iss", "aud", "exp", "nbf", "iat", "jti"]);

function resultResponse(result: VerifyResult, headers: Readonly<Record<string, string>>): Response {
	const body = result.verified
		? { verified: true, claims: Object.fromEntries(Object.entries(result.claims).filter(([name]) => !technicalClaims.has(name))) }
		: result;
	return toResponse({
		status: 200,
		headers: { ...protectiveHeaders, "content-type": "application/json", ...headers },
		body: JSON.stringify(body),
	});
}
