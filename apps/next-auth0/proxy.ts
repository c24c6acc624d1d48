import { auth0 } from "./lib/auth0";

export function proxy(request: Request): Promise<Response> {
	return auth0.middleware(request);
}

// The token endpoint reads the session itself. Were it listed here, a widget that renews its token in the background would
// keep the session of an idle visitor alive, for the SDK extends a session with every request that passes through it.
export const config = { matcher: ["/((?!_next/static|_next/image|favicon.ico|api/widget-token).*)"] };
