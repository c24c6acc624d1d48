import { auth } from "@clerk/nextjs/server";
import type { ReactNode } from "react";

export default async function Home(): Promise<ReactNode> {
	const { userId } = await auth();
	return (
		<main>
			<h1>Widget tokens with Clerk</h1>
			<p>{userId === null ? "Nobody is signed in." : "Somebody is signed in."}</p>
			<p>
				<a href="/support">A page with a support chat</a>
			</p>
		</main>
	);
}
