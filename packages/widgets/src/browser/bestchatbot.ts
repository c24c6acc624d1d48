import type { Delivery } from "@widget-token/core";
import type { BrowserContract } from "./contract.ts";

export const embeds: Delivery["embeds"] = {
	default: {
		script: {
			src: "https://widget.bestchatbot.io/widget/v1/chat.js",
			attributes: { "data-api-key": "{apiKey}" },
			tokenAttribute: "data-user-token",
		},
		deliver: [{ on: "BestChatBot", call: "setUserToken", with: ["{token}"] }],
		clear: [{ on: "BestChatBot", call: "clearUserToken" }],
		refresh: true,
		anonymous: true,
	},
};

/**
 * BestChatBot in the browser: `setUserToken` and `clearUserToken`, or an attribute of the script tag where the page is rendered
 * on the server.
 *
 * Setting: `apiKey`. Source: BestChatBot, "Sign the JWT".
 *
 * @example
 * ```ts
 * import { createTokenSession, mountWidget } from "@widget-token/client";
 * import { bestChatBot } from "@widget-token/widgets/browser";
 *
 * mountWidget(bestChatBot, {
 * 	session: createTokenSession({ endpoint: "/api/widget-token" }),
 * 	settings: { apiKey: "key-from-the-dashboard" },
 * });
 * ```
 */
export const bestChatBot: BrowserContract = {
	id: "bestchatbot",
	delivery: { embeds },
};
