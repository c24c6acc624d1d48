import type { Delivery, DeliveryEmbed } from "@widget-token/core";
import type { BrowserContract } from "./contract.ts";

const embed: DeliveryEmbed = {
	script: {
		src: "https://cdn.customgpt.ai/js/embed.js",
		attributes: { defer: true, div_id: "{containerId}", p_id: "{projectId}", p_key: "{projectKey}" },
	},
	deliver: [{ on: "CustomGPTEmbed", call: "setJwtToken", with: ["{token}"] }],
	refresh: true,
	anonymous: true,
};

const liveChat: DeliveryEmbed = {
	script: { src: "https://cdn.customgpt.ai/js/chat.js", attributes: { defer: true } },
	start: [{ on: "CustomGPT", call: "init", with: [{ p_id: "{projectId}", p_key: "{projectKey}", jwt: "{resolver}" }] }],
	anonymous: true,
};

const liveChatLater: DeliveryEmbed = {
	start: [{ on: "CustomGPT", call: "setJwtToken", with: ["{resolver}"] }],
};

const liveChatHelper: DeliveryEmbed = {
	start: [{ on: "CustomGPTChat", call: "setJwtToken", with: ["{resolver}"] }],
};

const aiAssistant: DeliveryEmbed = {
	deliver: [{ on: "CustomGPTAiAssistant", call: "setJwtToken", with: ["{token}"] }],
	refresh: true,
	anonymous: true,
};

const instantViewer: DeliveryEmbed = {
	deliver: [{ on: "CustomGPTInstantViewer", call: "setJwtToken", with: ["{token}"] }],
	refresh: true,
	anonymous: true,
};

const id = "customgpt";

/** CustomGPT.ai's widgets, by embed. */
export const embeds: Delivery["embeds"] = { default: embed, liveChat, liveChatLater, liveChatHelper, aiAssistant, instantViewer };

/**
 * CustomGPT.ai in the browser: its four widgets, each an embed. A page that shows one of them bundles less with
 * {@link customGptEmbed}, {@link customGptLiveChat}, {@link customGptAiAssistant} or {@link customGptInstantViewer}.
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
	id,
	delivery: { embeds },
};

/**
 * CustomGPT.ai's standard embedded chat alone. Settings: `projectId`, `projectKey`, `containerId`.
 *
 * @example
 * ```ts
 * import { createTokenSession, mountWidget } from "@widget-token/client";
 * import { customGptEmbed } from "@widget-token/widgets/browser";
 *
 * mountWidget(customGptEmbed, {
 * 	session: createTokenSession({ endpoint: "/api/widget-token" }),
 * 	settings: { projectId: "1", projectKey: "key-from-the-dashboard", containerId: "customgpt_chat" },
 * });
 * ```
 */
export const customGptEmbed: BrowserContract = { id, delivery: { embeds: { default: embed } } };

/**
 * CustomGPT.ai's Live Chat alone: `default`, `later` and `helper`. Settings of `default`: `projectId`, `projectKey`.
 *
 * @example
 * ```ts
 * import { createTokenSession, mountWidget } from "@widget-token/client";
 * import { customGptLiveChat } from "@widget-token/widgets/browser";
 *
 * mountWidget(customGptLiveChat, {
 * 	session: createTokenSession({ endpoint: "/api/widget-token" }),
 * 	settings: { projectId: "1", projectKey: "key-from-the-dashboard" },
 * });
 * ```
 */
export const customGptLiveChat: BrowserContract = {
	id,
	delivery: { embeds: { default: liveChat, later: liveChatLater, helper: liveChatHelper } },
};

/**
 * CustomGPT.ai's AI Assistant alone; the page brings the script.
 *
 * @example
 * ```ts
 * import { createTokenSession, mountWidget } from "@widget-token/client";
 * import { customGptAiAssistant } from "@widget-token/widgets/browser";
 *
 * mountWidget(customGptAiAssistant, { session: createTokenSession({ endpoint: "/api/widget-token" }) });
 * ```
 */
export const customGptAiAssistant: BrowserContract = { id, delivery: { embeds: { default: aiAssistant } } };

/**
 * CustomGPT.ai's Instant Viewer alone; the page brings the script.
 *
 * @example
 * ```ts
 * import { createTokenSession, mountWidget } from "@widget-token/client";
 * import { customGptInstantViewer } from "@widget-token/widgets/browser";
 *
 * mountWidget(customGptInstantViewer, { session: createTokenSession({ endpoint: "/api/widget-token" }) });
 * ```
 */
export const customGptInstantViewer: BrowserContract = { id, delivery: { embeds: { default: instantViewer } } };
