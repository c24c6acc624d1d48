import { algorithms, type Contract, describeKeyFor } from "../contract/index.ts";
import { unusableKey } from "./unusable-key.ts";

/** What a key is for. */
export type KeyPurpose = "sign" | "verify";

export function isJwk(secret: unknown): secret is JsonWebKey {
	return typeof secret === "object" && secret !== null && typeof (secret as JsonWebKey).kty === "string";
}

/** The id that a key itself carries; only a JWK has one. */
export function keyId(secret: unknown): string | undefined {
	return isJwk(secret) ? (secret as { kid?: string }).kid : undefined;
}

/** Refuses a JWK of another type or algorithm than the contract's, or whose `use` or `key_ops` is something else (RFC 7517 §4.2, §4.3). */
export function checkJwk(jwk: JsonWebKey, purpose: KeyPurpose, { algorithm }: Contract, where: string): void {
	const { kty, alg, use, key_ops: operations, kid } = jwk as JsonWebKey & { readonly kid?: unknown };
	const refuse = (problem: string): never => {
		throw unusableKey(where, `is ${problem}`);
	};
	if (kty !== algorithms[algorithm].keyType) refuse(`not a JWK for ${algorithm}, which needs ${describeKeyFor(algorithm)}`);
	if (alg !== undefined && alg !== algorithm) refuse(`a JWK for another algorithm than ${algorithm}`);
	if (use !== undefined && use !== "sig") refuse("a JWK that is not for signatures (`use`)");
	// Of a private key its public half verifies what it signs.
	const suitable = purpose === "verify" && jwk.d !== undefined ? ["sign", "verify"] : [purpose];
	if (operations !== undefined && !(isDistinctTexts(operations) && suitable.some((operation) => operations.includes(operation))))
		refuse(`a JWK that may not ${purpose} (\`key_ops\`)`);
	if (kid !== undefined && (typeof kid !== "string" || kid === "")) refuse("a JWK whose `kid` is not text");
}

function isDistinctTexts(value: unknown): boolean {
	return Array.isArray(value) && value.every((item) => typeof item === "string") && new Set(value).size === value.length;
}
