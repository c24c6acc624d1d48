import type { ReactNode } from "react";
import { auth0 } from "../lib/auth0";

export default async function Home(): Promise<ReactNode> {
	const session = await auth0.getSession();
	return (
		<main>
			<h1>Widget tokens with Auth0</h1>
			{session === null ? (
				<p>
					Nobody is signed in. <a href="/auth/login">Sign in</a>
				</p>
			) : (
				<p>
					Signed in as {session.user.name}. <a href="/auth/logout">Sign out</a>
				</p>
			)}
			<p>
				<a href="/support">A page with a support chat</a>
			</p>
		</main>
	);
}
