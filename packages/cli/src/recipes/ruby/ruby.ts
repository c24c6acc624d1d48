import type { Contract } from "@widget-token/core";
import { snakeCase, wordsOf } from "../naming.ts";
import { environmentNotes, sharedNotes } from "../notes.ts";
import { exampleInputs, planRecipe } from "../plan.ts";
import type { Recipe } from "../recipe.ts";
import { nameOf } from "./claims.ts";
import { rubyModule, rubySigner } from "./signer.ts";

/** Ruby ≥ 3.0 with the gem `jwt`. */
export function rubyRecipe(contract: Contract): Recipe {
	const plan = planRecipe(contract);
	return {
		files: [{ name: `${snakeCase(wordsOf(plan.id))}_token.rb`, text: rubySigner(plan) }],
		install: plan.scheme === "jwt" ? "bundle add jwt" : "",
		run: `token = ${rubyModule(plan)}.sign(${exampleInputs(plan)
			.map((input) => `${nameOf(input)}: user.${nameOf(input)}`)
			.join(", ")})`,
		notes: [...environmentNotes(plan), ...sharedNotes(plan)],
	};
}
