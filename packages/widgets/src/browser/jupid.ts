import type { Delivery } from "@widget-token/core";
import type { BrowserContract } from "./contract.ts";

export const embeds: Delivery["embeds"] = {
	default: {
		script: { src: "{scriptUrl}" },
		deliver: [
			{
				on: "JupidEmbed",
				call: "mount",
				with: [
					{ partnerId: "{partnerId}", token: "{token}", container: "{container}", initialPath: "{initialPath?}", appUrl: "{appUrl?}" },
				],
			},
		],
		clear: [{ on: "container", call: "replaceChildren" }],
	},
};

/**
 * Jupid Embed in the browser: `JupidEmbed.mount` into an element of the page.
 *
 * Settings: `scriptUrl` (the partner's `…/embed.js`), `partnerId`, `container` (the element), and optionally `initialPath` and
 * `appUrl`. The vendor documents no way to replace the token of what is mounted; it is cleared by emptying the element.
 * Source: Jupid Partner Docs, "Django", "Frontend mount".
 *
 * @example
 * ```ts
 * import { createTokenSession, mountWidget } from "@widget-token/client";
 * import { jupid } from "@widget-token/widgets/browser";
 *
 * mountWidget(jupid, {
 * 	session: createTokenSession({ endpoint: "/api/jupid/embed-token" }),
 * 	settings: {
 * 		scriptUrl: "https://partner.example.com/embed.js",
 * 		appUrl: "https://partner.example.com",
 * 		partnerId: "partner_1",
 * 		container: document.querySelector("#jupid-embed"),
 * 		initialPath: "/",
 * 	},
 * });
 * ```
 */
export const jupid: BrowserContract = {
	id: "jupid",
	delivery: { embeds },
};
