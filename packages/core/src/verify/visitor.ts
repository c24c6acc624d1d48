import { type Awaitable, type ErrorCode, toWidgetTokenError, WidgetTokenError } from "../base/index.ts";
import type { Contract } from "../contract/index.ts";
import { problemReply, type Reply } from "../http/index.ts";
import { bindVerify } from "./create-verify.ts";
import { emitFailure, logVerifyFailures } from "./event.ts";
import { createRead } from "./lookup.ts";
import type { VerifyOptions } from "./options.ts";
import type { Refused, VerifiedIdentity } from "./result.ts";
import type { Verify, VerifyContext } from "./verification.ts";

/** Options of the middleware `verifyVisitor`; those of `createVerify` apply to a contract. */
export interface VisitorOptions<Request> extends VerifyOptions {
	/** The contract that the tokens are held to, or a verification that is bound already. */
	readonly widget: Contract | Verify;
	/** Where the token is. Default: the header `Authorization: Bearer <token>`. */
	readonly token?: ((request: Request) => Awaitable<string | null | undefined>) | undefined;
	/** Whose token it should be, from the route; for look-ups only. */
	readonly tenant?: ((request: Request) => Awaitable<string | undefined>) | undefined;
	/** For a contract of the scheme `hmac`: the text that the token is the hash of. */
	readonly identifier?: ((request: Request) => Awaitable<string | undefined>) | undefined;
	/** Refuses a request without a verified visitor (401). Default: it goes on with an anonymous one. */
	readonly required?: boolean | undefined;
}

/** The visitor of a request, null for an anonymous one; or the answer that is sent instead of the page's: 401 where one is required, 500, 503. */
export type VisitorReading = { readonly visitor: VerifiedIdentity | null } | { readonly problem: Reply };

/** Reads the visitor of a request. It never throws. */
export type VisitorReader<Request> = (request: Request, authorization: string | null | undefined) => Promise<VisitorReading>;

/** What the middlewares share: where the token is, and what its refusal means for the request. */
export function createVisitorReader<Request>(options: VisitorOptions<Request>): VisitorReader<Request> {
	const { widget, token: readToken, tenant, identifier, required = false, ...verifyOptions } = options;
	const verify = bindVerify(widget, verifyOptions);
	const { timeoutSeconds = 5, onEvent = logVerifyFailures } = verifyOptions;
	const read = createRead(timeoutSeconds);

	const readVisitor = async (token: string, context: VerifyContext): Promise<VerifiedIdentity | null> => {
		const result = await verify(token, context);
		if (result.verified) return result.identity;
		if (required) throw new WidgetTokenError(toErrorCode(result), { detail: result.code });
		return null;
	};

	return async (request, authorization) => {
		const startedAt = performance.now();
		let isReported = false;
		try {
			const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
			const token = readToken === undefined ? bearer : await read("token", () => readToken(request));
			if (!token && required) throw new WidgetTokenError("not_signed_in");
			if (!token) return { visitor: null };
			const context = {
				tenant: await read("tenant", () => tenant?.(request)),
				identifier: await read("identifier", () => identifier?.(request)),
			};
			// What the verification throws, it has reported itself.
			isReported = true;
			return { visitor: await readVisitor(token, context) };
		} catch (error) {
			const known = toWidgetTokenError(error);
			if (known.status >= 500 && !(isReported && known === error)) emitFailure(onEvent, error, { widget: verify.contract.id, startedAt });
			return { problem: problemReply(known, known.status === 401 ? { "www-authenticate": "Bearer" } : {}) };
		}
	};
}

// A vendor's reason `expired` asks for a fresh token in both cases, but only one of them is a matter of time.
function toErrorCode({ reason, code }: Refused): ErrorCode {
	if (code === "replayed") return "credential_used";
	return reason === "expired" ? "credential_expired" : "credential_invalid";
}

/**
 * Whether a header claims how the visitor was identified, such as `X-Hilal-Identity-Source: verified`.
 *
 * A browser can send it too, so a server must not find it on a request. Some servers write headers with underscores.
 */
export function isIdentitySourceHeader(name: string): boolean {
	return /^x[-_](?:.*[-_])?identity[-_]source$/i.test(name);
}
