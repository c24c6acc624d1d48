import { type Contract, defineContract } from "@widget-token/core";

/** A contract that uses every member of the format. */
export const everything: Contract = defineContract({
	$schema: "./node_modules/@widget-token/widgets/contract.schema.json",
	id: "everything",
	name: "Everything",
	documentation: ["https://docs.example.com/a", "http://docs.example.com/b"],
	scheme: "jwt",
	algorithm: "HS512",
	key: { env: "EVERYTHING_SECRET", encoding: "base64", minimumBytes: 40 },
	settings: {
		keyId: { env: "EVERYTHING_KEY_ID", description: "The key's id" },
		roleClaim: { env: "EVERYTHING_ROLE_CLAIM", description: "The role's claim", default: "roles" },
	},
	header: { typ: "JWT", kid: "keyId" },
	claims: {
		kid: { from: "setting", setting: "keyId", required: true },
		sub: { from: "identity", field: "id", required: true },
		email: { from: "identity", field: "email", transform: "lowercase" },
		verified: { from: "identity", field: "emailVerified" },
		name: { from: "identity", field: "name", fallbackField: "organization.name" },
		scope: { from: "constant", value: { any: ["json", 1, null] } },
		nothing: { from: "constant", value: null },
		"https://example.com/roles": { from: "role", type: "string-or-array", oneOf: ["a", "b"], nameSetting: "roleClaim", required: false },
		payload: { from: "custom", type: "object" },
		context: { from: "custom", type: "json-string" },
		iat: { from: "generated", generate: "issuedAt" },
		exp: { from: "generated", generate: "expirationTime" },
		jti: { from: "generated", generate: "uuid" },
	},
	oneOf: [["email", "name"], ["payload"]],
	additionalClaims: true,
	lifetime: { defaultSeconds: 60, advisedMaximumSeconds: 120, maximumSeconds: 180 },
	delivery: {
		settings: { appId: { description: "The app's id" }, client: { description: "A client of the vendor's SDK" } },
		embeds: {
			default: {
				script: {
					src: "https://cdn.example.com/chat.js",
					attributes: { defer: true, "data-app-id": "{appId}", lang: "en" },
					tokenAttribute: "data-token",
				},
				start: [{ on: "window", call: "Everything", with: ["boot", { app: "{appId?}", at: "{client}" }] }],
				deliver: [
					{ on: "Everything", call: "identify", with: ["{token}", { retry: "{callback}", nested: [1, null, true, "{appId}"] }] },
					{ on: "client", call: "connect" },
				],
				clear: [{ on: "$everything", call: "_reset" }],
				refresh: true,
				anonymous: true,
			},
			onDemand: { start: [{ on: "Everything", call: "setResolver", with: ["{resolver}"] }] },
			rendered: { script: { src: "{appId}", tokenAttribute: "data-token" } },
		},
		endpoint: { method: "POST", path: "/api/everything", response: { format: "json", member: "jwt" } },
	},
});

/** A contract of the scheme `hmac`. */
export const hash: Contract = defineContract({
	id: "hash",
	name: "Hash",
	documentation: [],
	scheme: "hmac",
	algorithm: "HS256",
	key: { env: "HASH_SECRET", encoding: "hex" },
	settings: { appId: { env: "HASH_APP_ID", description: "The app" } },
	message: { field: "email", transform: "lowercase" },
	delivery: {
		settings: { email: { description: "The user's e-mail address" } },
		embeds: { default: { deliver: [{ on: "Hash", call: "identify", with: [{ email: "{email}", signature: "{token}" }] }] } },
		endpoint: { method: "GET", response: { format: "text" } },
	},
});
