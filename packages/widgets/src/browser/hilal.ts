import type { Delivery } from "@widget-token/core";
import type { BrowserContract } from "./contract.ts";

export const embeds: Delivery["embeds"] = {
	default: {
		script: { src: "https://cdn.hilalsoftware.tools/chat_v3.js" },
		start: [{ on: "HilalChat", call: "init", with: [{ organizationId: "{organizationId}", botId: "{botId}" }] }],
		deliver: [{ on: "HilalChat", call: "init", with: [{ organizationId: "{organizationId}", botId: "{botId}", userToken: "{token}" }] }],
		anonymous: true,
	},
	attribute: {
		script: {
			src: "https://cdn.hilalsoftware.tools/chat_v3.js",
			attributes: { "data-org-id": "{organizationId}", "data-bot-id": "{botId}" },
			tokenAttribute: "data-user-token",
		},
		anonymous: true,
	},
};

/**
 * Hilal Chatbot in the browser: `HilalChat.init`, or with the embed `attribute` the attributes of the script tag.
 *
 * Settings: `organizationId`, `botId`. The vendor documents no way to replace or to clear the token, so another user needs a
 * new page. Source: Hilal Chatbot, "JWT user identification", step 3.
 *
 * @example
 * ```ts
 * import { createTokenSession, mountWidget } from "@widget-token/client";
 * import { hilal } from "@widget-token/widgets/browser";
 *
 * mountWidget(hilal, {
 * 	session: createTokenSession({ endpoint: "/api/widget-token" }),
 * 	settings: { organizationId: "org_1", botId: "bot_1" },
 * });
 * ```
 */
export const hilal: BrowserContract = {
	id: "hilal",
	delivery: { embeds },
};
