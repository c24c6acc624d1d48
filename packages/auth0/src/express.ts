import type { IncomingMessage } from "node:http";
import { createTokenHandler, type Identity, type TokenHandlerOptions, WidgetTokenError } from "@widget-token/core";
import { type NodeTokenHandler, toNodeHandler, withNodeRequest } from "@widget-token/core/node";
import { type Auth0SessionRules, applySessionRules, checkSessionRules } from "./session-rules.ts";
import { readIdentity } from "./user-identity.ts";

/** The claims of an ID token, as `req.oidc.user` holds them. */
export type Auth0ExpressUser = Readonly<Record<string, unknown>>;

/** Options of {@link auth0WidgetToken}: those of `createTokenHandler`, and which sessions get a token. */
export interface Auth0ExpressOptions extends Omit<TokenHandlerOptions<Auth0ExpressUser>, "identify">, Auth0SessionRules {}

/**
 * An Express handler that gives the user of an `express-openid-connect` session a token for a widget; `.tokenFor(request)`
 * gives it to a page that Express renders.
 *
 * `auth()` has to run before it. The SDK answers "not authenticated" for a session cookie that is expired, damaged or
 * encrypted with another secret, and also when a session store fails: all of them are "nobody is signed in"
 * (`express-openid-connect` 3.4, `lib/appSession.js`). An API access token in `Authorization` is not looked at.
 * `maximumSessionAgeSeconds` counts from the `iat` of the ID token.
 *
 * @throws WidgetTokenError at construction: `options_invalid` and what `createTokenHandler` throws. For each request:
 * `provider_misconfigured` without `auth()`, `credential_invalid`, `credential_expired`, `user_impersonated`, `tenant_mismatch`.
 * @example
 * ```ts
 * import express from "express";
 * import { auth } from "express-openid-connect";
 * import { auth0WidgetToken } from "@widget-token/auth0/express";
 * import { bestChatBot } from "@widget-token/widgets";
 *
 * const app = express();
 * app.use(auth({ authRequired: false }));
 * app.get("/api/widget-token", auth0WidgetToken({ widget: bestChatBot }));
 * ```
 */
export function auth0WidgetToken(options: Auth0ExpressOptions): NodeTokenHandler {
	const { organizationId, issuer, maximumSessionAgeSeconds, ...rest } = options;
	const rules: Auth0SessionRules = { organizationId, issuer, maximumSessionAgeSeconds };
	checkSessionRules(rules);
	const { now = Date.now } = rest;
	const identify = withNodeRequest((request: OidcRequest) => readSession(request, rules, now()));
	return toNodeHandler(createTokenHandler<Auth0ExpressUser>({ ...rest, identify }));
}

/** A request that `auth()` of express-openid-connect has seen. */
interface OidcRequest extends IncomingMessage {
	readonly oidc?: {
		isAuthenticated(): boolean;
		readonly user?: Auth0ExpressUser | undefined;
		readonly idTokenClaims?: Readonly<Record<string, unknown>> | undefined;
	};
}

function readSession({ oidc }: OidcRequest, rules: Auth0SessionRules, now: number): Identity<Auth0ExpressUser> | null {
	if (typeof oidc?.isAuthenticated !== "function") {
		throw new WidgetTokenError("provider_misconfigured", {
			detail: "the request has no `oidc`",
			remedy: "Put app.use(auth({ authRequired: false })) of express-openid-connect before the route.",
		});
	}
	if (oidc.isAuthenticated() !== true) return null;
	const identity = readIdentity(oidc.user);
	// `identityClaimFilter` takes claims off the user, such as `iss`; the ID token's own are complete.
	const { idTokenClaims } = oidc;
	applySessionRules(identity.user, { idTokenClaims, signedInAt: idTokenClaims?.["iat"] }, rules, now);
	return identity;
}
