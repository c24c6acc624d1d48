import { withPolicy } from "@widget-token-apps/page/next-policy";
import { type NextRequest, NextResponse } from "next/server";
import { auth0 } from "./lib/auth0";

export async function proxy(request: NextRequest): Promise<Response> {
	const answer = await auth0.middleware(request);
	if (request.nextUrl.pathname.startsWith("/auth/")) return answer;
	const { headers, policy } = withPolicy(request);
	const response = NextResponse.next({ request: { headers } });
	for (const cookie of answer.headers.getSetCookie()) response.headers.append("set-cookie", cookie);
	response.headers.set("content-security-policy", policy);
	return response;
}

// The token endpoint reads the session itself. Were it listed here, a widget that renews its token in the background would
// keep the session of an idle visitor alive, for the SDK extends a session with every request that passes through it.
export const config = { matcher: ["/((?!_next/static|_next/image|favicon.ico|api/widget-token).*)"] };
