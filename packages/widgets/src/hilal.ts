import { type Contract, sealContract } from "@widget-token/core";
import { embeds } from "./browser/hilal.ts";

/**
 * Hilal Chatbot: a support chat with verified visitors.
 *
 * The secret is 64 hexadecimal characters that are used as text, not decoded. Source: Hilal Chatbot, "JWT user identification".
 *
 * @example
 * ```ts
 * import { createMint } from "@widget-token/core";
 * import { hilal } from "@widget-token/widgets";
 *
 * const mint = createMint(hilal, { lifetimeSeconds: 900 });
 * ```
 */
export const hilal: Contract = /* @__PURE__ */ sealContract({
	id: "hilal",
	name: "Hilal Chatbot",
	documentation: ["https://docs.hilalsoftware.tools/docs/chatbot/guide/deploy/jwt-user-identification/"],
	scheme: "jwt",
	algorithm: "HS256",
	key: { env: "HILAL_WIDGET_HMAC_SECRET", encoding: "utf8" },
	header: { typ: "JWT" },
	claims: {
		sub: { from: "identity", field: "id", required: true },
		name: { from: "identity", field: "name" },
		email: { from: "identity", field: "email" },
		iat: { from: "generated", generate: "issuedAt" },
		exp: { from: "generated", generate: "expirationTime", required: true },
	},
	lifetime: { defaultSeconds: 3600, advisedMaximumSeconds: 3600, maximumSeconds: 86_400 },
	delivery: {
		embeds,
		settings: {
			organizationId: { description: "The organization's id (org_…)" },
			botId: { description: "The chatbot's id (bot_…)" },
		},
	},
});
