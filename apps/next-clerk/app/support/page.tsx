import { headers } from "next/headers";
import type { ReactNode } from "react";
import { sandboxUrl } from "../../lib/content-security-policy";
import { GET as widgetToken } from "../api/widget-token/route";

/** A widget whose token is rendered into the page, so that it needs no request of its own. */
export default async function Support(): Promise<ReactNode> {
	const minted = await widgetToken.tokenFor(undefined, { widget: "bestchatbot" });
	const nonce = (await headers()).get("x-nonce") ?? undefined;
	return (
		<main>
			<h1>Support</h1>
			<p>{minted === null ? "The chat does not know you." : "The chat knows who you are."}</p>
			<p>
				<a href="/">Back</a>
			</p>
			<script
				async
				nonce={nonce}
				src={`${sandboxUrl}/bestchatbot/widget/v1/chat.js`}
				data-api-key={process.env.BESTCHATBOT_API_KEY ?? "key-from-the-dashboard"}
				data-user-token={minted?.token}
			/>
		</main>
	);
}
