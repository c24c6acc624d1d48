// Made by `npm run contract-format` from schema.ts. Do not edit.
import type { IdentityField } from "../identity/index.ts";
import type { Algorithm } from "./algorithms.ts";

/** A value that JSON can carry. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** How the text of a key is turned into bytes: `utf8` is used as it is, `hex` and `base64` are decoded, `pem` is a PEM file, `base64-pem` the base64 of one. */
export type KeyEncoding = "utf8" | "hex" | "base64" | "pem" | "base64-pem";

/** The key that the vendor issues, or whose public half the vendor holds. */
export interface KeyRule {
	/** The environment variable that holds it; not one that bundlers publish to browsers. */
	readonly env: string;
	readonly encoding: KeyEncoding;
	/** The shortest key in bytes, for a vendor that issues shorter ones. Default: the size of the hash (RFC 7518 §3.2). */
	readonly minimumBytes?: number;
}

/** A value that the integrator configures once, such as a tenant's id. */
export interface SettingRule {
	/** The environment variable that it is read from. */
	readonly env: string;
	/** What it is, for the person who has to find it in the vendor's dashboard. */
	readonly description: string;
	/** Used when neither the option nor the variable is given; without it the setting is required. */
	readonly default?: string;
}

/** A claim that holds a field of the identity. */
export interface IdentityClaimRule {
	/** Where the claim's value comes from. */
	readonly from: "identity";
	/** A required claim that is missing refuses the token; it is never dropped in silence. */
	readonly required?: boolean;
	/** The setting that gives the claim its name, where the vendor lets the integrator choose it. */
	readonly nameSetting?: string;
	/** A text of the identity, or whether its address is verified. */
	readonly field: IdentityField | "emailVerified";
	/** What is done to the text before it is sent. */
	readonly transform?: "lowercase";
	/** The field to take when `field` is missing. */
	readonly fallbackField?: IdentityField;
}

/** A claim that holds one of the contract's settings. */
export interface SettingClaimRule {
	/** Where the claim's value comes from. */
	readonly from: "setting";
	/** A required claim that is missing refuses the token; it is never dropped in silence. */
	readonly required?: boolean;
	/** The setting that gives the claim its name, where the vendor lets the integrator choose it. */
	readonly nameSetting?: string;
	/** The setting whose value is sent. */
	readonly setting: string;
}

/** A claim that is always the same. */
export interface ConstantClaimRule {
	/** Where the claim's value comes from. */
	readonly from: "constant";
	/** A required claim that is missing refuses the token; it is never dropped in silence. */
	readonly required?: boolean;
	/** The setting that gives the claim its name, where the vendor lets the integrator choose it. */
	readonly nameSetting?: string;
	/** Any JSON value. */
	readonly value: JsonValue;
}

/** A claim that is made again for each token. */
export interface GeneratedClaimRule {
	/** Where the claim's value comes from. */
	readonly from: "generated";
	/** A required claim that is missing refuses the token; it is never dropped in silence. */
	readonly required?: boolean;
	/** The setting that gives the claim its name, where the vendor lets the integrator choose it. */
	readonly nameSetting?: string;
	/** `issuedAt`, `expirationTime`: whole seconds since the epoch (NumericDate). `uuid`: a random UUID. */
	readonly generate: "issuedAt" | "expirationTime" | "uuid";
}

/** A claim that holds what the integrator's `role` option returns. */
export interface RoleClaimRule {
	/** Where the claim's value comes from. */
	readonly from: "role";
	/** A required claim that is missing refuses the token; it is never dropped in silence. */
	readonly required?: boolean;
	/** The setting that gives the claim its name, where the vendor lets the integrator choose it. */
	readonly nameSetting?: string;
	/** `string`: one role. `string-or-array`: the string or the array, as it was returned. */
	readonly type: "string" | "string-or-array";
	/** The only roles that the vendor knows. */
	readonly oneOf?: readonly string[];
}

/** A free-form claim, filled by the integrator's `claims` option. */
export interface CustomClaimRule {
	/** Where the claim's value comes from. */
	readonly from: "custom";
	/** A required claim that is missing refuses the token; it is never dropped in silence. */
	readonly required?: boolean;
	/** The setting that gives the claim its name, where the vendor lets the integrator choose it. */
	readonly nameSetting?: string;
	/** The JSON type of what the `claims` option gives; `json-string` is sent as the text of a JSON document. */
	readonly type: "string" | "number" | "boolean" | "object" | "array" | "json-string";
}

/** How a claim is filled. */
export type ClaimRule = IdentityClaimRule | SettingClaimRule | ConstantClaimRule | GeneratedClaimRule | RoleClaimRule | CustomClaimRule;

/** How long a token lives, in whole seconds. */
export interface LifetimeRule {
	/** At most `maximumSeconds`. */
	readonly defaultSeconds: number;
	/** The vendor's advice; a longer lifetime works, and `doctor` warns of it. */
	readonly advisedMaximumSeconds?: number;
	/** A longer lifetime is an error. */
	readonly maximumSeconds: number;
}

/** Any JSON value, in which a text that begins with `{` is a reference. */
export type DeliveryArgument = JsonValue;

/** A value that the page gives. It is public, never a secret. */
export interface DeliverySetting {
	/** What it is, for the person who has to find it. */
	readonly description: string;
	/** `element`: an element of the page, in which the widget appears. `elementId`: the id of one. `object`: an object of the vendor's SDK. Default: `text`. */
	readonly kind?: "text" | "element" | "elementId" | "object";
}

