import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Contract } from "@widget-token/core";
import * as widgets from "@widget-token/widgets";
import { beforeAll, describe, expect, test } from "vitest";
import { snakeCase } from "../src/recipes/naming.ts";
import { planRecipe } from "../src/recipes/plan.ts";
import { djangoRecipe } from "../src/recipes/python/django.ts";
import { pythonNames } from "../src/recipes/python/signer.ts";
import { unusualContracts } from "./recipes/contracts.ts";
import { createFolder, execute, removeFolder, writeFiles } from "./recipes/folder.ts";
import {
	expectToken,
	type FrameworkAnswer,
	isOutside,
	roleNames,
	sampleOf,
	visitorEmail,
	visitorName,
	visits,
} from "./recipes/framework-visitor.ts";
import { createRecipeKeys } from "./recipes/keys.ts";

const contracts: readonly Contract[] = [...Object.values(widgets), ...unusualContracts];
const keys = createRecipeKeys(contracts);
const drivers = fileURLToPath(new URL("recipes/drivers", import.meta.url));

describe("django", () => {
	interface ViewAnswer extends FrameworkAnswer {
		readonly headers: Readonly<Record<string, string>>;
		readonly id: string | null;
	}
	let results: Readonly<Record<string, readonly ViewAnswer[]>>;
	let keyless: Readonly<Record<string, readonly ViewAnswer[]>>;

	beforeAll(() => {
		const folder = createFolder();
		writeFiles(folder, [{ name: "recipes/__init__.py", text: "" }]);
		const views = contracts.map((contract) => {
			writeFiles(
				folder,
				djangoRecipe(contract).files.map(({ name, text }) => ({ name: `recipes/${name}`, text })),
			);
			const plan = planRecipe(contract);
			const { module } = pythonNames(plan);
			const cases = visits.map((visit) => ({
				user: visit === "nobody" ? null : { username: "ada", email: visitorEmail, first_name: visitorName },
				groups: ["A group of the app's", ...roleNames(contract)],
				attributes: {
					email_verified: visit === "verified",
					...Object.fromEntries(
						plan.inputs
							.filter(isOutside)
							.concat(plan.inputs.filter(({ field }) => field === "locale"))
							.map((input) => [snakeCase(input.words), sampleOf(input)]),
					),
				},
			}));
			return { contract: contract.id, module: `recipes.${module}_view`, view: module, cases };
		});
		const attributes = [...new Set(views.flatMap(({ cases }) => cases.flatMap((each) => Object.keys(each.attributes))))];
		const run = (env: Readonly<Record<string, string>>): typeof results =>
			JSON.parse(
				execute(
					["/usr/bin/python3", join(drivers, "django_site.py")],
					JSON.stringify({ folder, views, attributes }),
					folder,
					env,
					"python3-django python3-jwt python3-cryptography",
				),
			) as typeof results;
		results = run(keys.env);
		keyless = run({});
		removeFolder(folder);
	});

	test.each(contracts)("$id: the view gives the user's token, the claims of createMint, and is never cached", async (contract) => {
		for (const [index, visit] of visits.entries()) {
			const answer = results[contract.id]?.[index];
			expect(answer?.headers["cache-control"]).toMatch(/no-store.*private/);
			expect(answer?.headers.vary).toContain("Cookie");
			const body = answer?.headers["content-type"]?.includes("json") ? (JSON.parse(String(answer.body)) as unknown) : answer?.body;
			await expectToken(keys, contract, visit, String(answer?.id), answer && { ...answer, body }, visitorName, [
				"A group of the app's",
				...roleNames(contract),
			]);
		}
	});

	test("without the key there is no token", () => {
		for (const contract of contracts)
			expect(keyless[contract.id]?.[0]).toMatchObject({ status: 500, body: expect.not.stringContaining("eyJ") });
	});
});
