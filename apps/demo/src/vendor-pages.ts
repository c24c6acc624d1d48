export const vendorIds = ["onpilot", "bestchatbot", "hilal", "jupid", "customgpt"] as const;
export type VendorId = (typeof vendorIds)[number];

/** The frame of a vendor's rules, as the vendor's page gives it. */
export interface VendorPage {
	readonly name: string;
	readonly url: string;
	readonly algorithm: "HS256" | "RS256";
	/** The longest time from `iat` to `exp` that the page shows or advises, in seconds. */
	readonly longestLifetimeSeconds: number;
	/** Every claim that the page names beside `iat` and `exp`; CustomGPT.ai's role claim has the name that the customer chose. */
	readonly claims: readonly string[];
}

/** The five pages, read by hand. */
export const vendorPages: Readonly<Record<VendorId, VendorPage>> = {
	onpilot: {
		name: "OnPilot",
		url: "https://onpilot.ai/developer/recipes/server",
		algorithm: "HS256",
		longestLifetimeSeconds: 3600,
		claims: ["iss", "sub", "copilot_id", "role", "name", "email"],
	},
	bestchatbot: {
		name: "BestChatBot",
		url: "https://docs.bestchatbot.io/integrations/identity/sign-the-jwt",
		algorithm: "HS256",
		longestLifetimeSeconds: 3600,
		claims: ["email", "name", "user_id"],
	},
	hilal: {
		name: "Hilal Chatbot",
		url: "https://docs.hilalsoftware.tools/docs/chatbot/guide/deploy/jwt-user-identification/",
		algorithm: "HS256",
		longestLifetimeSeconds: 3600,
		claims: ["sub", "name", "email"],
	},
	jupid: {
		name: "Jupid Embed",
		url: "https://developer.jupid.com/docs/django",
		algorithm: "HS256",
		longestLifetimeSeconds: 300,
		claims: ["iss", "aud", "sub", "email", "name", "payload", "jti"],
	},
	customgpt: {
		name: "CustomGPT.ai",
		url: "https://docs.customgpt.ai/docs/enable-jwt-login-for-embedded-agents",
		algorithm: "RS256",
		longestLifetimeSeconds: 600,
		claims: ["email", "upn", "preferred_username"],
	},
};
