import { preflightReply, readAllowedOrigins, toResponse } from "../http/index.ts";
import type { Ask } from "./lookup.ts";

/** Exact origins, or a lookup such as the tenant's list of domains. */
export type OriginRule = readonly string[] | ((origin: string) => boolean | Promise<boolean>);

type Headers = Readonly<Record<string, string>>;

/** The CORS answers of an endpoint that takes everything from the body: without cookies, and only for origins that are named. Throws when the lookup fails. */
export function createCors(
	rule: OriginRule = [],
	ask: Ask,
): { headers(request: Request): Promise<Headers>; preflight(origin: Headers): Response } {
	const isAllowed =
		typeof rule === "function"
			? (origin: string) => ask(() => rule(origin), "the function of the `allowedOrigins` option")
			: (
					(origins) => (origin: string) =>
						origins.has(origin)
				)(readAllowedOrigins(rule));
	return {
		headers: async (request) => {
			const origin = request.headers.get("origin");
			if (origin === null || origin === "null" || !(await isAllowed(origin))) return {};
			return { "access-control-allow-origin": origin, "access-control-expose-headers": "Retry-After" };
		},
		preflight: (origin) =>
			toResponse(
				preflightReply({
					...origin,
					"access-control-allow-methods": "POST",
					"access-control-allow-headers": "Content-Type, Accept",
					"access-control-max-age": "600",
				}),
			),
	};
}
