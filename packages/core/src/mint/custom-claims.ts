import { type Awaitable, callWithin, WidgetTokenError } from "../base/index.ts";
import type { CustomClaimRule, JsonValue, JwtContract } from "../contract/index.ts";
import { checkFreeText, type Identity } from "../identity/index.ts";

/** A value for a free-form claim; undefined leaves the claim out. */
export type CustomClaim = JsonValue | undefined;

/** The free-form claims by name: each a value, or a function of the identity and the provider's raw user; or one function for all. */
export type CustomClaims<User> =
	| ((identity: Identity<User>, user: User) => Awaitable<Readonly<Record<string, CustomClaim>> | undefined>)
	| Readonly<Record<string, CustomClaim | ((identity: Identity<User>, user: User) => Awaitable<CustomClaim>)>>;

/** The values of the `claims` option for one identity, by name. */
export type CustomValues = Readonly<Record<string, unknown>>;

const claimsFunction = { what: "a function of the `claims` option", late: "provider_timeout" } as const;

/** Asks the `claims` option for the values of one identity. */
export async function readCustomClaims<User>(claims: CustomClaims<User>, identity: Identity<User>): Promise<CustomValues> {
	// Without a prototype: a claim is there only if somebody has set it.
	const values = Object.create(null) as Record<string, unknown>;
	if (typeof claims === "function")
		return Object.assign(values, await callWithin(claimsFunction, () => claims(identity, identity.user as User)));
	for (const [name, claim] of Object.entries(claims))
		values[name] = typeof claim === "function" ? await callWithin(claimsFunction, () => claim(identity, identity.user as User)) : claim;
	return values;
}

/** Refuses a claim of the integrator's that the contract owns or the vendor does not take. `owned` are the names that settings give. */
export function checkCustomClaim(name: string, contract: JwtContract, owned: readonly (string | undefined)[]): void {
	if (
		Object.hasOwn(contract.claims, name)
			? contract.claims[name]?.from === "custom"
			: contract.additionalClaims === true && !owned.includes(name)
	)
		return;
	throw new WidgetTokenError("claim_reserved", { detail: `${name} cannot be set for ${contract.id}` });
}

/** The JSON text of a free-form claim that the contract names; undefined when there is none. */
export function encodeCustomClaim(value: unknown, name: string, { type }: CustomClaimRule): string | undefined {
	if (value === undefined || value === null) return undefined;
	const json = encodeJson(value, name);
	if (type === "json-string") return JSON.stringify(json);
	// The text tells, not the value: a Date is an object, and its JSON a string.
	if (typeOfJson(json) !== type) throw new WidgetTokenError("claim_invalid", { detail: `${name} is not of the type ${type}` });
	return json;
}

/** The JSON text of a value; what JSON would drop or turn into null is an error, and text obeys the rules of an identity's. */
export function encodeJson(value: unknown, name: string): string {
	const refuse = (cause?: unknown): never => {
		throw new WidgetTokenError("claim_invalid", { detail: `${name} is not JSON`, cause });
	};
	let json: string | undefined;
	try {
		json = JSON.stringify(value, (_, member: unknown) => {
			if (typeof member === "string") checkFreeText(member, name);
			return typeof member === "number" && !Number.isFinite(member) ? refuse() : member;
		});
	} catch (cause) {
		if (cause instanceof WidgetTokenError) throw cause;
		refuse(cause);
	}
	return json ?? refuse();
}

function typeOfJson(json: string): string {
	if (json.startsWith("{")) return "object";
	if (json.startsWith("[")) return "array";
	return typeof JSON.parse(json);
}
