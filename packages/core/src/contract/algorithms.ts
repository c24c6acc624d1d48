/**
 * A JWS signature algorithm: all of RFC 7518 §3.1 but `none`, which signs nothing.
 *
 * A contract fixes one; it is never taken from a token (RFC 8725 §3.1).
 */
export type Algorithm =
	| "HS256"
	| "HS384"
	| "HS512"
	| "RS256"
	| "RS384"
	| "RS512"
	| "PS256"
	| "PS384"
	| "PS512"
	| "ES256"
	| "ES384"
	| "ES512";

/** What an algorithm asks of its key, and how WebCrypto and node:crypto are told to use it. */
export interface AlgorithmRule {
	/** The type of the key (RFC 7518 §6.1): `oct` is a shared secret, the others are pairs. */
	readonly keyType: "oct" | "RSA" | "EC";
	/** The hash by node:crypto's name. */
	readonly hash: "sha256" | "sha384" | "sha512";
	/** How WebCrypto imports the key: the family of the algorithm, with the hash or the curve that the key is bound to. */
	readonly importParameters: {
		readonly name: "HMAC" | "RSASSA-PKCS1-v1_5" | "RSA-PSS" | "ECDSA";
		readonly hash?: "SHA-256" | "SHA-384" | "SHA-512";
		readonly namedCurve?: "P-256" | "P-384" | "P-521";
	};
	/** How WebCrypto signs and verifies. */
	readonly signParameters: { readonly name: string; readonly hash?: string; readonly saltLength?: number };
	/** Of a shared secret the size of the hash (RFC 7518 §3.2), of an RSA modulus 2048 (§3.3, §3.5), of a curve its size. */
	readonly minimumKeyBits: number;
	/** Of a JWS signature; of RSA the least, for it is as long as the modulus. */
	readonly signatureBytes: number;
}

type HashBits = 256 | 384 | 512;

function hmac(bits: HashBits): AlgorithmRule {
	const name = "HMAC";
	return freeze({
		keyType: "oct",
		hash: `sha${bits}`,
		importParameters: { name, hash: `SHA-${bits}` },
		signParameters: { name },
		minimumKeyBits: bits,
		signatureBytes: bits / 8,
	});
}

function rsa(name: "RSASSA-PKCS1-v1_5" | "RSA-PSS", bits: HashBits): AlgorithmRule {
	return freeze({
		keyType: "RSA",
		hash: `sha${bits}`,
		importParameters: { name, hash: `SHA-${bits}` },
		// The salt is as long as the hash (RFC 7518 §3.5).
		signParameters: name === "RSA-PSS" ? { name, saltLength: bits / 8 } : { name },
		minimumKeyBits: 2048,
		signatureBytes: 256,
	});
}

// The hash is not the curve's size: ES512 is P-521 with SHA-512. A signature is r and s, each as long as the curve (RFC 7518 §3.4).
function ecdsa(namedCurve: "P-256" | "P-384" | "P-521", bits: HashBits): AlgorithmRule {
	const name = "ECDSA";
	const curveBits = Number(namedCurve.slice(2));
	return freeze({
		keyType: "EC",
		hash: `sha${bits}`,
		importParameters: { name, namedCurve },
		signParameters: { name, hash: `SHA-${bits}` },
		minimumKeyBits: curveBits,
		signatureBytes: 2 * Math.ceil(curveBits / 8),
	});
}

function freeze(rule: AlgorithmRule): AlgorithmRule {
	Object.freeze(rule.importParameters);
	Object.freeze(rule.signParameters);
	return Object.freeze(rule);
}

/**
 * What each algorithm that a contract can name means, by its name.
 *
 * @example
 * ```ts
 * import { algorithms } from "@widget-token/core";
 * import { customGpt } from "@widget-token/widgets";
 *
 * const isKeyPair = algorithms[customGpt.algorithm].keyType !== "oct";
 * ```
 */
export const algorithms: Readonly<Record<Algorithm, AlgorithmRule>> = Object.freeze({
	HS256: hmac(256),
	HS384: hmac(384),
	HS512: hmac(512),
	RS256: rsa("RSASSA-PKCS1-v1_5", 256),
	RS384: rsa("RSASSA-PKCS1-v1_5", 384),
	RS512: rsa("RSASSA-PKCS1-v1_5", 512),
	PS256: rsa("RSA-PSS", 256),
	PS384: rsa("RSA-PSS", 384),
	PS512: rsa("RSA-PSS", 512),
	ES256: ecdsa("P-256", 256),
	ES384: ecdsa("P-384", 384),
	ES512: ecdsa("P-521", 512),
});

/** Whether the vendor and the app share the key; else the vendor holds the public half of a pair. */
export function isSymmetric(algorithm: Algorithm): boolean {
	return algorithms[algorithm].keyType === "oct";
}

/** Whether a `CryptoKey` is of the algorithm's family, and bound to its hash or curve. */
export function isKeyFor(key: CryptoKey, algorithm: Algorithm): boolean {
	const { name, hash, namedCurve } = key.algorithm as Partial<RsaHashedKeyAlgorithm & EcKeyAlgorithm>;
	const expected = algorithms[algorithm].importParameters;
	return name === expected.name && hash?.name === expected.hash && namedCurve === expected.namedCurve;
}

/** The key that an algorithm needs, in words that end a sentence. */
export function describeKeyFor(algorithm: Algorithm): string {
	const { keyType, importParameters, minimumKeyBits } = algorithms[algorithm];
	if (keyType === "oct") return "a shared secret";
	if (keyType === "EC") return `an EC key on the curve ${importParameters.namedCurve}`;
	// A key of the kind id-RSASSA-PSS is one that WebCrypto does not import.
	return `an RSA key (rsaEncryption) of ${minimumKeyBits} bits or more`;
}
