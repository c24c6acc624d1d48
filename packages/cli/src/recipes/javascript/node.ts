import type { Contract } from "@widget-token/core";
import { environmentNotes, sharedNotes } from "../notes.ts";
import { planRecipe } from "../plan.ts";
import type { Recipe, RecipeOptions } from "../recipe.ts";
import { endpointRecipe, nodeReaders } from "./endpoint-recipe.ts";
import { callExample, javascriptSigner } from "./signer.ts";
import { methodsModule } from "./vercel-function.ts";

/** Node.js with jsonwebtoken: the signing function; with a provider, also the user and the endpoint. */
export function nodeRecipe(contract: Contract, { provider }: RecipeOptions = {}): Recipe {
	const plan = planRecipe(contract);
	if (provider !== undefined) {
		return endpointRecipe(plan, {
			folder: "",
			library: "jsonwebtoken",
			reader: nodeReaders[provider],
			files: [{ name: "route.mjs", text: methodsModule("./endpoint.mjs") }],
			run: '// In Next.js: app/api/widget-token/route.js\nexport { GET, OPTIONS, POST } from "./route.mjs";',
			notes: [
				"route.mjs takes a Request and gives a Response: as it is for Next.js, Hono, SvelteKit or Astro, through an adapter for Express.",
			],
		});
	}
	return {
		files: [{ name: `${plan.id}-token.mjs`, text: javascriptSigner(plan, "jsonwebtoken") }],
		install: plan.scheme === "jwt" ? "npm install jsonwebtoken" : "",
		run: callExample(plan),
		notes: [...environmentNotes(plan), ...sharedNotes(plan)],
	};
}
