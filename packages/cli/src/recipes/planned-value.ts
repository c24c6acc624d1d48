import type { CustomClaimRule, IdentityField, JsonValue } from "@widget-token/core";

/** One value that the signing function is given. */
export interface PlannedInput {
	/** The words of its name; each language joins them in its own style. */
	readonly words: readonly string[];
	readonly type: "id" | "text" | "flag" | "role" | "roles" | CustomClaimRule["type"] | "attributes";
	/** Without it there is never a token. */
	readonly required: boolean;
	/** A phrase that begins with a capital letter. */
	readonly description: string;
	/** What the identity calls it; undefined for the role and for free-form claims. */
	readonly field?: IdentityField | "emailVerified";
	/** The contract's name of a free-form claim. */
	readonly claim?: string;
}

/** A configured value. */
export interface PlannedSetting {
	readonly words: readonly string[];
	readonly env: string;
	readonly description: string;
	readonly default: string | undefined;
}

/** Where a claim's value comes from. `needs` ends a sentence that says what is missing; `helper` names the function that reads the role. */
export type PlannedValue =
	| { readonly from: "setting"; readonly setting: PlannedSetting }
	| { readonly from: "constant"; readonly value: JsonValue }
	| { readonly from: "issuedAt" | "expirationTime" | "uuid" }
	| {
			readonly from: "text";
			readonly input: PlannedInput;
			readonly fallback: PlannedInput | undefined;
			readonly lowercase: boolean;
			readonly needs: string;
	  }
	| { readonly from: "flag"; readonly input: PlannedInput; readonly needs: string }
	| {
			readonly from: "role";
			readonly input: PlannedInput;
			readonly oneOf: readonly string[] | undefined;
			readonly needs: string;
			readonly helper: readonly string[] | undefined;
	  }
	| { readonly from: "custom"; readonly input: PlannedInput; readonly needs: string };
