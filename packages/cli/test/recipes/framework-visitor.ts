import type { Contract, Identity, MintOptions } from "@widget-token/core";
import { createVerify } from "@widget-token/core/verify";
import { expect } from "vitest";
import { planRecipe } from "../../src/recipes/plan.ts";
import type { PlannedInput } from "../../src/recipes/planned-value.ts";
import { mintLike, readPart, withParsedJson } from "./claims.ts";
import type { RecipeKeys } from "./keys.ts";

const samples: Readonly<Record<string, unknown>> = {
	string: "free text",
	number: 3,
	boolean: false,
	object: { company_name: "Example Ltd" },
	array: [1, "two"],
	"json-string": { channel: ["subscribe"] },
};

/** What an endpoint answers. */
export interface FrameworkAnswer {
	readonly status: number;
	readonly body: unknown;
}

/** The user's address at the framework. Django writes the domain in lower case itself. */
export const visitorEmail = "Ada@example.com";

/** The user's name at the framework. */
export const visitorName = "Ada 💬";

/** Signed in with a verified address, with one that is not, and nobody. */
export const visits = ["verified", "unverified", "nobody"] as const;

/** The roles that the contract lists. */
export function roleNames(contract: Contract): readonly string[] {
	const rule = contract.scheme === "jwt" ? Object.values(contract.claims).find(({ from }) => from === "role") : undefined;
	// The last: one that holds no control character.
	return rule?.from === "role" && rule.oneOf !== undefined ? rule.oneOf.slice(-1) : [];
}

/** Whether the framework's own user has no such thing. */
export function isOutside({ field, type }: PlannedInput): boolean {
	if (field === undefined) return type !== "role" && type !== "roles" && type !== "attributes";
	return !["id", "email", "emailVerified", "name", "locale"].includes(field);
}

/** The value of such a thing. */
export function sampleOf(input: PlannedInput): unknown {
	if (input.field === undefined) return samples[input.type];
	return input.field === "locale" ? "en-GB" : `the ${input.field}`;
}

/** What the endpoint has to answer, by what createMint makes of the same user. */
export async function expectToken(
	keys: RecipeKeys,
	contract: Contract,
	visit: (typeof visits)[number],
	id: string,
	answer: FrameworkAnswer | undefined,
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
	const probe = await mintLike({ identity, options }, contract, keys.env, 1, "");
	if ("code" in probe) {
		expect(answer).toMatchObject({ status: 403, body: { code: "identity_insufficient" } });
		return;
	}
	expect(answer?.status).toBe(200);
	const token = String(isText ? answer?.body : (answer?.body as Record<string, unknown> | undefined)?.[member]);
	if (contract.scheme === "hmac") return expect({ token }).toEqual(probe);
	if (!isText) expect(answer?.body).toMatchObject({ expiresIn: contract.lifetime.defaultSeconds });
	expect(await createVerify(contract, { secret: keys.verificationKey(contract), env: keys.env })(token)).toMatchObject({ verified: true });
	const payload = readPart(token, 1);
	const expected = await mintLike(
		{ identity, options },
		contract,
		keys.env,
		(payload.exp as number) - contract.lifetime.defaultSeconds,
		String(payload.jti),
	);
	expect(withParsedJson(payload, contract)).toEqual(withParsedJson(readPart("token" in expected ? expected.token : "", 1), contract));
}

function visitorOf(
	contract: Contract,
	emailVerified: boolean,
	id: string,
	name: string,
	groups: readonly string[],
): { identity: Identity; options: MintOptions } {
	const identity: Record<string, unknown> = { id, provider: "framework", email: visitorEmail, emailVerified, name, locale: "en-GB" };
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
