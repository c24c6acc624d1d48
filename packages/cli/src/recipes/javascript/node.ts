import type { Contract } from "@widget-token/core";
import { environmentNotes, sharedNotes } from "../notes.ts";
import { planRecipe, type RecipePlan } from "../plan.ts";
import type { Recipe } from "../recipe.ts";
import { javascriptFunction, javascriptSigner } from "./signer.ts";

/** Node.js with jsonwebtoken. */
export function nodeRecipe(contract: Contract): Recipe {
	const plan = planRecipe(contract);
	return {
		files: [{ name: `${plan.id}-token.mjs`, text: javascriptSigner(plan, "jsonwebtoken") }],
		install: plan.scheme === "jwt" ? "npm install jsonwebtoken" : "",
		run: exampleCall(plan),
		notes: [...environmentNotes(plan), ...sharedNotes(plan)],
	};
}
function exampleCall(plan: RecipePlan): string {
	return javascriptFunction(plan);
}
