import type { ClaimRule, IdentityClaimRule, JwtContract } from "@widget-token/core";
import { describeSeconds } from "./time-text.ts";

/** What a contract asks of a claim, in words. */
export function describeRule(rule: ClaimRule, contract: JwtContract, settings: Readonly<Record<string, string>>): string {
	switch (rule.from) {
		case "identity":
			return describeIdentity(rule);
		case "setting":
			return `“${settings[rule.setting] ?? ""}”, from ${contract.settings?.[rule.setting]?.env ?? rule.setting}`;
		case "constant":
			return JSON.stringify(rule.value);
		case "generated":
			if (rule.generate === "uuid") return "An id of its own for each token";
			if (rule.generate === "issuedAt") return "The time of issue, in whole seconds";
			return `The time of expiry, in whole seconds, at most ${describeSeconds(contract.lifetime.maximumSeconds)} after its issue`;
		case "role":
			if (rule.oneOf !== undefined) return `A role: ${rule.oneOf.join(" or ")}`;
			return rule.type === "string" ? "The name of a role" : "Names of roles: an array, or a string with commas";
		case "custom":
			return rule.type === "json-string" ? "A JSON document as a string" : `Free-form, of the type ${rule.type}`;
	}
}

const fields: Readonly<Record<IdentityClaimRule["field"], string>> = {
	id: "The user's id, as a string",
	email: "The user's email address",
	emailVerified: "Whether the address is verified",
	name: "The user's display name",
	picture: "The address of the user's picture",
	phoneNumber: "The user's telephone number",
	locale: "The user's language",
	"organization.id": "The organization's id",
	"organization.slug": "The organization's slug",
	"organization.name": "The organization's name",
	"organization.role": "The user's role in the organization",
};

function describeIdentity({ field, transform }: IdentityClaimRule): string {
	return transform === "lowercase" ? `${fields[field]}, in lower case` : fields[field];
}
