import { createServer } from "node:http";
import { createTokenHandler } from "@widget-token/core";
import { toNodeHandler } from "@widget-token/core/node";
import { onPilot } from "@widget-token/widgets";
import { copilotId, createSecret, identity, tenantId, user } from "../identity.ts";
import { announce } from "./announce.ts";

const handler = createTokenHandler({
	widget: onPilot,
	secret: createSecret(),
	settings: { tenantId, copilotId },
	role: () => user.role,
	identify: async () => identity,
});

announce(createServer(toNodeHandler(handler)));
