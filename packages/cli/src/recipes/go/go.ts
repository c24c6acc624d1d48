import type { Contract } from "@widget-token/core";
import { environmentNotes, sharedNotes } from "../notes.ts";
import { exampleInputs, planRecipe } from "../plan.ts";
import type { Recipe } from "../recipe.ts";
import { nameOf } from "./names.ts";
import { goPackage, goSigner } from "./signer.ts";

/** Go ≥ 1.19 with golang-jwt v5. */
export function goRecipe(contract: Contract): Recipe {
	const plan = planRecipe(contract);
	const name = goPackage(plan);
	const hasUuid = plan.claims.some(({ value }) => value.from === "uuid");
	return {
		files: [{ name: `${name}/${name}.go`, text: goSigner(plan) }],
		install: plan.scheme === "jwt" ? `go get github.com/golang-jwt/jwt/v5${hasUuid ? " github.com/google/uuid" : ""}` : "",
		run: [
			`signer, err := ${name}.NewSigner() // once, at the start`,
			`token, err := signer.Sign(${name}.User{${exampleInputs(plan)
				.map((input) => `${nameOf(input)}: user.${nameOf(input)}`)
				.join(", ")}})`,
		].join("\n"),
		notes: [...environmentNotes(plan), ...sharedNotes(plan)],
	};
}
