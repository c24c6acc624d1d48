import type { Algorithm } from "./algorithms.ts";
import type { Delivery } from "./delivery.ts";
import type { IdentityField } from "./identity.ts";

/** A value that JSON can carry. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** How the text of a key is turned into bytes. `base64-pem` is the base64 of a PEM file. */
export type KeyEncoding = "utf8" | "hex" | "base64" | "pem" | "base64-pem";

/** The key that the vendor issues, or whose public half the vendor holds. */
export interface KeyRule {
	/** The environment variable that holds it. */
	readonly env: string;
	readonly encoding: KeyEncoding;
	/** The shortest key in bytes, for a vendor that issues shorter ones. Default: the size of the hash (RFC 7518 §3.2). */
	readonly minimumBytes?: number;
}

/** A value that the integrator configures once, such as a tenant's id. */
export interface SettingRule {
	/** The environment variable that it is read from. */
	readonly env: string;
	readonly description: string;
	/** Used when neither the option nor the variable is given; without it the setting is required. */
	readonly default?: string;
}

interface ClaimRuleBase {
	/** A required claim that is missing refuses the token; it is never dropped in silence. */
	readonly required?: boolean;
	/** The setting that gives the claim its name, where the vendor lets the integrator choose it. */
	readonly nameSetting?: string;
}

/** A claim that holds a field of the identity. */
export interface IdentityClaimRule extends ClaimRuleBase {
	readonly from: "identity";
	readonly field: IdentityField | "emailVerified";
	readonly transform?: "lowercase";
	/** The field to take when `field` is missing. */
	readonly fallbackField?: IdentityField;
}

/** A claim that holds one of the contract's settings. */
export interface SettingClaimRule extends ClaimRuleBase {
	readonly from: "setting";
	readonly setting: string;
}

/** A claim that is always the same. */
export interface ConstantClaimRule extends ClaimRuleBase {
	readonly from: "constant";
	readonly value: JsonValue;
}

/** A claim that is made anew for each token: whole seconds since the epoch (NumericDate), or a random UUID. */
export interface GeneratedClaimRule extends ClaimRuleBase {
	readonly from: "generated";
	readonly generate: "issuedAt" | "expirationTime" | "uuid";
}

/** A claim that holds what the integrator's `role` option returns. */
export interface RoleClaimRule extends ClaimRuleBase {
	readonly from: "role";
	/** `string`: one role. `string-or-array`: the string or the array, as it was returned. */
	readonly type: "string" | "string-or-array";
	/** The only roles that the vendor knows. */
	readonly oneOf?: readonly string[];
}

/** A free-form claim, filled by the integrator's `claims` option. */
export interface CustomClaimRule extends ClaimRuleBase {
	readonly from: "custom";
	/** `json-string` is a value that the vendor wants as the text of a JSON document. */
	readonly type: "string" | "number" | "boolean" | "object" | "array" | "json-string";
}

export type ClaimRule = IdentityClaimRule | SettingClaimRule | ConstantClaimRule | GeneratedClaimRule | RoleClaimRule | CustomClaimRule;

/** How long a token lives, in whole seconds. */
export interface LifetimeRule {
	readonly defaultSeconds: number;
	/** The vendor's advice; a longer lifetime works, and `doctor` warns of it. */
	readonly advisedMaximumSeconds?: number;
	/** A longer lifetime is an error. */
	readonly maximumSeconds: number;
}

interface ContractBase {
	readonly $schema?: string;
	/** Lower-case letters, digits and hyphens; the `widget` of the endpoint's query. */
	readonly id: string;
	readonly name: string;
	/** The vendor's pages that the contract is taken from. */
	readonly documentation: readonly string[];
	readonly key: KeyRule;
	readonly settings?: Readonly<Record<string, SettingRule>>;
	/** How the token reaches the widget in the browser. Without it, the contract can mint and verify, but not be mounted. */
	readonly delivery?: Delivery;
}

/** A widget that takes a signed JWT (RFC 7519). */
export interface JwtContract extends ContractBase {
	readonly scheme: "jwt";
	readonly algorithm: Algorithm;
	/** `kid` names the setting that holds the key's id. */
	readonly header?: { readonly typ?: "JWT"; readonly kid?: string };
	/** The claims by name, in the order in which they are sent. */
	readonly claims: Readonly<Record<string, ClaimRule>>;
	/** Groups of claims of which at least one must be there. */
	readonly oneOf?: readonly (readonly string[])[];
	/** Whether the vendor takes any further claim as an attribute. Default: false. */
	readonly additionalClaims?: boolean;
	readonly lifetime: LifetimeRule;
}

/** A widget that takes an HMAC-SHA256 over one field of the identity, as lower-case hexadecimal digits. */
export interface HmacContract extends ContractBase {
	readonly scheme: "hmac";
	readonly algorithm: "HS256";
	readonly message: { readonly field: IdentityField; readonly transform?: "lowercase" };
}

/**
 * What one widget vendor asks for, as plain data that JSON can carry.
 *
 * Minting, verifying and everything else about a vendor is derived from it. Make one with `defineContract`.
 */
export type Contract = JwtContract | HmacContract;
