import { encodeBytes } from "#signing";
import { fromBase64 } from "./signature.ts";

/** The first odd primes. All primes of the flawed library are powers of 65537 modulo each of them. */
const primes = [
	3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139,
	149, 151, 157, 163, 167,
];

/**
 * Whether an RSA modulus (base64url, as in a JWK) is of the library that makes keys which can be factored: ROCA, CVE-2017-15361.
 *
 * The fingerprint of M. Nemec et al., "The Return of Coppersmith's Attack" (CCS 2017), §2.2; one of 2^154 other keys has it.
 */
export function isRocaModulus(modulus: string): boolean {
	const n = BigInt(`0x${encodeBytes(fromBase64(modulus), "hex")}`);
	return primes.every((prime) => isPowerOf65537(Number(n % BigInt(prime)), prime));
}

function isPowerOf65537(residue: number, prime: number): boolean {
	let power = 1;
	do {
		if (power === residue) return true;
		power = (power * 65_537) % prime;
	} while (power !== 1);
	return false;
}
