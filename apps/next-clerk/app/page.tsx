import { auth, currentUser } from "@clerk/nextjs/server";
import { Choices } from "@widget-token-apps/page/choices";
import { sandboxUrl } from "@widget-token-apps/page/next-policy";
import { choiceQuery, readWidgetChoice } from "@widget-token-apps/page/widget-choices";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { Visitor } from "./visitor";

export default async function Home({ searchParams }: { searchParams: Promise<Record<string, string | undefined>> }): Promise<ReactNode> {
	const choice = readWidgetChoice(sandboxUrl, await searchParams);
	const nonce = (await headers()).get("x-nonce") ?? undefined;
	const { userId } = await auth();
	// The page works without Clerk's answer: the session token alone proves who the user is, though not the name.
	const user = userId === null ? null : await currentUser().catch(() => null);
	const [origin = ""] = (process.env.CLERK_AUTHORIZED_PARTIES ?? "").split(",");
	const back = `${origin}/${choiceQuery(choice)}`;
	const signInUrl = `${process.env.NEXT_PUBLIC_CLERK_SIGN_IN_URL ?? ""}?${new URLSearchParams({ redirect_url: back })}`;
	return (
		<main>
			<h1>Next.js and Clerk</h1>
			<p className="quiet">
				The page asks <code>/api/widget-token</code> with Clerk’s session cookie; the widget gets a token of its own.{" "}
				<a href="/support">A page that renders the token on the server</a>
			</p>
			<Visitor user={userId === null ? null : { id: userId, name: user?.firstName ?? null }} {...{ signInUrl, choice, nonce }}>
				<Choices chosen={choice} sandboxUrl={sandboxUrl} />
			</Visitor>
		</main>
	);
}
