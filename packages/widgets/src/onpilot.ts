import { type Contract, sealContract } from "@widget-token/core";
import { embeds } from "./browser/onpilot.ts";

/**
 * OnPilot: an embedded copilot.
 *
 * Role `admin` or `user`, from the `role` option. Settings: `tenantId`, `copilotId`. Source: OnPilot, "Server recipes".
 *
 * @example
 * ```ts
 * import { createMint } from "@widget-token/core";
 * import { onPilot } from "@widget-token/widgets";
 *
 * const mint = createMint(onPilot, { role: ({ roles }) => (roles?.includes("staff") ? "admin" : "user") });
 * ```
 */
export const onPilot: Contract = /* @__PURE__ */ sealContract({
	id: "onpilot",
	name: "OnPilot",
	documentation: ["https://onpilot.ai/developer/recipes/server", "https://onpilot.ai/developer/identity-tokens"],
	scheme: "jwt",
	algorithm: "HS256",
	key: { env: "ONPILOT_EMBED_SECRET", encoding: "utf8" },
	settings: {
		tenantId: { env: "ONPILOT_TENANT_ID", description: "The tenant that the embed secret belongs to" },
		copilotId: { env: "ONPILOT_COPILOT_ID", description: "The copilot that the page embeds" },
	},
	header: { typ: "JWT" },
	claims: {
		iss: { from: "setting", setting: "tenantId", required: true },
		sub: { from: "identity", field: "id", required: true },
		copilot_id: { from: "setting", setting: "copilotId", required: true },
		role: { from: "role", type: "string", oneOf: ["admin", "user"] },
		name: { from: "identity", field: "name" },
		email: { from: "identity", field: "email" },
		iat: { from: "generated", generate: "issuedAt" },
		exp: { from: "generated", generate: "expirationTime", required: true },
	},
	lifetime: { defaultSeconds: 3600, advisedMaximumSeconds: 3600, maximumSeconds: 86_400 },
	delivery: { embeds },
});
