import { clerkMiddleware } from "@clerk/nextjs/server";
import { withPolicy } from "@widget-token-apps/page/next-policy";
import { NextResponse } from "next/server";

// The origins of the app, separated by commas. Sessions of any other, such as a sibling subdomain, do not count.
const authorizedParties = (process.env.CLERK_AUTHORIZED_PARTIES ?? "")
	.split(",")
	.map((origin) => origin.trim())
	.filter(Boolean);
if (authorizedParties.length === 0 && process.env.NODE_ENV === "production") {
	throw new Error("CLERK_AUTHORIZED_PARTIES is not set. Set it to the origin of the app, such as https://app.example.com.");
}

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
		authorizedParties,
	},
);

export const config = { matcher: ["/((?!_next/static|_next/image|favicon.ico).*)"] };
