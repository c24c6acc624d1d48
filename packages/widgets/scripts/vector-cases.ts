import type { Contract, Identity, JsonValue, MintOptions } from "@widget-token/core";
import { bestChatBot, customGpt, hilal, jupid, onPilot } from "../src/index.ts";

/** What one vector gives to `createMint` and to its mint, as plain data: `role` and `claims` are what the options return. */
export interface VectorInput {
	readonly name: string;
	readonly settings?: Readonly<Record<string, string>>;
	readonly identity: Identity;
	readonly options?: {
		readonly role?: string | readonly string[];
		readonly claims?: Readonly<Record<string, JsonValue>>;
		readonly lifetimeSeconds?: number;
		readonly allowUnverifiedEmail?: boolean;
		readonly requireVerifiedEmail?: boolean;
	};
}

/** The vectors of one contract; without a secret the key is a pair that the generator makes once. */
export interface VectorPlan {
	readonly contract: Contract;
	readonly secret?: string;
	readonly cases: readonly VectorInput[];
}

/** 2026-01-01T00:00:00Z. */
export const now = 1_767_225_600;
export const jti = "6f1d2c3b-4a5e-4f60-8b7c-9d0e1f2a3b4c";

export function optionsOf({ settings, options: { role, claims, ...options } = {} }: VectorInput): MintOptions {
	return { ...options, settings, role: role === undefined ? undefined : () => role, claims };
}

const ada: Identity = { id: "u_1", provider: "my-app", email: "Ada@Example.com", emailVerified: true, name: "Ada" };
const grace: Identity = {
	id: "auth0|5f7c8ec7c33c6c004bbafe82",
	provider: "auth0",
	email: "grace@example.com",
	emailVerified: true,
	name: "Grace",
};
const minimal: Identity = { id: "u_2", provider: "my-app" };
const unicode: Identity = { ...ada, id: "użytkownik-1", name: " Zoe\u0308 „Ada” O'Neil \\ 💬 عائشة " };
const unverified: Identity = { ...ada, emailVerified: false };
/** Two users whose ids and addresses differ in nothing but how a letter is composed. */
const composed: Identity = { id: "zo\u00eb", provider: "my-app", email: "zo\u00eb@example.com", emailVerified: true };
const decomposed: Identity = { ...composed, id: "zoe\u0308", email: "zoe\u0308@example.com" };

/** What every contract refuses alike. */
const refusals = (settings: VectorInput["settings"], options: VectorInput["options"]): readonly VectorInput[] => {
	const shared = { ...(settings === undefined ? {} : { settings }), ...(options === undefined ? {} : { options }) };
	return [
		{ ...shared, name: "an empty id is refused", identity: { ...ada, id: "" } },
		{ ...shared, name: "an id of white space is refused", identity: { ...ada, id: " " } },
		{ ...shared, name: "an id that begins with a space is refused", identity: { ...ada, id: " u_1" } },
		{ ...shared, name: "an id that ends with a no-break space is refused", identity: { ...ada, id: "u_1\u00a0" } },
		{ ...shared, name: "an id with half a surrogate pair is refused", identity: { ...ada, id: "u_\ud800" } },
		{ ...shared, name: "an identity without an id is a mistake", identity: { ...ada, id: null as unknown as string } },
		{ ...shared, name: "an address that is none is refused", identity: { ...ada, email: "Ada <ada@example.com>" } },
		{ ...shared, name: "an address that ends with a space is refused", identity: { ...ada, email: "ada@example.com " } },
		{ ...shared, name: "an address with a zero-width space is refused", identity: { ...ada, email: "a\u200bda@example.com" } },
		{ ...shared, name: "a lifetime above the maximum is refused", identity: ada, options: { ...options, lifetimeSeconds: 86_401 } },
	];
};

/** Users whom a signer that composes text would take for one. */
const spellings = (settings: VectorInput["settings"], options: VectorInput["options"]): readonly VectorInput[] => {
	const shared = { ...(settings === undefined ? {} : { settings }), ...(options === undefined ? {} : { options }) };
	return [
		{ ...shared, name: "an id and an address with a composed letter, as they are", identity: composed },
		{ ...shared, name: "the same in two characters is another user", identity: decomposed },
	];
};

const tenant = { tenantId: "tenant_1", copilotId: "copilot_1" };
const partner = { partnerId: "partner_1" };
const roles = { role: ["Accounting Team"] };

