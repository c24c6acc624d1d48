import { type Contract, sealContract } from "@widget-token/core";
import { embeds } from "./browser/bestchatbot.ts";

/**
 * BestChatBot: a support chat that knows a visitor by e-mail address.
 *
 * The address is sent in lower case; a user without a name is shown by the address. Source: BestChatBot, "Sign the JWT".
 *
 * @example
 * ```ts
 * import { createMint } from "@widget-token/core";
 * import { bestChatBot } from "@widget-token/widgets";
 *
 * const mint = createMint(bestChatBot);
 * ```
 */
export const bestChatBot: Contract = /* @__PURE__ */ sealContract({
	id: "bestchatbot",
	name: "BestChatBot",
	documentation: ["https://docs.bestchatbot.io/integrations/identity/sign-the-jwt"],
	scheme: "jwt",
	algorithm: "HS256",
	key: { env: "BESTCHATBOT_SIGNING_KEY", encoding: "utf8" },
	header: { typ: "JWT" },
	claims: {
		email: { from: "identity", field: "email", transform: "lowercase", required: true },
		name: { from: "identity", field: "name", fallbackField: "email" },
		user_id: { from: "identity", field: "id" },
		iat: { from: "generated", generate: "issuedAt" },
		exp: { from: "generated", generate: "expirationTime", required: true },
	},
	lifetime: { defaultSeconds: 3600, advisedMaximumSeconds: 3600, maximumSeconds: 86_400 },
	delivery: {
		embeds,
		settings: { apiKey: { description: "The widget's API key, from the BestChatBot dashboard" } },
		endpoint: { method: "GET", path: "/api/widget-token", response: { format: "json", member: "token" } },
	},
});
