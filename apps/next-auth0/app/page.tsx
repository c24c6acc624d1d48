import { Choices } from "@widget-token-apps/page/choices";
import { sandboxUrl } from "@widget-token-apps/page/next-policy";
import { choiceQuery, readWidgetChoice } from "@widget-token-apps/page/widget-choices";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { auth0 } from "../lib/auth0";
import { Visitor } from "./visitor";

export default async function Home({ searchParams }: { searchParams: Promise<Record<string, string | undefined>> }): Promise<ReactNode> {
	const choice = readWidgetChoice(sandboxUrl, await searchParams);
	const nonce = (await headers()).get("x-nonce") ?? undefined;
	const { user } = (await auth0.getSession()) ?? {};
	const returnTo = `/${choiceQuery(choice)}`;
	const signInUrl = `/auth/login?${new URLSearchParams({ prompt: "login", returnTo })}`;
	return (
		<main>
			<h1>Next.js and Auth0</h1>
			<p className="quiet">
				The page asks <code>/api/widget-token</code> with Auth0’s session cookie; the widget gets a token of its own.{" "}
				<a href="/support">A page that renders the token on the server</a>
			</p>
			<Visitor user={user === undefined ? null : { id: user.sub, name: user.name ?? user.sub }} {...{ signInUrl, choice, nonce }}>
				<Choices chosen={choice} sandboxUrl={sandboxUrl} />
			</Visitor>
		</main>
	);
}
