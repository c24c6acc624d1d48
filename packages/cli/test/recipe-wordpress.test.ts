import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Contract } from "@widget-token/core";
import * as widgets from "@widget-token/widgets";
import { beforeAll, describe, expect, test } from "vitest";
import { snakeCase } from "../src/recipes/naming.ts";
import { wordpressPrefix, wordpressRecipe } from "../src/recipes/php/wordpress.ts";
import { planRecipe } from "../src/recipes/plan.ts";
import { unusualContracts } from "./recipes/contracts.ts";
import { createFolder, execute, removeFolder, writeFiles } from "./recipes/folder.ts";
import { runFooter } from "./recipes/footer.ts";
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

describe("wordpress", () => {
	interface PageAnswer extends FrameworkAnswer {
		readonly isUncached: boolean;
		readonly footer: string;
	}
	let results: Readonly<Record<string, readonly PageAnswer[]>>;
	let keyless: Readonly<Record<string, readonly PageAnswer[]>>;

	beforeAll(() => {
		const folder = createFolder();
		const plugins = contracts.map((contract) => {
			const { files } = wordpressRecipe(contract);
			// Composer's loader, as it is in the plugin's folder.
			writeFiles(folder, [...files, { name: `${contract.id}-token/vendor/autoload.php`, text: "<?php\n" }]);
			const plan = planRecipe(contract);
			const prefix = wordpressPrefix(plan);
			const cases = visits.map((visit) => ({
				user:
					visit === "nobody"
						? {}
						: { ID: 42, user_email: visitorEmail, display_name: visitorName, roles: ["subscriber", ...roleNames(contract)] },
				filters: {
					[`${prefix}_email_verified`]: visit === "verified",
					...Object.fromEntries(plan.inputs.filter(isOutside).map((input) => [`${prefix}_${snakeCase(input.words)}`, sampleOf(input)])),
				},
			}));
			return { contract: contract.id, file: files[0]?.name, prefix, cases };
		});
		const run = (constants: object): typeof results =>
			JSON.parse(
				execute(["php", join(drivers, "wordpress.php")], JSON.stringify({ folder, plugins, constants }), folder, {}, "php-cli"),
			) as typeof results;
		// The keys are constants of wp-config.php.
		results = run(keys.env);
		keyless = run({});
		removeFolder(folder);
	});

	test.each(contracts)("$id: the endpoint gives the visitor's token, the claims of createMint, and is never cached", async (contract) => {
		for (const [index, visit] of visits.entries()) {
			const answer = results[contract.id]?.[index];
			expect(answer?.isUncached).toBe(true);
			await expectToken(keys, contract, visit, "42", answer, visitorName, ["subscriber", ...roleNames(contract)]);
		}
	});

	test("without the key there is no token, and no word of why", () => {
		for (const contract of contracts) {
			const body = { title: "The token could not be made", status: 500, code: "internal_error" };
			expect(keyless[contract.id]?.[0]).toMatchObject({ status: 500, body });
		}
	});

	test.each(contracts)("$id: the footer is the same for every visitor, and hands over what the endpoint gives", async (contract) => {
		const footers = new Set(results[contract.id]?.map(({ footer }) => footer));
		expect(footers.size).toBe(1);
		const [footer = ""] = footers;
		const script = /^\s*<script>([\s\S]*)<\/script>\s*$/.exec(footer)?.[1] ?? "";
		expect(script).not.toMatch(/<\/script|<\?/);
		const signedIn = await runFooter(script, contract, "the-token");
		const signedOut = await runFooter(script, contract, null);
		expect(JSON.stringify(signedIn)).toContain("the-token");
		expect(JSON.stringify(signedOut)).not.toContain("the-token");
		expect(signedIn.requests).toEqual([`https://www.example.com/wp-admin/admin-ajax.php?action=${wordpressPrefix(planRecipe(contract))}`]);
		const embed = contract.delivery?.embeds.default;
		if (embed?.deliver === undefined && embed?.script?.tokenAttribute !== undefined)
			expect(signedIn.attributes).toHaveProperty([embed.script.tokenAttribute], "the-token");
		else if (embed !== undefined)
			expect(Object.keys(signedIn.calls)).toContain((embed.deliver ?? embed.start)?.map(({ on, call }) => `${on}.${call}`).at(-1));
	});
});
