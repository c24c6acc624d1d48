import { createTokenHandler, type TokenHandler, type TokenHandlerOptions } from "@widget-token/core";
import { type NodeTokenHandler, toNodeHandler } from "@widget-token/core/node";
import type { DecodedIdToken } from "firebase-admin/auth";
import { createFirebaseIdentify, type FirebaseIdentifyOptions } from "./identify.ts";

export { createFirebaseIdentify, type FirebaseIdentifyOptions } from "./identify.ts";

/** The options of the token handler and of the way in which Firebase's users are read. */
export interface FirebaseWidgetTokenOptions extends FirebaseIdentifyOptions, Omit<TokenHandlerOptions<DecodedIdToken>, "identify"> {}

/**
 * The token endpoint for the users of Firebase Authentication, as a middleware of Express, Cloud Functions' `onRequest`
 * or a listener of node:http.
 *
 * The page sends the ID token of `getIdToken()` as `Authorization: Bearer <ID token>`, or the browser the cookie that
 * `sessionCookie` names. For the codes of its refusals see `createFirebaseIdentify`.
 *
 * @throws WidgetTokenError at construction, as `createTokenHandler` does.
 * @example
 * ```ts
 * import express from "express";
 * import { initializeApp } from "firebase-admin/app";
 * import { firebaseWidgetToken } from "@widget-token/firebase";
 * import { bestChatBot } from "@widget-token/widgets";
 *
 * initializeApp();
 * const app = express();
 * app.all("/api/widget-token", firebaseWidgetToken({ widget: bestChatBot }));
 * ```
 */
export function firebaseWidgetToken(options: FirebaseWidgetTokenOptions): NodeTokenHandler {
	return toNodeHandler(createFirebaseTokenHandler(options));
}

/**
 * The same endpoint for any host: web standard in, web standard out, with `tokenFor()` for server-rendered pages.
 *
 * @throws WidgetTokenError at construction, as `createTokenHandler` does.
 * @example
 * ```ts
 * import { initializeApp } from "firebase-admin/app";
 * import { createFirebaseTokenHandler } from "@widget-token/firebase";
 * import { bestChatBot } from "@widget-token/widgets";
 *
 * initializeApp();
 * export const GET = createFirebaseTokenHandler({ widget: bestChatBot, sessionCookie: "__session" });
 * ```
 */
export function createFirebaseTokenHandler(options: FirebaseWidgetTokenOptions): TokenHandler {
	return createTokenHandler<DecodedIdToken>({ ...options, identify: createFirebaseIdentify(options) });
}
