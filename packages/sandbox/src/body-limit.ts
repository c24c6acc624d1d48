import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { problemResponse } from "./problem.ts";

// A token of 8 KiB, and as much again for what comes next to it.
const maximumBytes = 16_384;

/** Refuses a longer body with 413, before a route reads it. `allowOrigin` gives the origin whose page may read the refusal. */
export function limitBodies(allowOrigin: (origin: string) => string | null): MiddlewareHandler {
	return bodyLimit({
		maxSize: maximumBytes,
		onError: (c) => {
			const origin = allowOrigin(c.req.header("origin") ?? "");
			return problemResponse(
				{
					status: 413,
					code: "body_too_large",
					title: "The request's body is longer than 16 KiB",
					remedy: "Send the token and nothing else; a token may be 8 KiB long.",
				},
				// The rest of the body is not read, so the connection cannot be used again.
				{ connection: "close", vary: "Origin", ...(origin === null ? {} : { "access-control-allow-origin": origin }) },
			);
		},
	});
}
