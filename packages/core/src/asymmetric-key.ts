import { algorithms, describeKeyFor, isKeyFor } from "./algorithms.ts";
import type { Contract } from "./contract.ts";
import { WidgetTokenError } from "./errors.ts";

type Half = "private" | "public";

const usages: Readonly<Record<Half, KeyUsage>> = { private: "sign", public: "verify" };

/** Refuses a key that is not that half of a pair for the contract's algorithm, or is too short for it. */
export function checkAsymmetricKey(key: CryptoKey, half: Half, { algorithm }: Contract, where: string): void {
	if (key.type !== half) throw refused(where, `is not a ${half} key for ${algorithm}`);
	if (!isKeyFor(key, algorithm)) {
		const { name, hash, namedCurve } = algorithms[algorithm].importParameters;
		throw refused(where, `is not a ${half} key for ${algorithm}, which is ${name} with ${hash ?? namedCurve}`);
	}
	if (!key.usages.includes(usages[half])) throw refused(where, `is a key that may not ${usages[half]}`);
	const { modulusLength } = key.algorithm as Partial<RsaHashedKeyAlgorithm>;
	const { minimumKeyBits } = algorithms[algorithm];
	if (modulusLength !== undefined && modulusLength < minimumKeyBits) {
		throw new WidgetTokenError("secret_too_short", {
			detail: `${where} has ${modulusLength} bits; ${algorithm} needs ${minimumKeyBits}`,
		});
	}
}

/** Refuses a JWK of another type or algorithm than the contract's; of another curve it is none that can be imported. */
export function checkJwk({ kty, alg }: JsonWebKey, half: Half, { algorithm }: Contract, where: string): void {
	if (kty !== algorithms[algorithm].keyType)
		throw refused(where, `is not a ${half} key for ${algorithm}, which needs ${describeKeyFor(algorithm)}`);
	if (alg !== undefined && alg !== algorithm) throw refused(where, `is a JWK for another algorithm than ${algorithm}`);
}

function refused(where: string, problem: string): WidgetTokenError {
	return new WidgetTokenError("secret_invalid", { detail: `${where} ${problem}` });
}
