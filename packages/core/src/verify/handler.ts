import { toWidgetTokenError, WidgetTokenError } from "../base/index.ts";
import { checkRate, problemReply, protectiveHeaders, toResponse } from "../http/index.ts";
import { checkVerifyHandlerOptions } from "./check-options.ts";
import type { VerificationCode } from "./codes.ts";
import { createCors } from "./cors.ts";
import { bindVerify } from "./create-verify.ts";
import { emitFailure, logVerifyFailures } from "./event.ts";
import { createAsk, createRead } from "./lookup.ts";
import type { VerifyHandlerOptions } from "./options.ts";
import { readVerifyRequest } from "./request.ts";
import { refused, type VerifyResult } from "./result.ts";
import type { VerifyContext } from "./verification.ts";

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
	const { timeoutSeconds = 5, onEvent = logVerifyFailures } = verifyOptions;
	const cors = createCors(allowedOrigins, createAsk(timeoutSeconds));
	const allow = allowedOrigins === undefined ? "POST" : "POST, OPTIONS";
	const read = createRead(timeoutSeconds);

	const readQuestion = async (request: Request): Promise<Question | VerificationCode> => {
		if (rateLimiter !== undefined) {
			const id = (await read("client", () => client?.(request))) ?? "unknown";
			await checkRate(rateLimiter, { provider: verify.contract.id, id });
		}
		const body = await readVerifyRequest(request);
		if (typeof body === "string") return body;
		const identifier = typeof body.identifier === "string" ? body.identifier : undefined;
		return { token: body.token as string, context: { tenant: await read("tenant", () => tenant?.(request, body)), identifier } };
	};

	return async (request) => {
		const startedAt = performance.now();
		let origin: Readonly<Record<string, string>> = {};
		let isReported = false;
		try {
			origin = await cors.headers(request);
			if (request.method === "OPTIONS" && Object.keys(origin).length > 0) return cors.preflight(origin);
			if (request.method !== "POST") return toResponse(problemReply(new WidgetTokenError("method_not_allowed"), { ...origin, allow }));
			const question = await readQuestion(request);
			if (typeof question === "string") return resultResponse(refused(question), origin);
			// What the verification throws, it has reported itself.
			isReported = true;
			return resultResponse(await verify(question.token, question.context), origin);
		} catch (error) {
			const known = toWidgetTokenError(error);
			if (known.status >= 500 && !(isReported && known === error)) emitFailure(onEvent, error, { widget: verify.contract.id, startedAt });
			return toResponse(problemReply(known, origin));
		}
	};
}

/** What a request asks about. */
interface Question {
	readonly token: string;
	readonly context: VerifyContext;
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
