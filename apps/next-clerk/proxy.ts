import { clerkMiddleware } from "@clerk/nextjs/server";
import { withPolicy } from "@widget-token-apps/page/next-policy";
import { NextResponse } from "next/server";

export default clerkMiddleware(
	(_auth, request) => {
		const { headers, policy } = withPolicy(request);
		const response = NextResponse.next({ request: { headers } });
		response.headers.set("content-security-policy", policy);
		return response;
	},
	{
		// With the key of the dashboard's API keys page, session tokens are verified without asking Clerk.
		...(process.env.CLERK_JWT_KEY === undefined ? {} : { jwtKey: process.env.CLERK_JWT_KEY }),
		// The origins whose session tokens count; without them a sibling subdomain's token would.
		authorizedParties: (process.env.CLERK_AUTHORIZED_PARTIES ?? "http://localhost:3000").split(","),
	},
);

export const config = { matcher: ["/((?!_next/static|_next/image|favicon.ico).*)"] };
