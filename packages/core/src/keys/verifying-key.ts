import { createTextHmacCheck, decodeBase64Url } from "#verifying";
import { type Environment, WidgetTokenError } from "../base/index.ts";
import { type Algorithm, algorithms, type Contract, describeKeyFor, isSymmetric } from "../contract/index.ts";
import { keyId } from "./jwk.ts";
import { createReadingCheck, type ReadingCheck } from "./key-reading.ts";
import { readPublicKey } from "./public-key.ts";
import { isRemoteSigner, type LocalSecret, Secret, type SecretValue } from "./secret.ts";
import { checkNotPublished, checkSecretText } from "./secret-checks.ts";
import { checkHmacKey, readSharedSecret } from "./shared-secret.ts";
import { unusableKey } from "./unusable-key.ts";

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
	if (isRemoteSigner(secret)) throw unusableKey(where, "is a remote signer, which cannot verify; give its public key");
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

function hmacKey(secret: LocalSecret, contract: Contract, where: string): VerifyingKey | Promise<VerifyingKey> {
	if (secret instanceof CryptoKey) return webCryptoHmacKey(secret, contract, where);
	const bytes = readBytes(secret, contract, where);
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

function readBytes(secret: Exclude<LocalSecret, CryptoKey>, contract: Contract, where: string): Uint8Array<ArrayBuffer> {
	try {
		return readSharedSecret(secret, "verify", contract, where);
	} catch (cause) {
		if (cause instanceof WidgetTokenError) throw cause;
		throw unusableKey(where, `is not a key for ${contract.algorithm}, which needs ${describeKeyFor(contract.algorithm)}`, cause);
	}
}

// A key that WebCrypto will not hand out can only verify there.
async function webCryptoHmacKey(key: CryptoKey, contract: Contract, where: string): Promise<VerifyingKey> {
	if (contract.scheme !== "jwt") throw unusableKey(where, `is a CryptoKey; ${contract.id} needs the secret itself`);
	await checkHmacKey(key, "verify", contract, where);
	return { kid: undefined, verify: createCryptoKeyCheck(key, contract.algorithm) };
}

async function publicKey(secret: LocalSecret, contract: Contract, where: string): Promise<VerifyingKey> {
	try {
		return createPublicVerifyingKey(await readPublicKey(secret, contract, where), keyId(secret), contract.algorithm);
	} catch (cause) {
		if (cause instanceof WidgetTokenError) throw cause;
		throw unusableKey(where, `is not a public key for ${contract.algorithm}, which needs ${describeKeyFor(contract.algorithm)}`, cause);
	}
}

function createCryptoKeyCheck(key: CryptoKey, algorithm: Algorithm): VerifyingKey["verify"] {
	const { signParameters } = algorithms[algorithm];
	return async (text, signature) => {
		const bytes = decodeBase64Url(signature);
		return bytes !== undefined && crypto.subtle.verify(signParameters, key, bytes, new TextEncoder().encode(text));
	};
}
