import { createTokenHandler, type TokenHandler, type TokenHandlerOptions } from "@widget-token/core";
import { createSupabaseIdentify, type SupabaseIdentifyOptions, type SupabaseMode, type SupabaseUser } from "./identify.ts";

/** Options of {@link withSupabaseWidgetToken}: those of `createTokenHandler`, and how Supabase's users are read. */
export interface SupabaseWidgetTokenOptions<Mode extends SupabaseMode = "getUser">
	extends Omit<TokenHandlerOptions<SupabaseUser<Mode>>, "identify" | "env">,
		SupabaseIdentifyOptions<Mode> {}

/**
 * The token endpoint for the users of Supabase Auth, as an Edge Function or for any host of Request and Response.
 *
 * The page sends the session's access token as `Authorization: Bearer <access token>`, as `supabase.functions.invoke` does.
 * An Edge Function has another origin than the page: name the page's in `allowedOrigins`. For the codes of its refusals
 * see `createSupabaseIdentify`; for sessions in cookies see `@widget-token/supabase/ssr`.
 *
 * Import path: `@widget-token/supabase`.
 *
 * @throws WidgetTokenError at construction, as `createTokenHandler` does.
 * @example
 * ```ts
 * // supabase/functions/widget-token/index.ts
 * import { withSupabaseWidgetToken } from "@widget-token/supabase";
 * import { bestChatBot } from "@widget-token/widgets";
 *
 * Deno.serve(withSupabaseWidgetToken({ widget: bestChatBot, allowedOrigins: ["https://app.example.com"] }));
 *
 * declare const Deno: { serve(handler: (request: Request) => Promise<Response>): unknown };
 * ```
 */
export function withSupabaseWidgetToken<Mode extends SupabaseMode = "getUser">(options: SupabaseWidgetTokenOptions<Mode>): TokenHandler {
	const handler = createTokenHandler<SupabaseUser<Mode>>({ ...options, identify: createSupabaseIdentify<Mode>(options) });
	return Object.assign(async (request: Request) => allowClientHeaders(await handler(request)), { tokenFor: handler.tokenFor });
}

// What a Supabase client adds to a call of a function; a browser does not send the call before the preflight names them.
const clientHeaders = "Authorization, Content-Type, Accept, apikey, x-client-info, x-retry-count, traceparent, tracestate, baggage";

function allowClientHeaders(response: Response): Response {
	if (response.headers.has("access-control-allow-headers")) response.headers.set("access-control-allow-headers", clientHeaders);
	return response;
}
