import type { ClaimRule, IdentityField } from "@widget-token/core";
import { freeWords, wordsOf } from "./naming.ts";
import type { PlannedInput, PlannedSetting, PlannedValue } from "./planned-value.ts";
import { commentText } from "./source.ts";

const fields: Readonly<Record<IdentityField, readonly [needs: string, description: string]>> = {
	id: ["id", "The user's immutable id"],
	email: ["verified email address", "The user's email address"],
	name: ["name", "The name to show"],
	picture: ["picture", "The address of a picture"],
	phoneNumber: ["phone number", "The phone number"],
	locale: ["locale", "The language tag, such as en-GB"],
	"organization.id": ["organization's id", "The id of the user's organization"],
	"organization.slug": ["organization's slug", "The slug of the user's organization"],
	"organization.name": ["organization's name", "The name of the user's organization"],
	"organization.role": ["role in the organization", "The user's role in the organization"],
};

export interface InputPlanner {
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

/** Collects the inputs of a signing function, each once and under a name of its own. */
export function createInputs(): InputPlanner {
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
					return { from: "flag", input: addVerified(required), needs: "to know whether the email address is verified" };
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
