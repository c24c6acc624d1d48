import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import type { Contract, Identity, MintOptions } from "@widget-token/core";
import { createVerify } from "@widget-token/core/verify";
import * as widgets from "@widget-token/widgets";
import { beforeAll, describe, expect, test } from "vitest";
import { snakeCase } from "../src/recipes/naming.ts";
import { wordpressPrefix, wordpressRecipe } from "../src/recipes/php/wordpress.ts";
import { type PlannedInput, planRecipe } from "../src/recipes/plan.ts";
import { djangoRecipe } from "../src/recipes/python/django.ts";
import { pythonNames } from "../src/recipes/python/signer.ts";
import { createRecipeKeys, mintLike } from "./recipe-cases.ts";
import { unusualContracts } from "./recipe-contracts.ts";
import { createFolder, execute, writeFiles } from "./recipe-run.ts";

const contracts: readonly Contract[] = [...Object.values(widgets), ...unusualContracts];
const keys = createRecipeKeys(contracts);
const drivers = fileURLToPath(new URL("recipe-drivers", import.meta.url));
const samples: Readonly<Record<string, unknown>> = {
	string: "free text",
	number: 3,
	boolean: false,
	object: { company_name: "Example Ltd" },
	array: [1, "two"],
	"json-string": { channel: ["subscribe"] },
};

interface Answer {
	readonly status: number;
	readonly body: unknown;
}

// Django writes the domain in lower case itself.
const email = "Ada@example.com";

/** Signed in with a verified address, with one that is not, and nobody. */
const visits = ["verified", "unverified", "nobody"] as const;

