import type { Contract } from "@widget-token/core";
import { environmentNotes, sharedNotes } from "../notes.ts";
import { exampleInputs, planRecipe } from "../plan.ts";
import type { Recipe } from "../recipe.ts";
import { phpClass, phpName } from "./names.ts";
import { phpSigner } from "./signer.ts";

/** PHP ≥ 8.1 with firebase/php-jwt. */
export function phpRecipe(contract: Contract): Recipe {
	const plan = planRecipe(contract);
	return {
		files: [{ name: `${phpClass(plan)}.php`, text: phpSigner(plan, "environment") }],
		install: plan.scheme === "jwt" ? "composer require firebase/php-jwt" : "",
		run: `$token = ${phpClass(plan)}::sign(${exampleInputs(plan)
			.map((input) => `${phpName(input)}: $user->${phpName(input)}`)
			.join(", ")});`,
		notes: [...environmentNotes(plan), ...sharedNotes(plan)],
	};
}
