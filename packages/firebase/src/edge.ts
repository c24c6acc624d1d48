import { createTokenHandler, type TokenHandler, type TokenHandlerOptions } from "@widget-token/core";
import type { FirebaseClaims } from "./claims.ts";
import { createFirebaseIdentify, type FirebaseIdentifyOptions } from "./edge-identify.ts";

export type { FirebaseClaims } from "./claims.ts";
export { createFirebaseIdentify, type FirebaseIdentifyOptions } from "./edge-identify.ts";

/** The options of the token handler and of the way in which Firebase's users are read. */
export interface FirebaseWidgetTokenOptions extends FirebaseIdentifyOptions, Omit<TokenHandlerOptions<FirebaseClaims>, "identify"> {}

/**
 * The token endpoint for the users of Firebase Authentication where firebase-admin cannot run, with `tokenFor()` for
 * server-rendered pages. For what it cannot see, and for the codes of its refusals, see `createFirebaseIdentify`.
 *
 * @throws WidgetTokenError at construction, as `createTokenHandler` does.
 * @example
 * ```ts
 * import { createFirebaseTokenHandler } from "@widget-token/firebase/edge";
 * import { bestChatBot } from "@widget-token/widgets";
 *
 * const handler = createFirebaseTokenHandler({ projectId: "my-project", widget: bestChatBot });
 *
 * export const fetch = (request: Request): Promise<Response> => handler(request);
 * ```
 */
export function createFirebaseTokenHandler(options: FirebaseWidgetTokenOptions): TokenHandler {
	return createTokenHandler<FirebaseClaims>({ ...options, identify: createFirebaseIdentify(options) });
}
