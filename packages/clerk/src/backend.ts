import type { ClerkClient, User } from "@clerk/backend";
import { createTokenHandler, type Identify, type TokenHandler, type TokenHandlerOptions, WidgetTokenError } from "@widget-token/core";
import { isKeyError, readKeyError } from "./backend-error.ts";
import type { ClerkIdentifyOptions } from "./identify-options.ts";
import type { ClerkAuthState } from "./session.ts";
import type { ClerkSessionClaims, SessionClaimNames } from "./session-claims.ts";
import { createSessionIdentify } from "./session-identify.ts";

export type { ClerkIdentifyOptions } from "./identify-options.ts";
export type { ClerkSessionClaims, SessionClaimNames } from "./session-claims.ts";

/** What `role` and `claims` get: Clerk's user, or the session's claims where `sessionClaims` is given. */
export type ClerkSubject<Names> = [Names] extends [undefined] ? User : ClerkSessionClaims;

/** The part of `createClerkClient()` that is used. */
export interface ClerkBackendClient {
	readonly authenticateRequest: ClerkClient["authenticateRequest"];
	readonly users: Pick<ClerkClient["users"], "getUser">;
}

/** Options of {@link createClerkBackendIdentify}. */
export interface ClerkBackendIdentifyOptions<Names extends SessionClaimNames | undefined = undefined> extends ClerkIdentifyOptions<Names> {
	/** From `createClerkClient({ secretKey, publishableKey, jwtKey })` of `@clerk/backend`; with `jwtKey` verification needs no network. */
	readonly clerkClient: ClerkBackendClient;
	/** The exact origins of your pages, such as `https://app.example.com`: a session token issued to any other page is refused (`azp`). */
	readonly authorizedParties: readonly string[];
}

/**
 * Reads the signed-in user of a request on any host, from a bearer token or from Clerk's cookies: through
 * `clerkClient.authenticateRequest` and one request of `users.getUser`. It accepts session tokens only.
 *
 * @throws WidgetTokenError at construction: `options_invalid`. For each request: `credential_invalid`,
 * `credential_expired`, `client_refused`, `session_pending`, `user_impersonated`, `user_disabled`,
 * `provider_misconfigured`, `provider_unavailable` (with the backend's `Retry-After`).
 * @example
 * ```ts
 * import { createClerkClient } from "@clerk/backend";
 * import { createClerkBackendIdentify } from "@widget-token/clerk/backend";
 *
 * const clerkClient = createClerkClient({ secretKey: process.env["CLERK_SECRET_KEY"]!, publishableKey: process.env["CLERK_PUBLISHABLE_KEY"]! });
 * const identify = createClerkBackendIdentify({ clerkClient, authorizedParties: ["https://app.example.com"] });
 * ```
 */
export function createClerkBackendIdentify<Names extends SessionClaimNames | undefined = undefined>(
	options: ClerkBackendIdentifyOptions<Names>,
): Identify<ClerkSubject<Names>> {
	const { clerkClient } = options;
	if (typeof clerkClient?.authenticateRequest !== "function")
		throw new WidgetTokenError("options_invalid", { detail: "`clerkClient` is not a client of @clerk/backend" });
	const authorizedParties = readAuthorizedParties(options.authorizedParties);
	const source = {
		authenticate: (request: Request) => authenticate(clerkClient, request, authorizedParties),
		getUser: (userId: string) => clerkClient.users.getUser(userId),
	};
	return createSessionIdentify(source, options) as Identify<ClerkSubject<Names>>;
}

/** Options of {@link createClerkTokenHandler}: those of `createTokenHandler` and of `createClerkBackendIdentify`. */
export interface ClerkTokenHandlerOptions<Names extends SessionClaimNames | undefined = undefined>
	extends Omit<TokenHandlerOptions<ClerkSubject<Names>>, "identify">,
		ClerkBackendIdentifyOptions<Names> {}

/**
 * The widget-token endpoint with Clerk on any host, such as Hono, a worker or, through `toNodeHandler`, Express.
 *
 * @throws WidgetTokenError at construction: `options_invalid` and what `createTokenHandler` throws.
 * @example
 * ```ts
 * import { createClerkClient } from "@clerk/backend";
 * import { createClerkTokenHandler } from "@widget-token/clerk/backend";
 * import { bestChatBot } from "@widget-token/widgets";
 *
 * const handler = createClerkTokenHandler({
 * 	widget: bestChatBot,
 * 	clerkClient: createClerkClient({ secretKey: process.env["CLERK_SECRET_KEY"]!, publishableKey: process.env["CLERK_PUBLISHABLE_KEY"]! }),
 * 	authorizedParties: ["https://app.example.com"],
 * });
 * ```
 */
export function createClerkTokenHandler<Names extends SessionClaimNames | undefined = undefined>(
	options: ClerkTokenHandlerOptions<Names>,
): TokenHandler {
	return createTokenHandler<ClerkSubject<Names>>({ ...options, identify: createClerkBackendIdentify<Names>(options) });
}

async function authenticate(client: ClerkBackendClient, request: Request, authorizedParties: string[]): Promise<ClerkAuthState> {
	const { origin, pathname } = new URL(request.url);
	// As a POST without its query the SDK verifies what the request carries and nothing else: on a GET it would also
	// renew an expired token or start a redirect, whose cookies are not this endpoint's to set.
	const credentials = new Request(origin + pathname, { method: "POST", headers: request.headers });
	try {
		// As a list, so that an opaque machine token is told apart without asking the backend for it.
		const state = await client.authenticateRequest(credentials, { authorizedParties, acceptsToken: ["session_token"] });
		const session = state.toAuth();
		return {
			status: state.status,
			reason: state.reason,
			session: session !== null && session.tokenType === "session_token" ? session : null,
		};
	} catch (error) {
		throw error instanceof Error && isKeyError(error.message) ? readKeyError(error) : error;
	}
}

// `azp` holds an Origin, so anything but an exact origin would never match, or in a pattern's case mislead.
function readAuthorizedParties(origins: readonly string[]): string[] {
	if (
		Array.isArray(origins) &&
		origins.length > 0 &&
		origins.every((origin) => typeof origin === "string" && /^[a-z][a-z\d+.-]*:\/\/[^\s/?#*]+$/.test(origin))
	) {
		return [...origins];
	}
	throw new WidgetTokenError("options_invalid", {
		detail: "`authorizedParties` is not a list of origins",
		remedy: 'Give the exact origins of the pages that may ask: ["https://app.example.com"].',
	});
}
