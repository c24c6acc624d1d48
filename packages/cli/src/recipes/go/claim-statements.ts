import { limitOf, readerOf } from "../exact-text.ts";
import { goLiteral as literal } from "../literals.ts";
import { goUnexported } from "../naming.ts";
import type { PlannedClaim, RecipePlan } from "../plan.ts";
import type { PlannedInput } from "../planned-value.ts";
import { indent, type Lines } from "../source.ts";
import { keyCode, localOf, nameOf, sentOf } from "./names.ts";

function refusalLines(test: string, needs: string, { name }: RecipePlan): Lines {
	return [`if ${test} {`, `\treturn "", fmt.Errorf("%w: %s", ErrIdentity, ${literal(`${name} needs ${needs}`)})`, "}"];
}

export const errorLines: readonly string[] = ["if err != nil {", '\treturn "", err', "}"];

/** The text of a claim in a local variable, which is declared once. */
function localLines(claim: PlannedClaim, declared: Set<string>): Lines {
	const { value } = claim;
	const local = localOf(claim);
	if (value.from !== "text" || local === "verifiedEmail" || declared.has(local)) return [];
	declared.add(local);
	return [
		readLines(local, value.input),
		value.fallback && [`if ${local} == "" {`, indent("\t", fallbackLines(local, value.fallback)), "}"],
	];
}

/** Declares a local variable with the text of an input. */
export function readLines(local: string, input: PlannedInput): Lines {
	const given = `user.${nameOf(input)}`;
	const reader = readerOf(input);
	if (reader === "address") return `${local} := verifiedEmail`;
	if (reader === "text") return `${local} := strings.TrimSpace(${given})`;
	return [`${local}, err := identifier(${given}, ${limitOf(input)})`, errorLines];
}

function fallbackLines(local: string, input: PlannedInput): Lines {
	if (readerOf(input) === "identifier") return [readLines("fallback", input), `${local} = fallback`];
	return `${local} = ${readerOf(input) === "address" ? "verifiedEmail" : `strings.TrimSpace(user.${nameOf(input)})`}`;
}

/** The text in lower case in a local variable of its own, which is declared once. */
function lowercaseLines(claim: PlannedClaim, declared: Set<string>): Lines {
	const sent = sentOf(claim);
	if (sent === localOf(claim) || declared.has(sent)) return [];
	declared.add(sent);
	return [`${sent}, err := lowercase(${localOf(claim)})`, errorLines];
}

export function requiredLines(claim: PlannedClaim, plan: RecipePlan, declared: Set<string>): Lines {
	const { value } = claim;
	const local = localOf(claim);
	if (value.from === "text") {
		const isChecked = declared.has(`${local} is there`);
		declared.add(`${local} is there`);
		return [localLines(claim, declared), !isChecked && refusalLines(`${local} == ""`, value.needs, plan), lowercaseLines(claim, declared)];
	}
	if (value.from === "role") {
		const given = `user.${nameOf(value.input)}`;
		if (value.helper !== undefined) {
			const read = [`${local}, err := ${goUnexported(value.helper)}(${given})`, errorLines];
			return [read, refusalLines(`${local} == ${value.input.type === "role" ? '""' : "nil"}`, value.needs, plan)];
		}
		if (declared.has(local)) return [];
		declared.add(local);
		return [readLines(local, value.input), refusalLines(`${local} == ""`, value.needs, plan)];
	}
	if (value.from !== "custom") return [];
	const given = `user.${nameOf(value.input)}`;
	const refusal = refusalLines(`${given} == ${value.input.type === "string" ? '""' : "nil"}`, value.needs, plan);
	if (value.input.type !== "json-string") return refusal;
	return [refusal, jsonLines(value.input)];
}

function jsonLines(input: PlannedInput): Lines {
	return [`${goUnexported(input.words)}JSON, err := json.Marshal(user.${nameOf(input)})`, "if err != nil {", '\treturn "", err', "}"];
}

export function optionalLines(claim: PlannedClaim, declared: Set<string>): Lines {
	const { value } = claim;
	const key = `claims[${keyCode(claim)}]`;
	switch (value.from) {
		case "text": {
			const local = localOf(claim);
			const isInline = readerOf(value.input) === "text" && value.fallback === undefined && !value.lowercase && !declared.has(local);
			if (isInline) return [`if text := strings.TrimSpace(user.${nameOf(value.input)}); text != "" {`, `\t${key} = text`, "}"];
			return [localLines(claim, declared), lowercaseLines(claim, declared), `if ${local} != "" {`, `\t${key} = ${sentOf(claim)}`, "}"];
		}
		case "flag":
			return `${key} = user.EmailVerified`;
		case "role": {
			const given = `user.${nameOf(value.input)}`;
			const read = value.helper === undefined ? `identifier(${given}, ${limitOf(value.input)})` : `${goUnexported(value.helper)}(${given})`;
			return [
				`if role, err := ${read}; err != nil {`,
				'\treturn "", err',
				`} else if ${value.input.type === "role" ? 'role != ""' : "role != nil"} {`,
				`\t${key} = role`,
				"}",
			];
		}
		case "custom": {
			const given = `user.${nameOf(value.input)}`;
			const isJson = value.input.type === "json-string";
			const filled = isJson ? [jsonLines(value.input), `${key} = string(${goUnexported(value.input.words)}JSON)`] : [`${key} = ${given}`];
			return [`if ${given} != ${value.input.type === "string" ? '""' : "nil"} {`, indent("\t", filled), "}"];
		}
		default:
			return [];
	}
}
