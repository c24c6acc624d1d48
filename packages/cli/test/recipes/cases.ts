import type { Contract, Identity, MintOptions } from "@widget-token/core";
import { camelCase } from "../../src/recipes/naming.ts";
import { planRecipe } from "../../src/recipes/plan.ts";
import type { PlannedInput } from "../../src/recipes/planned-value.ts";
import type { Visitor } from "./claims.ts";

/** What a signing function is given, by the names that JavaScript's recipe has for them. */
export type RecipeInputs = Readonly<Record<string, unknown>>;

/** One call of a recipe, and who it is about in the terms of `createMint`. */
export interface RecipeCase extends Visitor {
	readonly name: string;
	readonly inputs: RecipeInputs;
	/** Not for languages whose types forbid it. */
	readonly isDynamic?: boolean;
	/** Not for languages whose texts cannot hold it. */
	readonly isLoneSurrogate?: boolean;
	/** Where the recipe may refuse what `createMint` accepts: PHP lowers no letter beyond ASCII. */
	readonly isCapital?: boolean;
}

const organization = { id: "org_1", slug: "north", name: "North Ltd", role: "owner" };
const ada: Identity = {
	id: "u_1",
	provider: "my-app",
	email: "Ada@Example.com",
	emailVerified: true,
	name: "Ada",
	picture: "https://example.com/ada.png",
	phoneNumber: "+441234567890",
	locale: "en-GB",
	organization,
};
const samples: Readonly<Record<string, unknown>> = {
	string: "free text",
	number: 3,
	boolean: false,
	object: { company_name: "Example Ltd", seats: 3, tags: ["a", "b"], trial: false, nested: { deep: null }, empty: {} },
	array: [1, "two", { three: 3 }],
	"json-string": { channel: ["subscribe", "<publish>"], "*": ["é"] },
	attributes: { plan: "pro", seats: 5, nested: { deep: true } },
};

/** What every recipe of a contract is tried with. */
export function createCases(contract: Contract): readonly RecipeCase[] {
	const { inputs } = planRecipe(contract);
	const has = (test: (input: PlannedInput) => boolean): boolean => inputs.some(test);
	const optional = inputs.filter(({ required }) => !required);
	const cases: (RecipeCase | false)[] = [
		recipeCase(contract, "everything there is", inputs, ada),
		recipeCase(
			contract,
			"no more than there must be",
			inputs.filter(({ required }) => required),
			ada,
		),
		...inputs
			.filter(({ required, type }) => required && type !== "flag")
			.map((missing) => {
				const left = inputs.filter((input) => input !== missing);
				return recipeCase(contract, `without ${camelCase(missing.words)}`, left, ada, { missing });
			}),
		...optional.map((missing) =>
			recipeCase(
				contract,
				`all but ${camelCase(missing.words)}`,
				inputs.filter((input) => input !== missing),
				ada,
			),
		),
		has(({ field }) => field === "emailVerified") &&
			recipeCase(contract, "an unverified address", inputs, { ...ada, emailVerified: false }),
		has(({ field }) => field === "name") &&
			recipeCase(contract, "a name in several scripts", inputs, { ...ada, name: "Zoë „Ada” O'Neil \\ 💬 عائشة </script> #{x} $y %s" }),
		has(({ field }) => field === "name") && recipeCase(contract, "a blank name", inputs, { ...ada, name: "  " }),
		recipeCase(contract, "space around what is only shown", inputs, { ...ada, name: "\tAda ", picture: ` ${ada.picture} ` }),
		...Object.entries(confusing).flatMap(([name, text]) => confusingCases(contract, inputs, name, text)),
		...(has(({ field }) => field === "email") ? Object.entries(malformed) : []).map(([name, email]) =>
			recipeCase(contract, name, inputs, { ...ada, email }),
		),
		has(({ field }) => field === "email") && {
			...recipeCase(contract, "an empty address", inputs, { ...ada, email: "" }),
			isDynamic: true,
		},
		has(({ field }) => field === "phoneNumber") &&
			recipeCase(contract, "a long phone number", inputs, { ...ada, phoneNumber: "1".repeat(33) }),
		has(({ type }) => type === "role" || type === "roles") && recipeCase(contract, "space around a role", inputs, ada, { role: " plain" }),
		has(({ field }) => field === "id") && {
			...recipeCase(contract, "a numeric id", inputs, { ...ada, id: 42 as unknown as string }),
			isDynamic: true,
		},
		has(({ type }) => type === "role" || type === "roles") &&
			recipeCase(contract, "a role that does not exist", inputs, ada, { role: "no such role" }),
		has(({ type }) => type === "role" || type === "roles") && recipeCase(contract, "an empty role", inputs, ada, { role: "" }),
		has(({ type }) => type === "roles") && { ...recipeCase(contract, "one role as text", inputs, ada, { asText: true }), isDynamic: true },
	];
	return cases.filter((each) => each !== false);
}