export const plans: readonly VectorPlan[] = [
	{
		contract: onPilot,
		secret: "onpilot-vector-0f6c2b9d4a71e835-not-a-real-key",
		cases: [
			{ name: "minimal", settings: tenant, identity: minimal },
			{ name: "full", settings: tenant, identity: ada, options: { role: "admin" } },
			{
				name: "role user and a lifetime of 15 minutes",
				settings: tenant,
				identity: grace,
				options: { role: "user", lifetimeSeconds: 900 },
			},
			{ name: "a name in several scripts, trimmed and composed", settings: tenant, identity: unicode, options: { role: "user" } },
			{ name: "an unverified address is left out", settings: tenant, identity: unverified, options: { role: "user" } },
			{
				name: "an unverified address is sent when that is allowed",
				settings: tenant,
				identity: unverified,
				options: { allowUnverifiedEmail: true },
			},
			{ name: "a name of more than 200 characters is cut", settings: tenant, identity: { ...minimal, name: "Ada ".repeat(60) } },
			{ name: "a numeric id is a string", settings: tenant, identity: { ...minimal, id: 42 as unknown as string } },
			{ name: "another role is refused", settings: tenant, identity: ada, options: { role: "owner" } },
			{ name: "several roles are refused", settings: tenant, identity: ada, options: { role: ["admin"] } },
			{ name: "a missing copilot is refused", settings: { tenantId: "tenant_1" }, identity: ada },
			{ name: "a free-form claim is refused", settings: tenant, identity: ada, options: { claims: { plan: "pro" } } },
			{ name: "a name with a control character is refused", settings: tenant, identity: { ...ada, name: "Ada\u0000" } },
			...spellings(tenant, undefined),
			...refusals(tenant, undefined),
		],
	},
	{
		contract: bestChatBot,
		secret: "bestchatbot-vector-7d92e4c1b05f68a3-not-a-real-key",
		cases: [
			{ name: "minimal: the name falls back to the address", identity: { ...minimal, email: "Ada@Example.com", emailVerified: true } },
			{ name: "full: the address is in lower case", identity: ada },
			{ name: "a name in several scripts, trimmed and composed", identity: unicode },
			{ name: "a lifetime of 24 hours, the vendor's maximum", identity: grace, options: { lifetimeSeconds: 86_400 } },
			{ name: "an unverified address is sent when that is allowed", identity: unverified, options: { allowUnverifiedEmail: true } },
			{ name: "an unverified address is refused", identity: unverified },
			{ name: "an address of which nothing is known is refused", identity: { ...ada, emailVerified: undefined } },
			{ name: "a missing address is refused", identity: minimal },
			{ name: "a role is refused", identity: ada, options: { role: "admin" } },
			{ name: "an address with the Kelvin sign is not lower-cased", identity: { ...ada, email: "\u212aate@example.com" } },
			{ name: "an address with a dotted capital I is not lower-cased", identity: { ...ada, email: "\u0130da@example.com" } },
			{ name: "an address with a capital sigma is not lower-cased", identity: { ...ada, email: "\u039f\u03a3@example.com" } },
			...spellings(undefined, undefined),
			...refusals(undefined, undefined),
		],
	},
	{
		contract: hilal,
		secret: "8f3a5c7e9b1d2f4060718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7",
		cases: [
			{ name: "minimal", identity: minimal },
			{ name: "full", identity: ada },
			{ name: "a name in several scripts, trimmed and composed", identity: unicode },
			{ name: "a lifetime of 5 minutes", identity: grace, options: { lifetimeSeconds: 300 } },
			{ name: "an unverified address is left out", identity: unverified },
			{ name: "a verified address is there when it is demanded", identity: ada, options: { requireVerifiedEmail: true } },
			{ name: "an unverified address is refused when it is demanded", identity: unverified, options: { requireVerifiedEmail: true } },
			{ name: "a name that reorders the text around it is refused", identity: { ...ada, name: "Ada\u202etxt" } },
			...spellings(undefined, undefined),
			...refusals(undefined, undefined),
		],
	},
	{
		contract: jupid,
		secret: "jupid-vector-c47a19e05d8b263f-not-a-real-key",
		cases: [
			{ name: "minimal", settings: partner, identity: minimal },
			{
				name: "full, with a free-form payload",
				settings: partner,
				identity: ada,
				options: { claims: { payload: { company_name: "Example Ltd", seats: 3, tags: ["a", "b"], trial: false } } },
			},
			{ name: "another audience", settings: { ...partner, audience: "jupid-staging" }, identity: grace },
			{
				name: "a name in several scripts, trimmed and composed",
				settings: partner,
				identity: unicode,
				options: { claims: { payload: { company_name: " Zoe\u0308 GmbH\nBerlin " } } },
			},
			{ name: "an unverified address is left out", settings: partner, identity: unverified },
			{ name: "a payload that is no object is refused", settings: partner, identity: ada, options: { claims: { payload: "Example Ltd" } } },
			{ name: "a claim of the contract's is refused", settings: partner, identity: ada, options: { claims: { aud: "somebody-else" } } },
			{ name: "a missing partner is refused", identity: ada },
			...spellings(partner, undefined),
			...refusals(partner, undefined),
		],
	},
	{
		contract: customGpt,
		cases: [
			{ name: "minimal: one role in an array", identity: minimal, options: roles },
			{ name: "full: several roles in an array", identity: ada, options: { role: ["Accounting Team", "Support Team"] } },
			{ name: "several roles in one comma-separated string", identity: grace, options: { role: "Accounting Team, Support Team" } },
			{ name: "another name of the role claim", settings: { roleClaim: "groups" }, identity: ada, options: roles },
			{ name: "a namespaced role claim", settings: { roleClaim: "https://example.com/roles" }, identity: ada, options: roles },
			{
				name: "upn and preferred_username",
				identity: minimal,
				options: { ...roles, claims: { upn: "ada@example.com", preferred_username: "ada" } },
			},
			{ name: "a role in another script, as it is", identity: unicode, options: { role: ["Bu\u0308ro", "サポート"] } },
			{ name: "a role that begins with a space is refused", identity: ada, options: { role: [" Accounting Team"] } },
			{ name: "an unverified address is left out", identity: unverified, options: roles },
			{ name: "a user without a role is refused", identity: ada, options: { role: [] } },
			{ name: "a role that is not mapped is refused", identity: ada },
			{ name: "a role claim that the contract has already is refused", settings: { roleClaim: "exp" }, identity: ada, options: roles },
			{ name: "a free-form claim of another name is refused", identity: ada, options: { ...roles, claims: { groups: "a" } } },
			...spellings(undefined, roles),
			...refusals(undefined, roles),
		],
	},
];
