import type { JsonValue, RoleClaimRule } from "../contract/index.ts";
import { toLowercase } from "../identity/index.ts";

/** The names in a role claim: one, an array, or several with commas between them; undefined where it is none of these. */
export function readRoles(value: JsonValue | undefined, { type }: RoleClaimRule): readonly string[] | undefined {
	if (type === "string") return typeof value === "string" ? [value] : undefined;
	if (typeof value === "string")
		return value
			.split(",")
			.map((name) => name.trim())
			.filter((name) => name !== "");
	return Array.isArray(value) && value.every((name) => typeof name === "string") ? (value as readonly string[]) : undefined;
}

/** The roles that the vendor knows, by their lower-case spelling. */
export type KnownRoles = ReadonlyMap<string, string>;

/** Prepares the look-up of roles. Their case does not count, as at CustomGPT.ai ("Enable JWT Login", Before you start). */
export function createKnownRoles(roles: readonly string[]): KnownRoles {
	return new Map(roles.map((role) => [foldCase(role), role]));
}

/** The roles that are known, in the vendor's spelling; all where the vendor has not said which it knows. */
export function selectKnownRoles(roles: readonly string[], known: KnownRoles | undefined): readonly string[] {
	if (known === undefined) return roles;
	return roles.map((role) => known.get(foldCase(role))).filter((role) => role !== undefined);
}

// A letter without a lower case of its own stays as it is, so that no other role is found by it.
function foldCase(role: string): string {
	return toLowercase(role) ?? role;
}