// What a careless signer trims, composes, folds or does not see.
const confusing: Readonly<Record<string, string>> = {
	"a space before": " ada",
	"a space after": "ada ",
	"a line break after": "ada\n",
	"a no-break space after": "ada\u00a0",
	"a byte order mark before": "\ufeffada",
	"an ideographic space after": "ada\u3000",
	"a space between": "a da",
	"composed é": "caf\u00e9",
	"decomposed é": "cafe\u0301",
	"composed É": "\u00c9mile",
	"a Kelvin sign": "\u212aim",
	"an Angstrom sign": "\u212bsa",
	"a dotted I": "\u0130zmir",
	"a dotless i": "\u0131zmir",
	"a sharp S": "STRA\u1e9eE",
	"a final sigma": "\u039f\u03a3",
	"a titlecase letter": "\u01c5ep",
	"a Greek titlecase letter": "\u1f88da",
	"a Roman numeral": "\u2167th",
	"a ligature": "\ufb01n",
	"a full-width letter": "\uff21da",
	"a joiner": "a\u200dda",
	"a variation selector": "ada\ufe0f",
	"a grapheme joiner": "a\u034fda",
	"a Hangul filler": "ada\u3164",
	"a blank Braille cell": "ada\u2800",
	"a tag": "ada\u{e0061}",
	"a soft hyphen": "a\u00adda",
	"a mark that reorders": "a\u202eda",
	"an isolate": "a\u2066da",
	"a line separator": "a\u2028da",
	"a null": "a\u0000da",
	"a control of C1": "a\u0085da",
	"a delete": "a\u007fda",
	"a lone surrogate": "a\ud800da",
	"as many letters as there may be": "x".repeat(243),
	"as many astral letters as there may be": "\u{1d49c}".repeat(121),
	"an emoji with joiners": "👩‍💻",
};

const malformed: Readonly<Record<string, string>> = {
	"an address without @": "ada.example.com",
	"an address with two @": "ada@x@example.com",
	"an address without a name": "@example.com",
	"an address without a host": "ada@",
	"a long address": `${"a".repeat(243)}@example.com`,
	"an address with a line break": "ada@example.com\n",
	"an address in capitals": "ADA@EXAMPLE.COM",
};

/** A text in place of each identifier and of each half of the address. */
function confusingCases(contract: Contract, inputs: readonly PlannedInput[], name: string, text: string): RecipeCase[] {
	const marks = {
		isLoneSurrogate: !text.isWellFormed(),
		// In a language that lowers ASCII only.
		isCapital: [...text].some((letter) => letter > "\u007f" && (letter.toLowerCase() !== letter || /\p{Lu}/u.test(letter))),
	};
	const users: Readonly<Record<string, Identity>> = {
		"the id": { ...ada, id: text },
		"the organization's id": { ...ada, organization: { ...organization, id: text } },
		"the organization's slug": { ...ada, organization: { ...organization, slug: text } },
		"the address": { ...ada, email: `${text}@example.com` },
		"the address's host": { ...ada, email: `ada@${text}` },
	};
	const fields: Readonly<Record<string, PlannedInput["field"]>> = {
		"the id": "id",
		"the organization's id": "organization.id",
		"the organization's slug": "organization.slug",
		"the address": "email",
		"the address's host": "email",
	};
	return Object.entries(users)
		.filter(([where]) => inputs.some(({ field }) => field === fields[where]))
		.map(([where, user]) => ({ ...recipeCase(contract, `${name} in ${where}`, inputs, user), ...marks }));
}

interface Variant {
	readonly missing?: PlannedInput;
	readonly role?: string;
	readonly asText?: boolean;
}

function recipeCase(contract: Contract, name: string, given: readonly PlannedInput[], user: Identity, variant: Variant = {}): RecipeCase {
	const inputs: Record<string, unknown> = {};
	const identity: Record<string, unknown> = { provider: "my-app", id: given.some(({ field }) => field === "id") ? user.id : "u_1" };
	const claims: Record<string, unknown> = {};
	let role: string | string[] | undefined;
	for (const input of given) {
		const key = camelCase(input.words);
		if (input.field !== undefined) {
			const [top = "", nested] = input.field.split(".");
			const value = nested === undefined ? user[top as keyof Identity] : user.organization?.[nested as keyof typeof organization];
			inputs[key] = value;
			identity[top] = nested === undefined ? value : { ...(identity[top] as object), [nested]: value };
		} else if (input.type === "role" || input.type === "roles") {
			const one = variant.role ?? sampleRole(contract);
			role = input.type === "role" || variant.asText === true ? one : one === "" ? [] : rolesWith(one, contract, variant);
			inputs[key] = role;
		} else {
			const value = samples[input.type];
			inputs[key] = value;
			if (input.type === "attributes") Object.assign(claims, value);
			else claims[input.claim ?? ""] = value;
		}
	}
	// A recipe that is not told takes the address for unverified.
	if (identity.email !== undefined) identity.emailVerified ??= false;
	if (variant.missing !== undefined) {
		inputs[camelCase(variant.missing.words)] = variant.missing.type === "id" || variant.missing.type === "string" ? "" : null;
		if (variant.missing.field === "id") identity.id = "";
	}
	const hasRole = contract.scheme === "jwt" && Object.values(contract.claims).some(({ from }) => from === "role");
	const options = {
		...(hasRole ? { role: () => role } : {}),
		...(Object.keys(claims).length === 0 ? {} : { claims: claims as NonNullable<MintOptions["claims"]> }),
	};
	return { name, inputs, identity: identity as unknown as Identity, options };
}

/** Several roles where there are several. */
function rolesWith(one: string, contract: Contract, { role }: Variant): string[] {
	const others = role === undefined ? (roleRule(contract) ?? ["Support Team"]) : [];
	return [...new Set([one, ...others])];
}

function roleRule(contract: Contract): readonly string[] | undefined {
	const rule = contract.scheme === "jwt" ? Object.values(contract.claims).find(({ from }) => from === "role") : undefined;
	return rule?.from === "role" ? rule.oneOf : undefined;
}

function sampleRole(contract: Contract): string {
	return roleRule(contract)?.at(-1) ?? "Accounting Team";
}
