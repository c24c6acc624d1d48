import type { Contract } from "@widget-token/core";
import { planRecipe } from "../plan.ts";
import type { Recipe, RecipeOptions } from "../recipe.ts";
import { joinLines } from "../source.ts";
import { endpointRecipe, staticReaders } from "./endpoint-recipe.ts";

/** A Cloudflare Worker for a static site. */
export function cloudflareWorkerRecipe(contract: Contract, { provider }: RecipeOptions = {}): Recipe {
	const plan = planRecipe(contract);
	const worker = joinLines('import { respond } from "./endpoint.mjs";', "", "export default { fetch: respond };");
	const configuration = joinLines(`name = "${plan.id}-token"`, 'main = "worker.mjs"', 'compatibility_date = "2026-04-01"');
	const secrets = [plan.key.env, ...(provider === "clerk" ? ["CLERK_SECRET_KEY"] : [])];
	return endpointRecipe(plan, {
		folder: "",
		library: "jose",
		reader: staticReaders[provider ?? "oidc"],
		files: [
			{ name: "worker.mjs", text: worker },
			{ name: "wrangler.toml", text: configuration },
		],
		run: [...secrets.map((name) => `npx wrangler secret put ${name}`), "npx wrangler deploy"].join("\n"),
		notes: ["The other variables go under [vars] in wrangler.toml."],
	});
}
