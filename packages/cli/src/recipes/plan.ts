import type { Algorithm, ClaimRule, Contract, CustomClaimRule, IdentityField, JsonValue, KeyEncoding } from "@widget-token/core";
import { freeWords, wordsOf } from "./naming.ts";
import { commentText } from "./source.ts";

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

export interface PlannedClaim {
	readonly name: string;
	/** The setting that names it instead. */
	readonly nameSetting: PlannedSetting | undefined;
	readonly value: PlannedValue;
	readonly required: boolean;
	/** Whether it is in every token. */
	readonly always: boolean;
}

/** What every language's recipe is written from. */
export interface RecipePlan {
	readonly id: string;
	/** The vendor's name as it may stand in a comment. */
	readonly name: string;
	readonly documentation: readonly string[];
	readonly scheme: "jwt" | "hmac";
	readonly algorithm: Algorithm;
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
}

/** Reads a contract once for all languages. */
export function planRecipe(contract: Contract): RecipePlan {
	const isAsymmetric = contract.algorithm === "RS256" || contract.algorithm === "ES256";
	const common = {
		id: contract.id,
		name: truncate(commentText(contract.name)),
		documentation: contract.documentation.map(commentText),
		algorithm: contract.algorithm,
		key: {
			env: contract.key.env,
			encoding: contract.key.encoding,
			minimumBytes: isAsymmetric ? 0 : (contract.key.minimumBytes ?? Number(contract.algorithm.slice(2)) / 8),
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

/** Whether a token may hold the e-mail address, which goes out only when it is verified. */
export function usesEmail({ claims, message }: RecipePlan): boolean {
	return [...claims.map(({ value }) => value), message].some(
		(value) => value?.from === "text" && (value.input.field === "email" || value.fallback?.field === "email"),
	);
}

/** Whether any claim can be missing that must be there. */
export function usesRequired({ claims, message }: RecipePlan): boolean {
	return message !== undefined || claims.some(({ value, required }) => required && ["text", "role", "custom"].includes(value.from));
}

/** Whether any claim is text that is trimmed. */
export function usesText({ claims, message }: RecipePlan): boolean {
	return message !== undefined || claims.some(({ value }) => value.from === "text" || value.from === "role");
}

/** What the refusal says when a group of claims has none. */
export function groupRefusal({ name }: RecipePlan, group: readonly PlannedClaim[]): string {
	return `${name} needs ${group.length > 1 ? "one of " : ""}${group.map((claim) => claim.name).join(", ")}`;
}

// A name that fills a line would hide the code.
function truncate(text: string): string {
	const characters = [...text];
	return characters.length <= 80 ? text : `${characters.slice(0, 79).join("")}…`;
}

const fields: Readonly<Record<IdentityField, readonly [needs: string, description: string]>> = {
	id: ["id", "The user's immutable id"],
	email: ["verified e-mail address", "The user's e-mail address"],
	name: ["name", "The name to show"],
	picture: ["picture", "The address of a picture"],
	phoneNumber: ["phone number", "The phone number"],
	locale: ["locale", "The language tag, such as en-GB"],
	"organization.id": ["organization's id", "The id of the user's organization"],
	"organization.slug": ["organization's slug", "The slug of the user's organization"],
	"organization.name": ["organization's name", "The name of the user's organization"],
	"organization.role": ["role in the organization", "The user's role in the organization"],
};

interface InputPlanner {
	freeWords(name: string): readonly string[];
	reserve(rule: ClaimRule): void;
	value(name: string, rule: ClaimRule, settingOf: (name: string) => PlannedSetting): PlannedValue;
	text(
		field: IdentityField,
		fallback: IdentityField | undefined,
		lowercase: boolean,
		required: boolean,
	): Extract<PlannedValue, { from: "text" }>;
	attributes(vendor: string): PlannedInput;
	inputs(): readonly PlannedInput[];
}

function createInputs(): InputPlanner {
	const inputs = new Map<string, PlannedInput>();
	const add = (key: string, input: PlannedInput): PlannedInput => {
		const earlier = inputs.get(key);
		const merged = earlier === undefined ? input : { ...earlier, required: earlier.required || input.required };
		inputs.set(key, merged);
		return merged;
	};
	const addField = (field: IdentityField, required: boolean): PlannedInput => {
		const input = add(field, {
			words: wordsOf(field),
			type: field === "id" ? "id" : "text",
			required,
			description: fields[field][1],
			field,
		});
		if (field === "email") addVerified(required);
		return input;
	};
	const addVerified = (required: boolean): PlannedInput =>
		add("emailVerified", {
			words: ["email", "verified"],
			type: "flag",
			required,
			description: "Whether the address is proven; one that is not is never sent",
			field: "emailVerified",
		});

	let roleHelpers = 0;
	const taken: (readonly string[])[] = [["role"], ["roles"], ["attributes"]];

	const planner: InputPlanner = {
		freeWords: (name) => {
			const words = freeWords(name, [...[...inputs.values()].map((input) => input.words), ...taken]);
			taken.push(words);
			return words;
		},
		reserve: (rule) => {
			if (rule.from !== "identity") return;
			const isSole = rule.field === "id" || (rule.required === true && rule.fallbackField === undefined);
			if (rule.field === "emailVerified") addVerified(isSole);
			else addField(rule.field, isSole);
			if (rule.fallbackField !== undefined) addField(rule.fallbackField, false);
		},
		text: (field, fallback, lowercase, required) => ({
			from: "text",
			input: addField(field, required && fallback === undefined),
			fallback: fallback === undefined ? undefined : addField(fallback, false),
			lowercase,
			needs: `the user's ${fields[field][0]}`,
		}),
		value: (name, rule, settingOf) => {
			const required = rule.required === true;
			switch (rule.from) {
				case "identity":
					if (rule.field !== "emailVerified") return planner.text(rule.field, rule.fallbackField, rule.transform === "lowercase", required);
					return { from: "flag", input: addVerified(required), needs: "to know whether the e-mail address is verified" };
				case "setting":
					return { from: "setting", setting: settingOf(rule.setting) };
				case "constant":
					return { from: "constant", value: rule.value };
				case "generated":
					return { from: rule.generate };
				case "role": {
					const type = rule.type === "string" ? "role" : "roles";
					const choice = rule.oneOf === undefined ? "" : `: ${rule.oneOf.map(commentText).join(type === "role" ? " or " : ", ")}`;
					const description = `The user's ${type}${choice}, from a field that the user cannot write`;
					const input = add(`role ${type}`, { words: [type], type, required, description });
					const isText = type === "role" && rule.oneOf === undefined;
					const helper = isText
						? undefined
						: ["role", type === "role" ? "name" : "names", ...(++roleHelpers > 1 ? [String(roleHelpers)] : [])];
					return { from: "role", input, oneOf: rule.oneOf, needs: "the user's role", helper };
				}
				case "custom": {
					const key = `custom ${name}`;
					const words = inputs.get(key)?.words ?? planner.freeWords(name);
					const description =
						rule.type === "json-string" ? `The value that is sent as JSON text in ${name}` : `The free-form claim ${name}`;
					return {
						from: "custom",
						input: add(key, { words, type: rule.type, required, description, claim: name }),
						needs: `a value for ${name}`,
					};
				}
			}
		},
		attributes: (vendor) =>
			add("attributes", {
				words: ["attributes"],
				type: "attributes",
				required: false,
				description: `Further claims that ${commentText(vendor)} takes; none replaces one of the above`,
			}),
		// A parameter without a default may not follow one that has it.
		inputs: () => [...inputs.values()].sort((a, b) => Number(b.required) - Number(a.required)),
	};
	return planner;
}
