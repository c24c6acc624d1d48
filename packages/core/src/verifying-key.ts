import { createTextHmacCheck, decodeBase64Url } from "#verifying";
import { type Algorithm, algorithms, describeKeyFor, isKeyFor, isSymmetric } from "./algorithms.ts";
import type { Contract } from "./contract.ts";
import { WidgetTokenError } from "./errors.ts";
import { createReadingCheck, type ReadingCheck } from "./key-reading.ts";
import { hmacBytes, isJwk, isRemoteSigner, type LocalSecret } from "./keys.ts";
import { readPublicKey } from "./public-key.ts";
import { checkNotPublished, checkSecretLength, checkSecretText, type Environment, Secret, type SecretValue } from "./secret.ts";

/** A key that is ready to verify. */
export interface VerifyingKey {
	/** The key's id, where the key itself carries one. */
	readonly kid: string | undefined;
	/** Checks the signature of a JWS signing input (base64url), or of the message of an HMAC contract (hex). */
	verify(text: string, signature: string): boolean | Promise<boolean>;
	/** Names the mistake where the signature verifies with the secret read in another way. */
	readonly explain?: ReadingCheck;
}

/** Makes a key ready: at once where the runtime can, so that a token is verified without waiting. */
export function importVerifyingKey(
	value: SecretValue,
	contract: Contract,
	where: string,
	env: Environment,
): VerifyingKey | Promise<VerifyingKey> {
	const secret = value instanceof Secret ? value.reveal() : value;
	if (isRemoteSigner(secret)) throw unusable(where, "is a remote signer, which cannot verify; give its public key");
	if (typeof secret === "string") {
		checkSecretText(secret, contract, where);
		checkNotPublished(secret, env);
	}
	return isSymmetric(contract.algorithm) ? hmacKey(secret, contract, where) : publicKey(secret, contract, where);
}

/** A public key that is checked already. */
export function createPublicVerifyingKey(key: CryptoKey, kid: string | undefined, algorithm: Algorithm): VerifyingKey {
	return { kid, verify: createCryptoKeyCheck(key, algorithm) };
}

function hmacKey(secret: LocalSecret, contract: Contract, where: string): VerifyingKey {
	if (secret instanceof CryptoKey) return webCryptoHmacKey(secret, contract, where);
	const bytes = readHmacBytes(secret, contract, where);
	checkSecretLength(bytes.length, contract, where);
	checkNotAsymmetric(bytes, where);
	const { hash } = algorithms[contract.algorithm];
	const encoding = contract.scheme === "hmac" ? "hex" : "base64url";
	return {
		kid: keyId(secret),
		verify: createTextHmacCheck(hash, bytes, encoding),
		explain: createReadingCheck(typeof secret === "string" ? secret : undefined, bytes, contract.key.encoding, (other) =>
			createTextHmacCheck(hash, other, encoding),
		),
	};
}

function readHmacBytes(secret: Exclude<LocalSecret, CryptoKey>, contract: Contract, where: string): Uint8Array<ArrayBuffer> {
	try {
		return hmacBytes(secret, contract, where);
	} catch (cause) {
		if (cause instanceof WidgetTokenError) throw cause;
		throw unusable(where, `is not a key for ${contract.algorithm}, which needs ${describeKeyFor(contract.algorithm)}`, cause);
	}
}

// A key that WebCrypto will not hand out can only verify there.
function webCryptoHmacKey(key: CryptoKey, contract: Contract, where: string): VerifyingKey {
	if (!isKeyFor(key, contract.algorithm) || !key.usages.includes("verify") || contract.scheme !== "jwt")
		throw unusable(where, `is not a CryptoKey that may verify ${contract.algorithm}`);
	checkSecretLength((key.algorithm as HmacKeyAlgorithm).length / 8, contract, where);
	return { kid: undefined, verify: createCryptoKeyCheck(key, contract.algorithm) };
}

async function publicKey(secret: LocalSecret, contract: Contract, where: string): Promise<VerifyingKey> {
	try {
		return createPublicVerifyingKey(await readPublicKey(secret, contract, where), keyId(secret), contract.algorithm);
	} catch (cause) {
		if (cause instanceof WidgetTokenError) throw cause;
		throw unusable(where, `is not a public key for ${contract.algorithm}, which needs ${describeKeyFor(contract.algorithm)}`, cause);
	}
}

function createCryptoKeyCheck(key: CryptoKey, algorithm: Algorithm): VerifyingKey["verify"] {
	const { signParameters } = algorithms[algorithm];
	return async (text, signature) => {
		const bytes = decodeBase64Url(signature);
		return bytes !== undefined && crypto.subtle.verify(signParameters, key, bytes, new TextEncoder().encode(text));
	};
}

// Object identifiers of rsaEncryption and id-ecPublicKey (RFC 3279 §2.3), as they stand at the head of every such key.
const publicKeyIdentifiers = ["\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", "\x2a\x86\x48\xce\x3d\x02\x01"];

// Everybody has the public key: as an HMAC secret it would let everybody sign (RFC 8725 §2.1).
function checkNotAsymmetric(bytes: Uint8Array, where: string): void {
	const text = String.fromCharCode(...bytes.subarray(0, 4096));
	if (text.includes("-----BEGIN ")) throw new WidgetTokenError("secret_is_pem", { detail: where });
	if (text.includes('"kty"')) throw new WidgetTokenError("secret_is_jwk", { detail: where });
	if (publicKeyIdentifiers.some((identifier) => text.slice(0, 48).includes(identifier)))
		throw unusable(where, "holds an asymmetric key; a shared secret is needed");
}

function keyId(secret: LocalSecret): string | undefined {
	return isJwk(secret) ? (secret as { kid?: string }).kid : undefined;
}

function unusable(where: string, problem: string, cause?: unknown): WidgetTokenError {
	return new WidgetTokenError("secret_invalid", { detail: `${where} ${problem}`, ...(cause === undefined ? {} : { cause }) });
}
