import { goLiteral as literal } from "../literals.ts";
import { goUnexported } from "../naming.ts";
import type { PlannedClaim, PlannedInput, RecipePlan } from "../plan.ts";
import { indent, type Lines } from "../source.ts";
import { keyCode, localOf, lowered, nameOf, textCode } from "./names.ts";

function refusalLines(test: string, needs: string, { name }: RecipePlan): Lines {
	return [`if ${test} {`, `\treturn "", fmt.Errorf("%w: %s", ErrIdentity, ${literal(`${name} needs ${needs}`)})`, "}"];
}

/** The text of a claim in a local variable, which is declared once. */
function localLines(claim: PlannedClaim, declared: Set<string>): Lines {
	const { value } = claim;
	const local = localOf(claim);
	if (value.from !== "text" || local === "verifiedEmail" || declared.has(local)) return [];
	declared.add(local);
	return [
		`${local} := ${textCode(value.input)}`,
		value.fallback && [`if ${local} == "" {`, `\t${local} = ${textCode(value.fallback)}`, "}"],
	];
}

export function requiredLines(claim: PlannedClaim, plan: RecipePlan, declared: Set<string>): Lines {
	const { value } = claim;
	const local = localOf(claim);
	if (value.from === "text") {
		const isChecked = declared.has(`${local} is there`);
		declared.add(`${local} is there`);
		return [localLines(claim, declared), !isChecked && refusalLines(`${local} == ""`, value.needs, plan)];
	}
	if (value.from === "role") {
		const given = `user.${nameOf(value.input)}`;
		if (value.helper !== undefined) {
			const read = [`${local}, err := ${goUnexported(value.helper)}(${given})`, "if err != nil {", '\treturn "", err', "}"];
			return [read, refusalLines(`${local} == ${value.input.type === "role" ? '""' : "nil"}`, value.needs, plan)];
		}
		if (declared.has(local)) return [];
		declared.add(local);
		return [`${local} := strings.TrimSpace(${given})`, refusalLines(`${local} == ""`, value.needs, plan)];
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
			if (value.fallback || local === "verifiedEmail" || declared.has(local)) {
				return [localLines(claim, declared), `if ${local} != "" {`, `\t${key} = ${lowered(local, value)}`, "}"];
			}
			return [`if text := ${textCode(value.input)}; text != "" {`, `\t${key} = ${lowered("text", value)}`, "}"];
		}
		case "flag":
			return `${key} = user.EmailVerified`;
		case "role": {
			if (value.helper === undefined)
				return [`if role := strings.TrimSpace(user.${nameOf(value.input)}); role != "" {`, `\t${key} = role`, "}"];
			return [
				`if role, err := ${goUnexported(value.helper)}(user.${nameOf(value.input)}); err != nil {`,
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
