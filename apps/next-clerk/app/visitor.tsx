"use client";

import { createTokenSession } from "@widget-token/client";
import { Widget } from "@widget-token/client/react";
import { followUser } from "@widget-token-apps/page/follow-user";
import { loadOwnScript } from "@widget-token-apps/page/own-script";
import type { WidgetChoice } from "@widget-token-apps/page/widget-choices";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useState } from "react";
import { signOut } from "./sign-out";

/** What the server knows of the visitor, and what the page is about. */
export interface VisitorProps {
	readonly user: { readonly id: string; readonly name: string | null } | null;
	readonly signInUrl: string;
	readonly choice: WidgetChoice;
	readonly nonce: string | undefined;
	readonly children: ReactNode;
}

/** Who is signed in, and the widget that is told so. */
export function Visitor({ user, signInUrl, children, ...page }: VisitorProps): ReactNode {
	const router = useRouter();
	// What the server sends anew, without a new page, is about the user: the policy's nonce and the widget are those of the page.
	const [{ choice, nonce }] = useState(page);
	const [session] = useState(() => createTokenSession({ endpoint: "/api/widget-token", widget: choice.contract.id }));
	const [problem, setProblem] = useState<string | null>(null);
	const userId = user?.id ?? null;

	useEffect(() => loadOwnScript(choice, nonce), [choice, nonce]);

	// The server knows who is signed in; what the page and the widget show follows it.
	useEffect(() => followUser(userId, router.refresh), [userId, router]);

	async function leave(): Promise<void> {
		setProblem(null);
		try {
			await session.signOut(signOut);
			router.refresh();
		} catch {
			setProblem("Clerk has not ended the session. Please try again.");
		}
	}

	return (
		<>
			<section className="card" aria-labelledby="user-title">
				<h2 id="user-title">Who is signed in</h2>
				<p role="status">
					{user === null ? (
						"Nobody is signed in."
					) : (
						<>
							Signed in{user.name === null ? "; Clerk cannot be asked for the name" : " as "}
							<strong>{user.name}</strong>.
						</>
					)}
				</p>
				<div className="actions">
					<a className={user === null ? "button main" : "button"} href={signInUrl}>
						{user === null ? "Sign in" : "Switch user"}
					</a>
					{user === null ? null : (
						<button type="button" className="button" onClick={() => void leave()}>
							Sign out
						</button>
					)}
				</div>
				{problem === null ? null : (
					<p className="bad" role="alert">
						{problem}
					</p>
				)}
			</section>
			{children}
			<Widget
				contract={choice.contract}
				embed={choice.embed}
				settings={choice.settings}
				src={choice.src}
				session={session}
				user={userId}
				nonce={nonce}
			/>
		</>
	);
}
