import type { Delivery } from "@widget-token/core";
import type { BrowserContract } from "./contract.ts";

export const embeds: Delivery["embeds"] = {
	default: { script: { src: "https://chat.onpilot.ai/embed.js", tokenAttribute: "data-identity-token" } },
};

/**
 * OnPilot in the browser: the token is an attribute of the script tag, which the script reads once.
 *
 * The vendor documents no way to replace or to clear it, so another user needs a new page. Source: OnPilot, "Server recipes".
 *
 * @example
 * ```ts
 * import { createTokenSession, mountWidget } from "@widget-token/client";
 * import { onPilot } from "@widget-token/widgets/browser";
 *
 * mountWidget(onPilot, { session: createTokenSession({ endpoint: "/api/widget-token" }) });
 * ```
 */
export const onPilot: BrowserContract = {
	id: "onpilot",
	delivery: { embeds },
};
