import { createHmac, createPublicKey, createSecretKey } from "node:crypto";
import type { Contract } from "@widget-token/core";
import { createVerify } from "@widget-token/core/verify";
import * as widgets from "@widget-token/widgets";
import { jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCases, type RecipeCase } from "./recipes/cases.ts";
import { mintLike, readPart, withParsedJson } from "./recipes/claims.ts";
import { unusualContracts } from "./recipes/contracts.ts";
import { createRecipeKeys } from "./recipes/keys.ts";
import type { RecipeLanguage, RecipeOutcomes, RunningRecipes } from "./recipes/language.ts";
import { signingLanguages } from "./recipes/languages.ts";

const contracts: readonly Contract[] = [...Object.values(widgets), ...unusualContracts];
const keys = createRecipeKeys(contracts);
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe.each(signingLanguages)("$name", (language) => {
	const cases = new Map(contracts.map((contract) => [contract, casesFor(language, contract)]));
	let recipes: RunningRecipes;
	let outcomes: RecipeOutcomes;
	let from = 0;
	let to = 0;
	beforeAll(() => {
		recipes = language.prepare(contracts);
		from = Math.floor(Date.now() / 1000);
		outcomes = recipes.call(cases, keys.env);
		to = Math.floor(Date.now() / 1000);
	});
	afterAll(() => (recipes as RunningRecipes | undefined)?.remove());

	test.each(contracts)("$id: the same claims as createMint, and a signature that others verify", async (contract) => {
		const results = outcomes[contract.id] ?? [];
		expect(results).toHaveLength(cases.get(contract)?.length ?? 0);
		for (const [index, each] of (cases.get(contract) ?? []).entries()) {
			const outcome = results[index];
			const token = outcome !== undefined && "token" in outcome ? outcome.token : undefined;
			const payload = token === undefined ? undefined : await readToken(token, contract, each);
			const issuedAt = payload === undefined ? from : issueTime(payload, contract);
			const jti = payload?.jti ?? "";
			const expected = await mintLike(each, contract, keys.env, issuedAt, jti as string);
			if ("code" in expected) {
				expect(outcome, `${each.name}: createMint refuses (${expected.code})`).toEqual({ refused: expect.any(String) });
				continue;
			}
			// It may refuse more, and never sign something else.
			if (each.isCapital === true && !language.lowersUnicode && outcome !== undefined && "refused" in outcome) continue;
			expect(outcome, `${each.name}: createMint gives a token`).toEqual({ token: expect.any(String) });
			if (contract.scheme === "hmac") {
				expect(token).toBe(expected.token);
				continue;
			}
			expect(issuedAt).toBeGreaterThanOrEqual(from);
			expect(issuedAt).toBeLessThanOrEqual(to);
			if (Object.values(contract.claims).some((rule) => rule.from === "generated" && rule.generate === "uuid")) expect(jti).toMatch(uuid);
			expect(withParsedJson(payload ?? {}, contract), each.name).toEqual(withParsedJson(readPart(expected.token, 1), contract));
			expect(readPart(token ?? "", 0), each.name).toEqual(readPart(expected.token, 0));
		}
	});

	test("no token without the key, with a short one, or without a setting, and no word of it", () => {
		const smallest = new Map([...cases].map(([contract, each]) => [contract, each.slice(0, 1)]));
		const shortKeys = Object.fromEntries(contracts.map(({ key }) => [key.env, key.encoding === "base64" ? "c2hvcnQ=" : "aabbcc"]));
		const withoutSettings = Object.fromEntries(contracts.map(({ key }) => [key.env, keys.env[key.env] ?? ""]));
		for (const [env, expected] of [
			[{}, (contract: Contract) => contract.key.env],
			[{ ...keys.env, ...shortKeys }, (contract: Contract) => contract.key.env],
			[withoutSettings, (contract: Contract) => usedSetting(contract)],
		] as const) {
			const of = recipes.call(smallest, env);
			for (const contract of contracts) {
				const name = expected(contract);
				const [outcome] = of[contract.id] ?? [];
				if (name === undefined) expect(outcome, contract.id).toHaveProperty("token");
				else expect(outcome, contract.id).toEqual({ failed: expect.any(String) });
				expect(JSON.stringify(of)).not.toContain("aabbcc");
			}
		}
	});

	test("a setting that names a claim cannot take the place of another", () => {
		const env = { ...keys.env, CUSTOMGPT_ROLE_CLAIM: "exp", EVERYTHING_ROLE_CLAIM: "sub" };
		const named = contracts.filter(({ id }) => id === "customgpt" || id === "every-thing2");
		const of = recipes.call(new Map(named.map((contract) => [contract, (cases.get(contract) ?? []).slice(0, 1)])), env);
		for (const { id } of named) expect(of[id]).toEqual([{ failed: expect.stringContaining("ROLE_CLAIM") }]);
		const renamed = recipes.call(new Map(named.map((contract) => [contract, (cases.get(contract) ?? []).slice(0, 1)])), {
			...env,
			CUSTOMGPT_ROLE_CLAIM: "https://example.com/groups",
			EVERYTHING_ROLE_CLAIM: "groups",
		});
		expect(readPart(tokenOf(renamed, "customgpt"), 1)).toMatchObject({ "https://example.com/groups": expect.any(Array) });
		expect(readPart(tokenOf(renamed, "every-thing2"), 1)).toMatchObject({ groups: ["b", "a"] });
	});
});

