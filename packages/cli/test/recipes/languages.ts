import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeRecipe } from "../../src/recipes/javascript/node.ts";
import { javascriptFunction } from "../../src/recipes/javascript/signer.ts";
import { phpClass, phpException } from "../../src/recipes/php/names.ts";
import { phpRecipe } from "../../src/recipes/php/php.ts";
import { planRecipe, type RecipePlan } from "../../src/recipes/plan.ts";
import { pythonRecipe } from "../../src/recipes/python/python.ts";
import { pythonNames } from "../../src/recipes/python/signer.ts";
import type { RecipeGenerator } from "../../src/recipes/recipe.ts";
import { rubyRecipe } from "../../src/recipes/ruby/ruby.ts";
import { rubyModule } from "../../src/recipes/ruby/signer.ts";
import { createFolder, execute, removeFolder, writeFiles } from "./folder.ts";
import { goLanguage } from "./go-language.ts";
import type { RecipeLanguage, RecipeOutcomes } from "./language.ts";

const drivers = fileURLToPath(new URL("drivers", import.meta.url));

export const signingLanguages: readonly RecipeLanguage[] = [
	scripted("node", "", nodeRecipe, [process.execPath, join(drivers, "driver.mjs")], javascriptFunction),
	scripted("php", "php-cli", phpRecipe, ["php", join(drivers, "driver.php")], phpClass),
	scripted(
		"python",
		"python3-jwt python3-cryptography",
		pythonRecipe,
		["/usr/bin/python3", join(drivers, "driver.py")],
		(plan) => pythonNames(plan).function,
	),
	scripted("ruby", "ruby ruby-jwt", rubyRecipe, ["ruby", join(drivers, "driver.rb")], rubyModule),
	goLanguage,
];

function scripted(
	name: string,
	packages: string,
	generate: RecipeGenerator,
	command: readonly [string, string],
	callable: (plan: RecipePlan) => string,
): RecipeLanguage {
	return {
		name,
		isDynamic: true,
		hasLoneSurrogates: name === "node" || name === "python",
		lowersUnicode: name !== "php",
		prepare: (contracts) => {
			const folder = createFolder();
			const files = new Map(contracts.map((contract) => [contract, generate(contract).files]));
			for (const each of files.values()) writeFiles(folder, each);
			return {
				folder,
				remove: () => removeFolder(folder),
				call: (cases, env) => {
					const jobs = [...cases].map(([contract, each]) => ({
						contract: contract.id,
						file: files.get(contract)?.[0]?.name,
						callable: callable(planRecipe(contract)),
						refusal: phpException(planRecipe(contract)),
						cases: each.map(({ inputs }) => inputs),
					}));
					return JSON.parse(execute(command, JSON.stringify({ folder, jobs }), folder, env, packages)) as RecipeOutcomes;
				},
			};
		},
	};
}