/** A vendor's script tag. */
export interface DeliveryScript {
	/** An address with `https:`, or a reference to a setting. */
	readonly src: string;
	/** Further attributes by name: text, a reference to a setting, or true for one without a value. */
	readonly attributes?: Readonly<Record<string, true | string>>;
	/** The attribute that carries the token. It is taken from the page once the script has read it. */
	readonly tokenAttribute?: string;
}

/** A call of one of the widget's functions. It waits until the function is there. */
export interface DeliveryCall {
	/** The object that the function is a method of: a global variable such as `BestChatBot`, `window`, or the name of a setting. */
	readonly on: string;
	/** The name of the function. */
	readonly call: string;
	/** The arguments. Default: none. */
	readonly with?: readonly DeliveryArgument[];
}

/** One way of embedding a widget. The script is inserted once there is a token, or once it is known that there is none and the widget is `anonymous`; a widget that has only `start` asks for the token itself and is started at once. */
export interface DeliveryEmbed {
	/** The vendor's script. Without it the page brings its own. */
	readonly script?: DeliveryScript;
	/** Starts the widget without a token. */
	readonly start?: readonly DeliveryCall[];
	/** Gives the widget a token. Without it, `script.tokenAttribute` does. */
	readonly deliver?: readonly DeliveryCall[];
	/** Takes the user from the widget. Without it, the widget keeps its user for as long as the page lives. */
	readonly clear?: readonly DeliveryCall[];
	/** Whether `deliver` may be done again with a newer token of the same user. Default: false. */
	readonly refresh?: boolean;
	/** Whether the widget is shown to a visitor who is not signed in. Default: false. */
	readonly anonymous?: boolean;
}

/** The token endpoint as the vendor documents it, for a widget or a sample that calls it by itself. */
export interface DeliveryEndpoint {
	/** How it is asked. */
	readonly method: "GET" | "POST";
	/** The path that the vendor's samples use. */
	readonly path?: string;
	/** The bare token, or a JSON object with the token in one member. */
	readonly response:
		| {
				/** The bare token. */
				readonly format: "text";
		  }
		| {
				/** A JSON object. */
				readonly format: "json";
				/** The member with the token. */
				readonly member: string;
		  };
}

/** How a widget gets its token in the browser, as data that `mountWidget` and `widgetScript` of `@widget-token/client` carry out. */
export interface Delivery {
	/** What the page gives next to the token, by name. */
	readonly settings?: Readonly<Record<string, DeliverySetting>>;
	/** The ways of embedding the widget by name; `default` is used when none is named. */
	readonly embeds: {
		readonly default: DeliveryEmbed;
		readonly [name: string]: DeliveryEmbed;
	};
	readonly endpoint?: DeliveryEndpoint;
}

/** A widget that takes a signed JWT (RFC 7519). */
export interface JwtContract {
	/** The address of this schema, for editors. */
	readonly $schema?: string;
	/** Lowercase letters, digits and hyphens; the `widget` of the endpoint's query. */
	readonly id: string;
	/** The vendor's or the widget's name, as people know it. */
	readonly name: string;
	/** The vendor's pages that the contract is taken from. */
	readonly documentation: readonly string[];
	readonly key: KeyRule;
	/** Values that the integrator configures once, by name in camel case. */
	readonly settings?: Readonly<Record<string, SettingRule>>;
	readonly delivery?: Delivery;
	/** A signed JWT. */
	readonly scheme: "jwt";
	/** The JWS algorithm (RFC 7518 §3.1): one, fixed by the contract. */
	readonly algorithm: Algorithm;
	/** What the JOSE header holds next to `alg`. */
	readonly header?: {
		/** Always sent. */
		readonly typ?: "JWT";
		/** The setting that holds the key's id. */
		readonly kid?: string;
	};
	/** The claims by name, in the order in which they are sent. Exactly one is generated as `expirationTime`. */
	readonly claims: Readonly<Record<string, ClaimRule>>;
	/** Groups of claims of which at least one must be there. */
	readonly oneOf?: readonly (readonly string[])[];
	/** Whether the vendor takes any further claim as an attribute. Default: false. */
	readonly additionalClaims?: boolean;
	readonly lifetime: LifetimeRule;
}

/** A widget that takes an HMAC-SHA256 over one field of the identity, as lowercase hexadecimal digits. */
export interface HmacContract {
	/** The address of this schema, for editors. */
	readonly $schema?: string;
	/** Lowercase letters, digits and hyphens; the `widget` of the endpoint's query. */
	readonly id: string;
	/** The vendor's or the widget's name, as people know it. */
	readonly name: string;
	/** The vendor's pages that the contract is taken from. */
	readonly documentation: readonly string[];
	readonly key: KeyRule;
	/** Values that the integrator configures once, by name in camel case. */
	readonly settings?: Readonly<Record<string, SettingRule>>;
	readonly delivery?: Delivery;
	/** An HMAC over a field of the identity. */
	readonly scheme: "hmac";
	/** The HMAC's algorithm. */
	readonly algorithm: "HS256";
	/** The field of the identity that is signed. */
	readonly message: {
		readonly field: IdentityField;
		/** What is done to the text before it is sent. */
		readonly transform?: "lowercase";
	};
}

/** What one widget vendor asks for, as plain data that JSON can carry. Minting, verifying and everything else about a vendor is derived from it. Make one with `defineContract`. */
export type Contract = JwtContract | HmacContract;
