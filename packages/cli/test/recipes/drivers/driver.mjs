// Calls each recipe with the cases of a job and prints what came out.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { folder, jobs } = JSON.parse(readFileSync(0, "utf8"));
const results = {};
for (const { contract, file, callable, cases } of jobs) {
	const recipe = await import(pathToFileURL(`${folder}/${file}`));
	results[contract] = [];
	for (const inputs of cases) {
		try {
			results[contract].push({ token: await recipe[callable](inputs, process.env) });
		} catch (error) {
			results[contract].push(
				error instanceof recipe.IdentityError ? { refused: error.message } : { failed: `${error.name}: ${error.message}` },
			);
		}
	}
}
process.stdout.write(JSON.stringify(results));
