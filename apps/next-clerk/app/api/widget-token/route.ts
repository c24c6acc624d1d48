import { withClerkWidgetToken } from "@widget-token/clerk";
import { createMint } from "@widget-token/core";
import { bestChatBot, customGpt, hilal, jupid, onPilot } from "@widget-token/widgets";
import { role } from "../../../lib/role";

export const GET = withClerkWidgetToken({
	widgets: [bestChatBot, hilal, jupid, createMint(onPilot, { role }), createMint(customGpt, { role })],
});

export const POST = GET;
