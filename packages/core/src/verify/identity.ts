import type { JsonValue, JwtContract, RoleClaimRule, Settings } from "../contract/index.ts";
import { createClaimNames, isAbsent } from "./claims.ts";
import type { Claims, VerifiedIdentity } from "./result.ts";
import { type KnownRoles, readRoles, selectKnownRoles } from "./roles.ts";

/** Reads the identity out of claims that have been judged. */
export type IdentityReader = (claims: Claims, knownRoles: KnownRoles | undefined) => VerifiedIdentity;

type Draft = { widget: string; organization?: Record<string, JsonValue>; roles?: readonly string[]; [field: string]: unknown };

/** Compiles the way back from a contract's claims to the fields of an identity. */
export function compileIdentityReader(contract: JwtContract, settings: Settings): IdentityReader {
	const nameOf = createClaimNames(contract, settings);
	const texts: { readonly name: string; readonly field: string }[] = [];
	const organizationTexts: typeof texts = [];
	let roles: { readonly name: string; readonly rule: RoleClaimRule } | undefined;
	for (const [claim, rule] of Object.entries(contract.claims)) {
		const name = nameOf(claim);
		if (rule.from === "role") roles = { name, rule };
		if (rule.from !== "identity") continue;
		const [group = "", field] = rule.field.split(".");
		if (field === undefined) texts.push({ name, field: group });
		else organizationTexts.push({ name, field });
	}

	return (claims, knownRoles) => {
		const identity: Draft = { widget: contract.id };
		for (const { name, field } of texts) {
			const value = claims[name];
			if (!isAbsent(value)) identity[field] = value;
		}
		for (const { name, field } of organizationTexts) {
			const value = claims[name];
			if (isAbsent(value)) continue;
			identity.organization ??= {};
			identity.organization[field] = value as JsonValue;
		}
		if (roles !== undefined && !isAbsent(claims[roles.name])) {
			identity.roles = selectKnownRoles(readRoles(claims[roles.name], roles.rule) ?? [], knownRoles);
		}
		return identity as unknown as VerifiedIdentity;
	};
}
