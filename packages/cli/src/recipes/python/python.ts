import type { Contract } from "@widget-token/core";
import { environmentNotes, sharedNotes } from "../notes.ts";
import { exampleInputs, planRecipe, type RecipePlan } from "../plan.ts";
import type { Recipe } from "../recipe.ts";
import { pythonName } from "./claims.ts";
import { pythonNames, pythonSigner } from "./signer.ts";

/** Python ≥ 3.10 with PyJWT. */
export function pythonRecipe(contract: Contract): Recipe {
	const plan = planRecipe(contract);
	const names = pythonNames(plan);
	return {
		files: [{ name: `${names.module}.py`, text: pythonSigner(plan) }],
		install: pythonInstall(plan),
		run: [
			`from ${names.module} import ${names.function}`,
			"",
			`token = ${names.function}(${exampleInputs(plan)
				.map((input) => `${pythonName(input)}=user.${pythonName(input)}`)
				.join(", ")})`,
		].join("\n"),
		notes: [...environmentNotes(plan), ...sharedNotes(plan)],
	};
}

/** PyJWT signs with a private key only where `cryptography` is installed. */
export function pythonInstall({ scheme, key }: RecipePlan): string {
	if (scheme === "hmac") return "";
	return key.isAsymmetric ? 'pip install "PyJWT[crypto]"' : "pip install PyJWT";
}
