import { type Contract, isKeyFor } from "../contract/index.ts";
import { checkNotAsymmetric } from "./disguised-key.ts";
import { checkJwk, isJwk, type KeyPurpose } from "./jwk.ts";
import { isKeyObject, type LocalSecret, readBytes } from "./secret.ts";
import { checkSecretLength } from "./secret-checks.ts";
import { fromBase64, fromHex } from "./signature.ts";
import { unusableKey } from "./unusable-key.ts";

/**
 * The bytes of a shared secret, by the contract's encoding where it is text.
 *
 * Throws `secret_too_short`, and `secret_invalid`, `secret_is_pem` or `secret_is_jwk` for any other kind of key, however it is encoded.
 */
export function readSharedSecret(
	secret: Exclude<LocalSecret, CryptoKey>,
	purpose: KeyPurpose,
	contract: Contract,
	where: string,
): Uint8Array<ArrayBuffer> {
	const bytes = hmacBytes(secret, purpose, contract, where);
	checkNotAsymmetric(bytes, where);
	// Its text may hide a key that the contract's encoding does not show.
	if (typeof secret === "string") checkNotAsymmetric(new TextEncoder().encode(secret), where);
	checkSecretLength(bytes.length, contract, where);
	return bytes;
}

function hmacBytes(
	secret: Exclude<LocalSecret, CryptoKey>,
	purpose: KeyPurpose,
	contract: Contract,
	where: string,
): Uint8Array<ArrayBuffer> {
	if (typeof secret === "string") return decodeText(secret, contract, where);
	const bytes = readBytes(secret);
	if (bytes !== undefined) return bytes;
	if (isKeyObject(secret)) {
		if (secret.type !== "secret") throw unusableKey(where, `is a ${secret.type} key; ${contract.algorithm} needs a shared secret`);
		return new Uint8Array(secret.export() as Uint8Array);
	}
	if (!isJwk(secret) || secret.kty !== "oct" || typeof secret.k !== "string")
		throw unusableKey(where, "is not a shared secret (a JWK needs kty oct)");
	checkJwk(secret, purpose, contract, where);
	return fromBase64(secret.k);
}

export function decodeText(text: string, contract: Contract, where: string): Uint8Array<ArrayBuffer> {
	if (contract.key.encoding === "hex") {
		if (!/^(?:[0-9a-f]{2})+$/i.test(text)) throw unusableKey(where, "is not hexadecimal");
		return fromHex(text);
	}
	if (contract.key.encoding === "base64") {
		if (!/^[\w+/-]+={0,2}$/.test(text)) throw unusableKey(where, "is not base64");
		return fromBase64(text);
	}
	return new TextEncoder().encode(text);
}

/** Refuses a `CryptoKey` that is not a shared secret for that purpose. What it holds shows only where it can be exported. */
export async function checkHmacKey(key: CryptoKey, purpose: KeyPurpose, contract: Contract, where: string): Promise<void> {
	if (!isKeyFor(key, contract.algorithm) || !key.usages.includes(purpose))
		throw unusableKey(where, `is not a CryptoKey that may ${purpose} with ${contract.algorithm}`);
	if (key.extractable) checkNotAsymmetric(new Uint8Array(await crypto.subtle.exportKey("raw", key)), where);
	checkSecretLength((key.algorithm as HmacKeyAlgorithm).length / 8, contract, where);
}
