import type { Contract, Identity, MintOptions } from "@widget-token/core";
import type { JWTPayload } from "jose";
import { camelCase } from "../../src/recipes/naming.ts";
import { planRecipe } from "../../src/recipes/plan.ts";

/** A user as the provider's ID token has him and as `createMint` gets him. */
export function tokenVisitor(contract: Contract, emailVerified: boolean): { claims: JWTPayload; identity: Identity; options: MintOptions } {
	const identity: Identity = {
		id: "u_1",
		provider: "oidc",
		email: "Ada@Example.com",
		emailVerified,
		name: "Ada 💬",
		picture: "https://example.com/ada.png",
		locale: "en-GB",
		phoneNumber: "+441234567890",
	};
	const claims: JWTPayload = {
		email: "Ada@Example.com",
		email_verified: emailVerified,
		name: "Ada 💬",
		picture: "https://example.com/ada.png",
		locale: "en-GB",
		phone_number: "+441234567890",
		phone_number_verified: true,
	};
	const custom: Record<string, unknown> = {};
	let role: string | string[] | undefined;
	for (const input of planRecipe(contract).inputs) {
		const name = camelCase(input.words);
		if (input.type === "role" || input.type === "roles") {
			const rule = contract.scheme === "jwt" ? Object.values(contract.claims).find(({ from }) => from === "role") : undefined;
			const one = (rule?.from === "role" ? rule.oneOf?.at(-1) : undefined) ?? "Support Team";
			role = input.type === "role" ? one : [one];
			claims[name] = role;
		} else if (input.claim !== undefined) {
			custom[input.claim] = claims[name] = {
				string: "text",
				number: 3,
				boolean: true,
				object: { company_name: "Example Ltd" },
				array: ["a"],
				"json-string": ["a"],
			}[input.type as "string"];
		}
	}
	return {
		claims,
		identity,
		options: {
			...(role === undefined ? {} : { role: () => role }),
			...(Object.keys(custom).length === 0 ? {} : { claims: custom as NonNullable<MintOptions["claims"]> }),
		},
	};
}

/** The body of an endpoint's answer, in the form that the contract documents. */
export async function readAnswer(response: Response, contract: Contract): Promise<{ token: string; expiresIn?: number }> {
	const answer = contract.delivery?.endpoint?.response ?? { format: "json", member: "token" };
	if (answer.format === "text") return { token: await response.text() };
	const body = (await response.json()) as Record<string, unknown>;
	return { token: body[answer.member] as string, ...(body.expiresIn === undefined ? {} : { expiresIn: body.expiresIn as number }) };
}
