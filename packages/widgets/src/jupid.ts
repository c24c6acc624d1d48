import { type Contract, sealContract } from "@widget-token/core";
import { embeds } from "./browser/jupid.ts";

/**
 * Jupid Embed: a partner's application inside the page.
 *
 * Settings: `partnerId`, `audience`. The free-form claim `payload` holds what the partner agreed on, such as
 * `company_name`. Source: Jupid Partner Docs, "Django".
 *
 * @example
 * ```ts
 * import { createMint } from "@widget-token/core";
 * import { jupid } from "@widget-token/widgets";
 *
 * const mint = createMint(jupid, {
 * 	claims: { payload: ({ organization }) => ({ company_name: organization?.name ?? "" }) },
 * });
 * ```
 */
export const jupid: Contract = /* @__PURE__ */ sealContract({
	id: "jupid",
	name: "Jupid Embed",
	documentation: ["https://developer.jupid.com/docs/django", "https://developer.jupid.com/docs/authentication"],
	scheme: "jwt",
	algorithm: "HS256",
	key: { env: "JUPID_EMBED_SECRET", encoding: "utf8" },
	settings: {
		partnerId: { env: "JUPID_EMBED_PARTNER_ID", description: "The id that Jupid gave the partner" },
		audience: { env: "JUPID_EMBED_AUDIENCE", description: "The audience that Jupid checks", default: "jupid-embed" },
	},
	header: { typ: "JWT" },
	claims: {
		iss: { from: "setting", setting: "partnerId", required: true },
		aud: { from: "setting", setting: "audience", required: true },
		sub: { from: "identity", field: "id", required: true },
		email: { from: "identity", field: "email" },
		name: { from: "identity", field: "name" },
		payload: { from: "custom", type: "object" },
		iat: { from: "generated", generate: "issuedAt", required: true },
		exp: { from: "generated", generate: "expirationTime", required: true },
		jti: { from: "generated", generate: "uuid", required: true },
	},
	lifetime: { defaultSeconds: 300, advisedMaximumSeconds: 300, maximumSeconds: 86_400 },
	delivery: {
		embeds,
		settings: {
			scriptUrl: { description: "The address of the partner's embed.js" },
			partnerId: { description: "The id that Jupid gave the partner" },
			container: { description: "The element that the embed is mounted into", kind: "element" },
			initialPath: { description: "The path that it opens with, such as /" },
			appUrl: { description: "The address of the partner's Jupid app" },
		},
		endpoint: { method: "GET", path: "/api/jupid/embed-token", response: { format: "json", member: "token" } },
	},
});
