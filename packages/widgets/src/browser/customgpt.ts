import type { BrowserContract } from "./contract.ts";

/**
 * CustomGPT.ai in the browser: four widgets, each an embed.
 *
 * - `default`: the standard embedded chat, in the element whose id is `containerId`.
 * - `liveChat`: asks for the token when the visitor opens the chat, not at page load. `liveChatLater` and `liveChatHelper` do the
 *   same for a page that has called `CustomGPT.init` by itself.
 * - `aiAssistant`, `instantViewer`: the page brings the script.
 *
 * Settings: `projectId`, `projectKey`, `containerId`. The vendor documents no way to clear the token, so another user needs a
 * new page. Source: CustomGPT.ai, "Enable JWT Login for Embedded Agents", step 3.
 *
 * @example
 * ```ts
 * import { createTokenSession, mountWidget } from "@widget-token/client";
 * import { customGpt } from "@widget-token/widgets/browser";
 *
 * mountWidget(customGpt, {
 * 	session: createTokenSession({ endpoint: "/api/widget-token" }),
 * 	embed: "liveChat",
 * 	settings: { projectId: "1", projectKey: "key-from-the-dashboard" },
 * });
 * ```
 */
export const customGpt: BrowserContract = {
	id: "customgpt",
	delivery: {
		embeds: {
			default: {
				script: { src: "https://cdn.customgpt.ai/js/embed.js", attributes: { defer: true, div_id: "{containerId}", p_id: "{projectId}", p_key: "{projectKey}" } },
				deliver: [{ on: "CustomGPTEmbed", call: "setJwtToken", with: ["{token}"] }],
				refresh: true,
				anonymous: true,
			},
			liveChat: {
				script: { src: "https://cdn.customgpt.ai/js/chat.js", attributes: { defer: true } },
				start: [{ on: "CustomGPT", call: "init", with: [{ p_id: "{projectId}", p_key: "{projectKey}", jwt: "{resolver}" }] }],
				refresh: true,
				anonymous: true,
			},
			liveChatLater: { start: [{ on: "CustomGPT", call: "setJwtToken", with: ["{resolver}"] }], refresh: true },
			liveChatHelper: { start: [{ on: "CustomGPTChat", call: "setJwtToken", with: ["{resolver}"] }], refresh: true },
			aiAssistant: { deliver: [{ on: "CustomGPTAiAssistant", call: "setJwtToken", with: ["{token}"] }], refresh: true, anonymous: true },
			instantViewer: { deliver: [{ on: "CustomGPTInstantViewer", call: "setJwtToken", with: ["{token}"] }], refresh: true, anonymous: true },
		},
	},
};
