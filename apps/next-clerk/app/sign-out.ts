"use server";

import { auth, clerkClient } from "@clerk/nextjs/server";
import { cookies } from "next/headers";

/** Ends the session at Clerk and in this browser. A page with Clerk's own script calls `useClerk().signOut()` instead. */
export async function signOut(): Promise<void> {
	const { sessionId } = await auth();
	// First, so that a failure leaves the browser signed in and can be tried again.
	if (sessionId !== null) await (await clerkClient()).sessions.revokeSession(sessionId);
	const jar = await cookies();
	jar.delete("__session");
	jar.set("__client_uat", "0");
}
