// biome-ignore-all lint/suspicious/noTemplateCurlyInString: text that must stay text
import { type Contract, defineContract } from "@widget-token/core";

const iat = { from: "generated", generate: "issuedAt", required: true } as const;
const exp = { from: "generated", generate: "expirationTime", required: true } as const;
const lifetime = { defaultSeconds: 600, maximumSeconds: 86_400 } as const;

/** A contract that uses every member of the format. */
const everything = defineContract({
	id: "every-thing2",
	name: "Every Thing",
	documentation: ["https://docs.example.com/a", "http://docs.example.com/b"],
	scheme: "jwt",
	algorithm: "HS512",
	key: { env: "EVERYTHING_SECRET", encoding: "base64", minimumBytes: 40 },
	settings: {
		keyId: { env: "EVERYTHING_KEY_ID", description: "The key's id" },
		appId: { env: "EVERYTHING_APP_ID", description: "The app" },
		roleClaim: { env: "EVERYTHING_ROLE_CLAIM", description: "The role's claim", default: "roles" },
	},
	header: { typ: "JWT", kid: "keyId" },
	claims: {
		app: { from: "setting", setting: "appId", required: true },
		sub: { from: "identity", field: "id", required: true },
		email: { from: "identity", field: "email", transform: "lowercase" },
		verified: { from: "identity", field: "emailVerified" },
		name: { from: "identity", field: "name", fallbackField: "organization.name" },
		picture: { from: "identity", field: "picture" },
		phone: { from: "identity", field: "phoneNumber" },
		locale: { from: "identity", field: "locale", transform: "lowercase" },
		company_id: { from: "identity", field: "organization.id" },
		company_role: { from: "identity", field: "organization.role" },
		scope: { from: "constant", value: { any: ["json", 1, null, { deep: true }], none: {} } },
		nothing: { from: "constant", value: null },
		"https://example.com/roles": { from: "role", type: "string-or-array", oneOf: ["a", "b"], nameSetting: "roleClaim", required: false },
		payload: { from: "custom", type: "object" },
		context: { from: "custom", type: "json-string" },
		class: { from: "custom", type: "string" },
		name_: { from: "custom", type: "string" },
		"2fa": { from: "custom", type: "boolean" },
		"x-seats": { from: "custom", type: "number" },
		tags: { from: "custom", type: "array" },
		iat: { from: "generated", generate: "issuedAt" },
		exp: { from: "generated", generate: "expirationTime" },
		jti: { from: "generated", generate: "uuid" },
	},
	oneOf: [["email", "name"], ["payload"]],
	additionalClaims: true,
	lifetime: { defaultSeconds: 60, advisedMaximumSeconds: 120, maximumSeconds: 180 },
});

/** No `iat`, claims of other names, a capability as JSON text, the key decoded from hexadecimal digits. */
const renamed = defineContract({
	id: "renamed",
	name: "Renamed",
	documentation: [],
	scheme: "jwt",
	algorithm: "HS384",
	key: { env: "RENAMED_SECRET", encoding: "hex" },
	settings: { keyName: { env: "RENAMED_KEY_NAME", description: "The key's name" } },
	header: { typ: "JWT", kid: "keyName" },
	claims: {
		user_id: { from: "identity", field: "id", required: true },
		tokenType: { from: "constant", value: "user", required: true },
		"x-capability": { from: "custom", type: "json-string", required: true },
		level: { from: "role", type: "string", required: true },
		displayName: { from: "identity", field: "name", fallbackField: "email", transform: "lowercase", required: true },
		issued: { from: "generated", generate: "issuedAt" },
		exp,
	},
	lifetime,
});

/** One of two claims, an elliptic curve, the key as base64 of a PEM file. */
const curve = defineContract({
	id: "curve",
	name: "Curve",
	documentation: ["https://docs.example.com/curve"],
	scheme: "jwt",
	algorithm: "ES256",
	key: { env: "CURVE_KEY", encoding: "base64-pem" },
	claims: {
		userId: { from: "identity", field: "organization.slug" },
		email: { from: "identity", field: "email" },
		email_verified: { from: "identity", field: "emailVerified", required: true },
		roles: { from: "role", type: "string-or-array", required: true, oneOf: ["viewer", "editor"] },
		iat,
		exp,
	},
	oneOf: [["email", "userId"]],
	lifetime,
});

/** Nothing but an id: no setting, no e-mail address, no iat. */
const bare = defineContract({
	id: "bare",
	name: "Bare",
	documentation: [],
	scheme: "jwt",
	algorithm: "HS256",
	key: { env: "BARE_SECRET", encoding: "utf8" },
	claims: { sub: { from: "identity", field: "id", required: true }, exp },
	lifetime,
});

/** Text that would become code where it is pasted into one unescaped. */
const hostileText =
	'" \' ` \\ \n \r \t \u2028 #{exit 3} ${process.exit(3)} $x {$x} <?php exit(3); ?> */ process.exit(3) /* """ %s %d </script><!-- \u202e 💬 é \\N{DASH} \\u0041 \u061c\u{e0001}\u0001';

const hostile = defineContract({
	id: "hostile",
	name: `Hostile ${hostileText}`,
	documentation: [`https://docs.example.com/*/process.exit(3)/*?>"""#{exit}`],
	scheme: "jwt",
	algorithm: "HS256",
	key: { env: "HOSTILE_SECRET", encoding: "utf8" },
	settings: { tenant: { env: "HOSTILE_TENANT", description: `The tenant ${hostileText}`, default: hostileText } },
	claims: {
		sub: { from: "identity", field: "id", required: true },
		text: { from: "constant", value: hostileText },
		nested: { from: "constant", value: { [hostileText]: [hostileText] } },
		tenant: { from: "setting", setting: "tenant", required: true },
		role: { from: "role", type: "string", oneOf: [hostileText, "plain"] },
		"a/b:c.d-e": { from: "custom", type: "string" },
		iat,
		exp,
	},
	lifetime,
});

const hashedEmail = defineContract({
	id: "hashed-email",
	name: "Hashed E-mail",
	documentation: ["https://docs.example.com/hash"],
	scheme: "hmac",
	algorithm: "HS256",
	key: { env: "HASHED_EMAIL_SECRET", encoding: "hex" },
	settings: { appId: { env: "HASHED_EMAIL_APP_ID", description: "The app" } },
	message: { field: "email", transform: "lowercase" },
});

const hashedId = defineContract({
	id: "hashed-id",
	name: "Hashed Id",
	documentation: [],
	scheme: "hmac",
	algorithm: "HS256",
	key: { env: "HASHED_ID_SECRET", encoding: "utf8", minimumBytes: 20 },
	message: { field: "id" },
});

/** Contracts that no vendor has: together they use every member of the format, in every way. */
export const unusualContracts: readonly Contract[] = [everything, renamed, curve, bare, hostile, hashedEmail, hashedId];
