import type { Contract } from "@widget-token/core";
import { planRecipe } from "../plan.ts";
import type { Recipe, RecipeOptions } from "../recipe.ts";
import { joinLines } from "../source.ts";
import { endpointRecipe, staticReaders } from "./endpoint-recipe.ts";

/** A Vercel Function for a static site. */
export function vercelFunctionRecipe(contract: Contract, { provider }: RecipeOptions = {}): Recipe {
	const plan = planRecipe(contract);
	const folder = `lib/${plan.id}-token/`;
	return endpointRecipe(plan, {
		folder,
		library: "jose",
		reader: staticReaders[provider ?? "oidc"],
		files: [{ name: `api/${plan.id}-token.mjs`, text: methodsModule(`../${folder}endpoint.mjs`) }],
		run: `vercel env add ${plan.key.env} production --sensitive\nvercel deploy --prod`,
		notes: [`The endpoint is /api/${plan.id}-token.`],
	});
}

/** A module with a function for each method, as Vercel and Next.js load it. */
export function methodsModule(endpoint: string): string {
	return joinLines(
		`import { respond } from "${endpoint}";`,
		"",
		"const answer = (request) => respond(request, process.env);",
		"",
		"export { answer as GET, answer as OPTIONS, answer as POST };",
	);
}