function casesFor({ isDynamic, hasLoneSurrogates }: RecipeLanguage, contract: Contract): readonly RecipeCase[] {
	return createCases(contract).filter(
		(each) => (isDynamic || each.isDynamic !== true) && (hasLoneSurrogates || each.isLoneSurrogate !== true),
	);
}

function tokenOf(outcomes: RecipeOutcomes, id: string): string {
	const [outcome] = outcomes[id] ?? [];
	return outcome !== undefined && "token" in outcome ? outcome.token : "";
}

/** Verifies the token by another library and by ours, and returns its claims. */
async function readToken(token: string, contract: Contract, { identity }: RecipeCase): Promise<Record<string, unknown>> {
	const key = keys.verificationKey(contract);
	const verify = createVerify(contract, { secret: key, env: keys.env });
	if (contract.scheme === "hmac") {
		const { field, transform } = contract.message;
		const identifier = String(identity[field as "id" | "email"]);
		const message = transform === "lowercase" ? [...identifier].map((letter) => letter.toLowerCase()).join("") : identifier;
		const hash = createHmac("sha256", key).update(message);
		expect(token).toBe(hash.digest("hex"));
		expect(await verify(token, { identifier })).toMatchObject({ verified: true });
		return {};
	}
	const { payload } = await jwtVerify(token, typeof key === "string" ? createPublicKey(key) : createSecretKey(key), {
		algorithms: [contract.algorithm],
		typ: "JWT",
	});
	expect(await verify(token)).toEqual({ verified: true, claims: payload, identity: expect.anything() });
	return payload;
}

function issueTime(payload: Record<string, unknown>, contract: Contract): number {
	if (contract.scheme === "hmac") return 0;
	const expiry = Object.entries(contract.claims).find(([, rule]) => rule.from === "generated" && rule.generate === "expirationTime");
	expect(payload[expiry?.[0] ?? ""]).toSatisfy(Number.isSafeInteger);
	return (payload[expiry?.[0] ?? ""] as number) - contract.lifetime.defaultSeconds;
}

/** A setting that a token of the contract cannot do without; undefined where each has a default or none is used. */
function usedSetting(contract: Contract): string | undefined {
	if (contract.scheme === "hmac") return undefined;
	return Object.values(contract.settings ?? {}).find((rule) => rule.default === undefined)?.env;
}
