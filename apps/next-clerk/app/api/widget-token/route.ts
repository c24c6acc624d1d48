import { withClerkWidgetToken } from "@widget-token/clerk";
import { createMint } from "@widget-token/core";
import { bestChatBot, customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";
import { role } from "../../../lib/role";

// Shorter than the widget's default, to see the page replace a token: 20.
const lifetimeSeconds = Number(process.env.BESTCHATBOT_LIFETIME_SECONDS) || undefined;

export const GET = withClerkWidgetToken({
	widgets: [createMint(bestChatBot, { lifetimeSeconds }), hilal, jupid, createMint(onPilot, { role }), createMint(customGpt, { role })],
});

export const POST = GET;
