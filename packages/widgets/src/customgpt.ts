import { type Contract, sealContract } from "@widget-token/core";
import { embeds } from "./browser/customgpt.ts";

/**
 * CustomGPT.ai: embedded agents with role-based access.
 *
 * Signed with RS256; the vendor holds the public key. The `role` option is required and returns the names of
 * CustomGPT.ai team roles, as an array or as one comma-separated string. Setting: `roleClaim`, the "Attribute name" of
 * the SSO page (`roles`). Source: CustomGPT.ai, "Enable JWT Login for Embedded Agents".
 *
 * @example
 * ```ts
 * import { createMint } from "@widget-token/core";
 * import { customGpt } from "@widget-token/widgets";
 *
 * const mint = createMint(customGpt, { role: ({ roles }) => roles });
 * ```
 */
export const customGpt: Contract = /* @__PURE__ */ sealContract({
	id: "customgpt",
	name: "CustomGPT.ai",
	documentation: ["https://docs.customgpt.ai/docs/enable-jwt-login-for-embedded-agents"],
	scheme: "jwt",
	algorithm: "RS256",
	key: { env: "CUSTOMGPT_PRIVATE_KEY", encoding: "pem" },
	settings: {
		roleClaim: {
			env: "CUSTOMGPT_ROLE_CLAIM",
			description: "The claim that carries the role: the vendor's “Attribute name”",
			default: "roles",
		},
	},
	header: { typ: "JWT" },
	claims: {
		roles: { from: "role", type: "string-or-array", nameSetting: "roleClaim", required: true },
		email: { from: "identity", field: "email" },
		upn: { from: "custom", type: "string" },
		preferred_username: { from: "custom", type: "string" },
		iat: { from: "generated", generate: "issuedAt" },
		// The page only recommends it. Required all the same: a token without an end would be a password, and is never accepted.
		exp: { from: "generated", generate: "expirationTime", required: true },
	},
	lifetime: { defaultSeconds: 600, advisedMaximumSeconds: 600, maximumSeconds: 86_400 },
	delivery: {
		embeds,
		settings: {
			projectId: { description: "The agent's project id" },
			projectKey: { description: "The agent's project key" },
			containerId: { description: "The id of the element that the embedded chat appears in, such as customgpt_chat", kind: "elementId" },
		},
		endpoint: { method: "GET", path: "/api/customgpt-jwt", response: { format: "text" } },
	},
});
