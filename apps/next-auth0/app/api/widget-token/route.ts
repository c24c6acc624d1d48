import { withAuth0WidgetToken } from "@widget-token/auth0";
import { createMint } from "@widget-token/core";
import { bestChatBot, customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";
import { auth0, roleClaim } from "../../../lib/auth0";

// Shorter than the widget's default, to see the page replace a token: 20.
const lifetimeSeconds = Number(process.env.BESTCHATBOT_LIFETIME_SECONDS) || undefined;

export const GET = withAuth0WidgetToken({
	auth0,
	widgets: [
		onPilot,
		createMint(bestChatBot, { lifetimeSeconds }),
		hilal,
		jupid,
		createMint(customGpt, { role: (_identity, user) => user[roleClaim] }),
	],
});

export const POST = GET;
