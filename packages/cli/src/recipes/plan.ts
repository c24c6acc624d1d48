import { type Algorithm, algorithms, type Contract, type KeyEncoding } from "@widget-token/core";
import { CliError } from "../cli-error.ts";
import { printable } from "../terminal.ts";
import { createInputs } from "./plan-inputs.ts";
import type { PlannedInput, PlannedSetting, PlannedValue } from "./planned-value.ts";
import { commentText } from "./source.ts";

export interface PlannedClaim {
	readonly name: string;
	/** The setting that names it instead. */
	readonly nameSetting: PlannedSetting | undefined;
	readonly value: PlannedValue;
	readonly required: boolean;
	/** Whether it is in every token. */
	readonly always: boolean;
}

/** The algorithms that the libraries of all the languages know; firebase/php-jwt, for one, has neither RSA-PSS nor P-521. */
type RecipeAlgorithm = Extract<Algorithm, "HS256" | "HS384" | "HS512" | "RS256" | "ES256">;
const recipeAlgorithms: readonly RecipeAlgorithm[] = ["HS256", "HS384", "HS512", "RS256", "ES256"];

/** What every language's recipe is written from. */
export interface RecipePlan {
	readonly id: string;
	/** The vendor's name as it may stand in a comment. */
	readonly name: string;
	readonly documentation: readonly string[];
	readonly scheme: "jwt" | "hmac";
	readonly algorithm: RecipeAlgorithm;
	readonly key: { readonly env: string; readonly encoding: KeyEncoding; readonly minimumBytes: number; readonly isAsymmetric: boolean };
	readonly inputs: readonly PlannedInput[];
	/** The settings that a token is made from. */
	readonly settings: readonly PlannedSetting[];
	readonly claims: readonly PlannedClaim[];
	/** The single claim's value that an `hmac` contract signs. */
	readonly message: Extract<PlannedValue, { from: "text" }> | undefined;
	readonly keyId: PlannedSetting | undefined;
	/** Groups of claims of which at least one must be there. */
	readonly oneOf: readonly (readonly PlannedClaim[])[];
	readonly attributes: PlannedInput | undefined;
	readonly lifetimeSeconds: number;
	/** How an endpoint answers, as the vendor documents it: JSON with the token in this member, or the bare token. */
	readonly answer: { readonly format: "json"; readonly member: string } | { readonly format: "text" };
}

/** Reads a contract once for all languages. Throws `algorithm_unsupported` for one that a language's library does not know. */
export function planRecipe(contract: Contract): RecipePlan {
	const algorithm = readAlgorithm(contract);
	const { keyType, minimumKeyBits } = algorithms[algorithm];
	const isAsymmetric = keyType !== "oct";
	const common = {
		answer: contract.delivery?.endpoint?.response ?? ({ format: "json", member: "token" } as const),
		id: contract.id,
		name: truncate(commentText(contract.name)),
		documentation: contract.documentation.map(commentText),
		algorithm,
		key: {
			env: contract.key.env,
			encoding: contract.key.encoding,
			minimumBytes: isAsymmetric ? 0 : (contract.key.minimumBytes ?? minimumKeyBits / 8),
			isAsymmetric,
		},
	};
	const planned = createInputs();
	if (contract.scheme === "hmac") {
		const { field, transform } = contract.message;
		const message = planned.text(field, undefined, transform === "lowercase", true);
		return {
			...common,
			scheme: "hmac",
			message,
			inputs: planned.inputs(),
			settings: [],
			claims: [],
			keyId: undefined,
			oneOf: [],
			attributes: undefined,
			lifetimeSeconds: 0,
		};
	}
	const settings = new Map<string, PlannedSetting>();
	const settingOf = (name: string): PlannedSetting => {
		const rule = contract.settings?.[name];
		if (rule === undefined) throw new TypeError(`${contract.id} has no setting ${name}`);
		const setting = settings.get(name) ?? {
			words: planned.freeWords(name),
			env: rule.env,
			description: commentText(rule.description),
			default: rule.default?.trim() || undefined,
		};
		settings.set(name, setting);
		return setting;
	};
	// The names of the identity's fields come first, so that no free-form claim takes one.
	for (const rule of Object.values(contract.claims)) planned.reserve(rule);
	const claims = Object.entries(contract.claims).map(([name, rule]): PlannedClaim => {
		// Nobody is without an id, so a blank one is a mistake.
		const required = rule.required === true || (rule.from === "identity" && rule.field === "id");
		const value = planned.value(name, rule, settingOf);
		const always = required || ["setting", "constant", "issuedAt", "expirationTime", "uuid"].includes(value.from);
		return { name, value, required, always, nameSetting: rule.nameSetting === undefined ? undefined : settingOf(rule.nameSetting) };
	});
	return {
		...common,
		scheme: "jwt",
		message: undefined,
		claims,
		keyId: contract.header?.kid === undefined ? undefined : settingOf(contract.header.kid),
		oneOf: (contract.oneOf ?? [])
			.map((group) => claims.filter(({ name }) => group.includes(name)))
			.filter((group) => !group.some(({ always }) => always)),
		attributes: contract.additionalClaims === true ? planned.attributes(contract.name) : undefined,
		inputs: planned.inputs(),
		settings: [...settings.values()],
		lifetimeSeconds: contract.lifetime.defaultSeconds,
	};
}

