import {
	createMint,
	defineContract,
	type Environment,
	type Identity,
	type JwtContract,
	type MintOptions,
	WidgetTokenError,
} from "@widget-token/core";
import { expect } from "vitest";

/** Throw-away keys: each widget its own. */
export const env: Environment = {
	ACME_SECRET: "acme-0c8b2f61d94e7a35-throw-away",
	ACME_HMAC_SECRET: "acme-hmac-71d3c5a90e6f284b-throw-away",
	MAIL_SECRET: "mail-1b7f4d9a02c6e835-throw-away-key",
	ONPILOT_EMBED_SECRET: "onpilot-5d1e9b7730c24f68-throw-away",
	ONPILOT_TENANT_ID: "tenant-1",
	ONPILOT_COPILOT_ID: "copilot-1",
	BESTCHATBOT_SIGNING_KEY: "bestchatbot-a93c4e2d7b10f586-throw-away",
	HILAL_WIDGET_HMAC_SECRET: "8f3a5c7e9b1d2f4060718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7",
	JUPID_EMBED_SECRET: "jupid-e27f60b8c1d95a34-throw-away",
	JUPID_EMBED_PARTNER_ID: "partner-1",
};

/** A clock that stands between two whole seconds. */
export const now = (): number => 1_700_000_000_999;
export const nowInSeconds = 1_700_000_000;

export const ada: Identity = {
	id: "u_1",
	provider: "my-app",
	email: "Ada@Example.com",
	emailVerified: true,
	name: "Ada",
	picture: "https://example.com/ada.png",
	phoneNumber: "+4912345",
	locale: "en-GB",
	roles: ["staff"],
	organization: { id: "org_1", slug: "example", name: "Example", role: "owner" },
};

/** A contract that sends every text of an identity. */
export const profile: JwtContract = defineContract({
	id: "profile",
	name: "Profile",
	documentation: ["https://docs.example.com/profile"],
	scheme: "jwt",
	algorithm: "HS256",
	key: { env: "ACME_SECRET", encoding: "utf8" },
	claims: {
		id: { from: "identity", field: "id" },
		email: { from: "identity", field: "email" },
		email_verified: { from: "identity", field: "emailVerified" },
		name: { from: "identity", field: "name" },
		picture: { from: "identity", field: "picture" },
		phoneNumber: { from: "identity", field: "phoneNumber" },
		locale: { from: "identity", field: "locale" },
		"organization.id": { from: "identity", field: "organization.id" },
		"organization.slug": { from: "identity", field: "organization.slug" },
		"organization.name": { from: "identity", field: "organization.name" },
		"organization.role": { from: "identity", field: "organization.role" },
		exp: { from: "generated", generate: "expirationTime" },
	},
	lifetime: { defaultSeconds: 600, maximumSeconds: 3600 },
}) as JwtContract;

/** The same contract with other claims; `exp` is added. */
export function contractWith(claims: JwtContract["claims"], rest: Partial<Omit<JwtContract, "claims">> = {}): JwtContract {
	return defineContract({
		...profile,
		...rest,
		claims: { ...claims, exp: { from: "generated", generate: "expirationTime" } },
	}) as JwtContract;
}

type Claims = Record<string, unknown>;

export function headerOf(token: string): Claims {
	return JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()) as Claims;
}

export function payloadOf(token: string): Claims {
	return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Claims;
}

/** The payload of the token that a contract gives an identity. */
export async function claimsOf<User>(contract: JwtContract, identity: unknown, options: MintOptions<User> = {}): Promise<Claims> {
	const { token } = await createMint(contract, { env, now, ...options })(identity as Identity<User>);
	return payloadOf(token);
}

/** The error that something is refused with; the test fails when it is not refused. */
export async function refusalOf(work: () => unknown): Promise<WidgetTokenError> {
	try {
		await work();
	} catch (error) {
		expect(error).toBeInstanceOf(WidgetTokenError);
		return error as WidgetTokenError;
	}
	return expect.unreachable("nothing was refused");
}

/** The code that something is refused with. */
export async function codeOf(work: () => unknown): Promise<string> {
	return (await refusalOf(work)).code;
}
