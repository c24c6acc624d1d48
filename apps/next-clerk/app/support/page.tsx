import { auth } from "@clerk/nextjs/server";
import { widgetScript } from "@widget-token/client";
import { WidgetTokenError } from "@widget-token/core";
import { bestChatBot } from "@widget-token/widgets/browser";
import { sandboxUrl } from "@widget-token-apps/page/next-policy";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { GET as widgetToken } from "../api/widget-token/route";
import { FollowUser } from "./follow-user";

/** A widget whose token is rendered into the page, so that it needs no request of its own. Next.js answers with `no-store`. */
export default async function Support(): Promise<ReactNode> {
	const { userId } = await auth();
	const minted = await widgetToken.tokenFor(undefined, { widget: "bestchatbot" }).catch(asVisitor);
	const nonce = (await headers()).get("x-nonce") ?? undefined;
	const chat = widgetScript(bestChatBot, {
		token: minted?.token,
		settings: { apiKey: process.env.BESTCHATBOT_API_KEY ?? "key-from-the-dashboard" },
		src: `${sandboxUrl}/bestchatbot/widget/v1/chat.js`,
		nonce,
	});
	return (
		<main>
			<h1>Support</h1>
			<p className="quiet">
				The server puts the token into the chat’s script tag; the page asks for none. <a href="/">Back</a>
			</p>
			<section className="card" aria-labelledby="chat-title">
				<h2 id="chat-title">Who the chat takes you for</h2>
				<p>{minted === null ? "The chat does not know you." : "The chat knows who you are."}</p>
			</section>
			<FollowUser user={userId} />
			{/* biome-ignore lint/security/noDangerouslySetInnerHtml: widgetScript escapes every value */}
			<div dangerouslySetInnerHTML={{ __html: chat }} />
		</main>
	);
}

/** Without a token the chat still works, so a refusal must not take the page down; Next's own errors pass. */
function asVisitor(error: unknown): null {
	if (error instanceof WidgetTokenError) return null;
	throw error;
}