function readAlgorithm({ algorithm, name }: Contract): RecipeAlgorithm {
	const known = recipeAlgorithms.find((each) => each === algorithm);
	if (known !== undefined) return known;
	throw new CliError("algorithm_unsupported", `${printable(name)} is signed with ${algorithm}, which the recipes cannot write`, {
		remedy: `They know ${recipeAlgorithms.join(", ")}. createMint signs with any; for another language, widget-token prompt tells an assistant what the contract asks for.`,
	});
}

/** Whether a token may hold the email address, which goes out only when it is verified. */
export function usesEmail({ claims, message }: RecipePlan): boolean {
	return [...claims.map(({ value }) => value), message].some(
		(value) => value?.from === "text" && (value.input.field === "email" || value.fallback?.field === "email"),
	);
}

/** Whether any claim can be missing that must be there. */
export function usesRequired({ claims, message }: RecipePlan): boolean {
	return message !== undefined || claims.some(({ value, required }) => required && ["text", "role", "custom"].includes(value.from));
}

/** What a call of the signing function shows: whatever the user of an app is likely to have. */
export function exampleInputs({ inputs }: RecipePlan): readonly PlannedInput[] {
	return inputs.filter(({ required, type, field }) => required || field !== undefined || type === "role" || type === "roles");
}

/** What the refusal says when a group of claims has none. */
export function groupRefusal({ name }: RecipePlan, group: readonly PlannedClaim[]): string {
	return `${name} needs ${group.length > 1 ? "one of " : ""}${group.map((claim) => claim.name).join(", ")}`;
}

/** The names that a claim whose name is configured cannot have. */
export function fixedNames({ claims }: RecipePlan): readonly string[] {
	return claims.filter(({ nameSetting }) => nameSetting === undefined).map(({ name }) => name);
}

/** What is said of a setting that holds one of them. */
export function nameRefusal({ env }: PlannedSetting): string {
	return `${env} names a claim that the token has already`;
}

/** The claims for a language that drops whatever is null: those that are meant to be null come after that. */
export function claimsAroundNull({ claims, attributes }: RecipePlan): {
	readonly listed: readonly PlannedClaim[];
	readonly nulls: readonly PlannedClaim[];
	readonly hasOptional: boolean;
} {
	const nulls = claims.filter(({ value }) => value.from === "constant" && value.value === null);
	const listed = claims.filter((claim) => !nulls.includes(claim));
	return { listed, nulls, hasOptional: attributes !== undefined || listed.some(({ always }) => !always) };
}

// A name that fills a line would hide the code.
function truncate(text: string): string {
	const characters = [...text];
	return characters.length <= 80 ? text : `${characters.slice(0, 79).join("")}…`;
}
