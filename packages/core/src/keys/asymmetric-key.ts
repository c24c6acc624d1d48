import { WidgetTokenError } from "../base/index.ts";
import { algorithms, type Contract, isKeyFor } from "../contract/index.ts";
import type { KeyPurpose } from "./jwk.ts";
import { isRocaModulus } from "./roca.ts";
import { unusableKey } from "./unusable-key.ts";

/** Refuses a key that is not that half of a pair for the contract's algorithm, or is too weak for it. */
export async function checkAsymmetricKey(key: CryptoKey, purpose: KeyPurpose, { algorithm }: Contract, where: string): Promise<void> {
	const half = purpose === "sign" ? "private" : "public";
	if (key.type !== half) throw unusableKey(where, `is not a ${half} key for ${algorithm}`);
	if (!isKeyFor(key, algorithm)) {
		const { name, hash, namedCurve } = algorithms[algorithm].importParameters;
		throw unusableKey(where, `is not a ${half} key for ${algorithm}, which is ${name} with ${hash ?? namedCurve}`);
	}
	if (!key.usages.includes(purpose)) throw unusableKey(where, `is a key that may not ${purpose}`);
	const { modulusLength, publicExponent } = key.algorithm as Partial<RsaHashedKeyAlgorithm>;
	const { minimumKeyBits } = algorithms[algorithm];
	if (modulusLength !== undefined && modulusLength < minimumKeyBits) {
		throw new WidgetTokenError("secret_too_short", {
			detail: `${where} has ${modulusLength} bits; ${algorithm} needs ${minimumKeyBits}`,
		});
	}
	if (publicExponent === undefined) return;
	if (!isExponent(publicExponent)) throw unusableKey(where, "has a public exponent that is not an odd number above 1 (RFC 8017 §3.1)");
	const { n } = key.extractable ? await crypto.subtle.exportKey("jwk", key) : {};
	if (n !== undefined && isRocaModulus(n)) throw unusableKey(where, "is of a library whose keys can be factored (ROCA, CVE-2017-15361)");
}

function isExponent(bytes: Uint8Array): boolean {
	const isOdd = ((bytes.at(-1) ?? 0) & 1) === 1;
	return isOdd && (bytes.at(-1) !== 1 || bytes.subarray(0, -1).some((byte) => byte !== 0));
}
