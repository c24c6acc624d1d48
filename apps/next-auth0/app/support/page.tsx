import { WidgetTokenError } from "@widget-token/core";
import type { ReactNode } from "react";
import { GET as widgetToken } from "../api/widget-token/route";

/** A widget whose token is rendered into the page, so that it needs no request of its own. */
export default async function Support(): Promise<ReactNode> {
	const minted = await widgetToken.tokenFor(undefined, { widget: "bestchatbot" }).catch(asVisitor);
	return (
		<main>
			<h1>Support</h1>
			<p>{minted === null ? "The chat does not know you." : "The chat knows who you are."}</p>
			<script
				async
				src="https://widget.bestchatbot.io/widget/v1/chat.js"
				data-api-key={process.env.BESTCHATBOT_API_KEY}
				data-user-token={minted?.token}
			/>
		</main>
	);
}

/** Without a token the chat still works, so a refusal must not take the page down; Next's own errors pass. */
function asVisitor(error: unknown): null {
	if (error instanceof WidgetTokenError) return null;
	throw error;
}