describe("wordpress", () => {
	interface PageAnswer extends Answer {
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
					visit === "nobody" ? {} : { ID: 42, user_email: email, display_name: "Ada 💬", roles: ["subscriber", ...roleNames(contract)] },
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
	});

	test.each(contracts)("$id: the endpoint gives the visitor's token, the claims of createMint, and is never cached", async (contract) => {
		for (const [index, visit] of visits.entries()) {
			const answer = results[contract.id]?.[index];
			expect(answer?.isUncached).toBe(true);
			await expectToken(contract, visit, "42", answer, "Ada 💬", ["subscriber", ...roleNames(contract)]);
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

describe("django", () => {
	interface ViewAnswer extends Answer {
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
				user: visit === "nobody" ? null : { username: "ada", email, first_name: "Ada 💬" },
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
	});

	test.each(contracts)("$id: the view gives the user's token, the claims of createMint, and is never cached", async (contract) => {
		for (const [index, visit] of visits.entries()) {
			const answer = results[contract.id]?.[index];
			expect(answer?.headers["cache-control"]).toMatch(/no-store.*private/);
			expect(answer?.headers.vary).toContain("Cookie");
			const body = answer?.headers["content-type"]?.includes("json") ? (JSON.parse(String(answer.body)) as unknown) : answer?.body;
			await expectToken(contract, visit, String(answer?.id), answer && { ...answer, body }, "Ada 💬", [
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

/** The roles that the contract lists. */
function roleNames(contract: Contract): readonly string[] {
	const rule = contract.scheme === "jwt" ? Object.values(contract.claims).find(({ from }) => from === "role") : undefined;
	// The last: one that holds no control character.
	return rule?.from === "role" && rule.oneOf !== undefined ? rule.oneOf.slice(-1) : [];
}

/** Whether the framework's own user has no such thing. */
function isOutside({ field, type }: PlannedInput): boolean {
	if (field === undefined) return type !== "role" && type !== "roles" && type !== "attributes";
	return !["id", "email", "emailVerified", "name", "locale"].includes(field);
}

function sampleOf(input: PlannedInput): unknown {
	if (input.field === undefined) return samples[input.type];
	return input.field === "locale" ? "en-GB" : `the ${input.field}`;
}

/** What the endpoint has to answer, by what createMint makes of the same user. */
async function expectToken(
	contract: Contract,
	visit: (typeof visits)[number],
	id: string,
	answer: Answer | undefined,
	name: string,
	groups: readonly string[],
): Promise<void> {
	const response = contract.delivery?.endpoint?.response ?? { format: "json", member: "token" };
	// WordPress answers with JSON in any case.
	const isText = response.format === "text" && typeof answer?.body === "string";
	const member = response.format === "json" ? response.member : "token";
	if (visit === "nobody") {
		if (answer?.status === 401) expect(answer.body).toMatchObject({ code: "not_signed_in" });
		else expect(answer).toMatchObject({ status: 200, body: { [member]: null } });
		return;
	}
	const { identity, options } = visitorOf(contract, visit === "verified", id, name, groups);
	const probe = await mintLike({ name: "", inputs: {}, identity, options }, contract, keys.env, 1, "");
	if ("code" in probe) {
		expect(answer).toMatchObject({ status: 403, body: { code: "identity_insufficient" } });
		return;
	}
	expect(answer?.status).toBe(200);
	const token = String(isText ? answer?.body : (answer?.body as Record<string, unknown> | undefined)?.[member]);
	if (contract.scheme === "hmac") return expect({ token }).toEqual(probe);
	if (!isText) expect(answer?.body).toMatchObject({ expiresIn: contract.lifetime.defaultSeconds });
	expect(await createVerify(contract, { secret: keys.verificationKey(contract), env: keys.env })(token)).toMatchObject({ verified: true });
	const payload = readClaims(token, contract);
	const expected = await mintLike(
		{ name: "", inputs: {}, identity, options },
		contract,
		keys.env,
		(payload.exp as number) - contract.lifetime.defaultSeconds,
		String(payload.jti),
	);
	expect(payload).toEqual(readClaims("token" in expected ? expected.token : "", contract));
}

function visitorOf(
	contract: Contract,
	emailVerified: boolean,
	id: string,
	name: string,
	groups: readonly string[],
): { identity: Identity; options: MintOptions } {
	const identity: Record<string, unknown> = { id, provider: "framework", email, emailVerified, name, locale: "en-GB" };
	const claims: Record<string, unknown> = {};
	let role: string | readonly string[] | undefined;
	for (const input of planRecipe(contract).inputs) {
		if (input.type === "role" || input.type === "roles") {
			const allowed = roleNames(contract);
			const held = allowed.length > 0 ? allowed : [...groups].sort();
			role = input.type === "role" ? held[0] : held;
		} else if (input.claim !== undefined) claims[input.claim] = sampleOf(input);
		else if (isOutside(input) && input.field !== undefined) {
			const [top = "", nested] = input.field.split(".");
			identity[top] = nested === undefined ? sampleOf(input) : { ...(identity[top] as object), [nested]: sampleOf(input) };
		}
	}
	return {
		identity: identity as unknown as Identity,
		options: {
			...(role === undefined ? {} : { role: () => role }),
			...(Object.keys(claims).length === 0 ? {} : { claims: claims as NonNullable<MintOptions["claims"]> }),
		},
	};
}

function readClaims(token: string, contract: Contract): Record<string, unknown> {
	const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;
	for (const [name, rule] of Object.entries(contract.scheme === "jwt" ? contract.claims : {}))
		if (rule.from === "custom" && rule.type === "json-string" && name in claims) claims[name] = JSON.parse(String(claims[name])) as unknown;
	return claims;
}

interface FooterRun {
	readonly requests: readonly string[];
	readonly attributes: Readonly<Record<string, string>>;
	readonly calls: Readonly<Record<string, readonly unknown[]>>;
}

/** Runs the footer's script in a page whose widget notes what it is called with, and asks for the token where it is to ask. */
async function runFooter(script: string, contract: Contract, token: string | null): Promise<FooterRun> {
	const requests: string[] = [];
	const attributes: Record<string, string> = {};
	const calls: Record<string, readonly unknown[]> = {};
	const response = contract.delivery?.endpoint?.response;
	const member = response?.format === "json" ? response.member : "token";
	const embed = contract.delivery?.embeds.default;
	const page: Record<string, unknown> = {
		console,
		setTimeout,
		fetch: async (url: string) => {
			requests.push(url);
			return { ok: true, json: async () => ({ [member]: token }) };
		},
		document: {
			createElement: () => ({ setAttribute: (name: string, value: string) => Object.assign(attributes, { [name]: value }) }),
			body: { append: (element: { onload: () => void }) => setTimeout(() => element.onload(), 0) },
		},
	};
	page.window = page;
	for (const { on, call } of [...(embed?.deliver ?? []), ...(embed?.start ?? [])]) {
		page[on] ??= {};
		const owner = (on === "window" ? page : page[on]) as Record<string, unknown>;
		owner[call] = (...values: unknown[]) => Object.assign(calls, { [`${on}.${call}`]: values });
	}
	runInContext(script, createContext(page));
	for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
	const asked = Object.values(calls).flatMap((values) =>
		values.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : [value])),
	);
	for (const ask of asked)
		if (typeof ask === "function")
			calls["answer of the resolver"] = [
				await Promise.resolve(ask((given: unknown) => Object.assign(calls, { "answer of the callback": [given] }))).catch(() => null),
			];
	if (embed === undefined)
		for (const value of Object.values(page))
			if (typeof value === "function" && value.name === "fetchToken")
				calls["answer of the function"] = [await (value as () => Promise<unknown>)()];
	return { requests, attributes, calls };
}
