import { type Contract, createMint, type Identity, type MintOptions, WidgetTokenError } from "@widget-token/core";

/** Who a token is about, in the terms of `createMint`. */
export interface Visitor {
	readonly identity: Identity;
	readonly options: MintOptions;
}

/** What our own mint makes of the same user at the same second: the token, or the code of its refusal. */
export async function mintLike(
	{ identity, options }: Visitor,
	contract: Contract,
	env: Readonly<Record<string, string>>,
	issuedAt: number,
	jti: string,
): Promise<{ token: string } | { code: string }> {
	try {
		const { token } = await createMint(contract, { ...options, env, now: () => issuedAt * 1000, jti: () => jti || "not issued" })(identity);
		return { token };
	} catch (error) {
		if (error instanceof WidgetTokenError) return { code: error.code };
		throw error;
	}
}

/** The header (0) or the claims (1) of a token. */
export function readPart(token: string, index: 0 | 1): Record<string, unknown> {
	return JSON.parse(Buffer.from(token.split(".")[index] ?? "", "base64url").toString()) as Record<string, unknown>;
}

/** Claims with what is JSON inside text parsed, for its spaces and the order of its members do not count. */
export function withParsedJson(claims: Record<string, unknown>, contract: Contract): Record<string, unknown> {
	const rules = contract.scheme === "jwt" ? contract.claims : {};
	return Object.fromEntries(
		Object.entries(claims).map(([name, value]) => {
			const rule = rules[name];
			return [name, rule?.from === "custom" && rule.type === "json-string" ? { json: JSON.parse(String(value)) as unknown } : value];
		}),
	);
}
