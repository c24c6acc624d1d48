import { withAuth0WidgetToken } from "@widget-token/auth0";
import { createMint } from "@widget-token/core";
import { bestChatBot, customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";
import { auth0, roleClaim } from "../../../lib/auth0";

export const GET = withAuth0WidgetToken({
	auth0,
	widgets: [onPilot, bestChatBot, hilal, jupid, createMint(customGpt, { role: (_identity, user) => user[roleClaim] })],
});

export const POST = GET;
