import type { Contract } from "./contract.ts";
import { bindVerify, type Verify, type VerifyOptions } from "./create-verify.ts";
import type { ErrorCode } from "./error-codes.ts";
import { WidgetTokenError } from "./errors.ts";
import { problemReply, type Reply } from "./response.ts";
import type { Refused, VerifiedIdentity } from "./verify-result.ts";

/** Options of the middleware `verifyVisitor`; those of `createVerify` apply to a contract. */
export interface VisitorOptions<Request> extends VerifyOptions {
	/** The contract that the tokens are held to, or a verification that is bound already. */
	readonly widget: Contract | Verify;
	/** Where the token is. Default: the header `Authorization: Bearer <token>`. */
	readonly token?: ((request: Request) => string | null | undefined) | undefined;
	/** Whose token it should be, from the route; for look-ups only. */
	readonly tenant?: ((request: Request) => string | undefined) | undefined;
	/** For a contract of the scheme `hmac`: the text that the token is the hash of. */
	readonly identifier?: ((request: Request) => string | undefined) | undefined;
	/** Refuses a request without a verified visitor (401). Default: it goes on with an anonymous one. */
	readonly required?: boolean | undefined;
}

/** Reads the visitor of a request; null for an anonymous one. Throws when nothing can be told (503), or when a visitor is required (401). */
export type VisitorReader<Request> = (request: Request, authorization: string | null | undefined) => Promise<VerifiedIdentity | null>;

/** What the middlewares share: where the token is, and what its refusal means for the request. */
export function createVisitorReader<Request>(options: VisitorOptions<Request>): VisitorReader<Request> {
	const { widget, token: readToken, tenant, identifier, required = false, ...verifyOptions } = options;
	const verify = bindVerify(widget, verifyOptions);
	return async (request, authorization) => {
		const token = readToken === undefined ? /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1] : readToken(request);
		if (token === null || token === undefined || token === "") {
			if (required) throw new WidgetTokenError("not_signed_in");
			return null;
		}
		const result = await verify(token, { tenant: tenant?.(request), identifier: identifier?.(request) });
		if (result.verified) return result.identity;
		if (required) throw new WidgetTokenError(toErrorCode(result), { detail: result.code });
		return null;
	};
}

// A vendor's reason `expired` asks for a fresh token in both cases, but only one of them is a matter of time.
function toErrorCode({ reason, code }: Refused): ErrorCode {
	if (code === "replayed") return "credential_used";
	return reason === "expired" ? "credential_expired" : "credential_invalid";
}

/** The answer instead of the page's: 401, or 503 when the verification could not be done. */
export function visitorProblem(error: unknown): Reply {
	const known = error instanceof WidgetTokenError ? error : new WidgetTokenError("internal_error", { cause: error });
	return problemReply(known, known.status === 401 ? { "www-authenticate": "Bearer" } : {});
}

/**
 * Whether a header claims how the visitor was identified, such as `X-Hilal-Identity-Source: verified`.
 *
 * A browser can send it too, so a server must not find it on a request. Some servers write headers with underscores.
 */
export function isIdentitySourceHeader(name: string): boolean {
	return /^x[-_](?:.*[-_])?identity[-_]source$/i.test(name);
}
