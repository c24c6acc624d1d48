import { createTextHmac } from "#signing";
import { algorithms, describeKeyFor, isKeyFor, isSymmetric } from "./algorithms.ts";
import type { Contract } from "./contract.ts";
import { checkNotAsymmetric } from "./disguised-key.ts";
import { readVariable } from "./environment.ts";
import type { ErrorCode } from "./error-codes.ts";
import { WidgetTokenError } from "./errors.ts";
import { callWithin } from "./guard.ts";
import { checkJwk, isJwk, type KeyPurpose, keyId } from "./jwk.ts";
import { readPrivateKey } from "./pem.ts";
import { signRemotely } from "./remote-signer.ts";
import {
	checkNotPublished,
	checkNotShared,
	checkSecretLength,
	checkSecretText,
	type Environment,
	type KeyObjectLike,
	type RemoteSigner,
	readBytes,
	Secret,
	type SecretSource,
	type Secrets,
	type SecretValue,
} from "./secret.ts";
import { encodeSignature, fromBase64, fromHex } from "./signature.ts";
import type { TextSigner } from "./signing.ts";

/** A key that is ready to sign. */
export interface SigningKey {
	/** The key's id, where the key itself carries one. */
	readonly kid: string | undefined;
	readonly signer: TextSigner;
	/** Milliseconds since the epoch at which its source is to be asked again; undefined for a key that stays. */
	readonly validUntil: number | undefined;
}

export interface SigningKeyOptions {
	readonly secret?: SecretSource | undefined;
	readonly env: Environment;
	readonly now: () => number;
}

const refreshMilliseconds = 60_000;
const secretFunction = { what: "the function of the `secret` option", late: "key_unavailable", failed: "key_unavailable" } as const;

/**
 * The contract's signing key, resolved at first use and kept with its imported form.
 *
 * A function is asked again after 60 seconds, once however many tokens wait for it; the answer replaces the key.
 */
export function createSigningKeySource(contract: Contract, { secret, env, now }: SigningKeyOptions): () => Promise<SigningKey> {
	let current: SigningKey | undefined;
	let importedFrom: SecretValue | undefined;
	let pending: Promise<SigningKey> | undefined;
	const textSigner = createTextSigner(secret, contract);

	const load = async (): Promise<SigningKey> => {
		const secrets =
			typeof secret === "function" ? await callWithin(secretFunction, () => secret()) : (secret ?? readVariable(env, contract.key.env));
		const first = isList(secrets) ? secrets[0] : secrets;
		const where = secret === undefined ? contract.key.env : `the \`secret\` option of ${contract.id}`;
		const key = current !== undefined && first === importedFrom ? current : await importSigningKey(first, contract, where, env);
		importedFrom = first;
		const validUntil = typeof secret === "function" ? now() + refreshMilliseconds : undefined;
		current = { kid: key.kid, signer: textSigner ?? key.signer, validUntil };
		return current;
	};

	return async () => {
		if (current !== undefined && (current.validUntil === undefined || now() < current.validUntil)) return current;
		pending ??= load().finally(() => {
			pending = undefined;
		});
		return pending;
	};
}

// A key that is given as text is made here and checked at its first use. Those of ten thousand tenants then lie side by side
// in memory, where a processor reads ahead, and not between what the first token of each left behind.
function createTextSigner(secret: SecretSource | undefined, contract: Contract): TextSigner | undefined {
	const text = secret instanceof Secret ? secret.reveal() : secret;
	if (typeof text !== "string" || !isSymmetric(contract.algorithm)) return undefined;
	try {
		return createHmacSigner(decodeText(text, contract, ""), contract);
	} catch {
		return undefined;
	}
}

type ImportedKey = Pick<SigningKey, "kid" | "signer">;

async function importSigningKey(value: SecretValue | undefined, contract: Contract, where: string, env: Environment): Promise<ImportedKey> {
	const secret = value instanceof Secret ? value.reveal() : value;
	if (secret === undefined || secret === null) throw new WidgetTokenError("secret_missing", { detail: where });
	if (isRemoteSigner(secret)) return remoteKey(secret, contract, where);
	if (typeof secret === "string") {
		checkSecretText(secret, contract, where);
		checkNotPublished(secret, env);
	}
	try {
		return isSymmetric(contract.algorithm) ? await hmacKey(secret, contract, where) : await asymmetricKey(secret, contract, where);
	} catch (cause) {
		if (cause instanceof WidgetTokenError) throw cause;
		throw unusable(where, `is not a key for ${contract.algorithm}, which needs ${describeKeyFor(contract.algorithm)}`, cause);
	}
}

/** A key whose bytes, or whose `CryptoKey`, are in this process. */
export type LocalSecret = Exclude<SecretValue, Secret | RemoteSigner>;

async function hmacKey(secret: LocalSecret, contract: Contract, where: string): Promise<ImportedKey> {
	if (secret instanceof CryptoKey) {
		await checkHmacKey(secret, "sign", contract, where);
		return { kid: undefined, signer: webCryptoSigner(secret, contract) };
	}
	const bytes = readSharedSecret(secret, "sign", contract, where);
	if (typeof secret === "string") await checkNotShared(secret, contract);
	await checkNotShared(bytes, contract);
	return { kid: keyId(secret), signer: createHmacSigner(bytes, contract, secret) };
}

function createHmacSigner(bytes: Uint8Array, contract: Contract, secret?: LocalSecret): TextSigner {
	return createTextHmac(algorithms[contract.algorithm].hash, bytes, contract.scheme === "hmac" ? "hex" : "base64url", secret);
}

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
		if (secret.type !== "secret") throw unusable(where, `is a ${secret.type} key; ${contract.algorithm} needs a shared secret`);
		return new Uint8Array(secret.export() as Uint8Array);
	}
	if (!isJwk(secret) || secret.kty !== "oct" || typeof secret.k !== "string")
		throw unusable(where, "is not a shared secret (a JWK needs kty oct)");
	checkJwk(secret, purpose, contract, where);
	return fromBase64(secret.k);
}

function decodeText(text: string, contract: Contract, where: string): Uint8Array<ArrayBuffer> {
	if (contract.key.encoding === "hex") {
		if (!/^(?:[0-9a-f]{2})+$/i.test(text)) throw unusable(where, "is not hexadecimal");
		return fromHex(text);
	}
	if (contract.key.encoding === "base64") {
		if (!/^[\w+/-]+={0,2}$/.test(text)) throw unusable(where, "is not base64");
		return fromBase64(text);
	}
	return new TextEncoder().encode(text);
}

/** Refuses a `CryptoKey` that is not a shared secret for that purpose. What it holds shows only where it can be exported. */
export async function checkHmacKey(key: CryptoKey, purpose: KeyPurpose, contract: Contract, where: string): Promise<void> {
	if (!isKeyFor(key, contract.algorithm) || !key.usages.includes(purpose))
		throw unusable(where, `is not a CryptoKey that may ${purpose} with ${contract.algorithm}`);
	if (key.extractable) checkNotAsymmetric(new Uint8Array(await crypto.subtle.exportKey("raw", key)), where);
	checkSecretLength((key.algorithm as HmacKeyAlgorithm).length / 8, contract, where);
}

async function asymmetricKey(secret: LocalSecret, contract: Contract, where: string): Promise<ImportedKey> {
	const key = await readPrivateKey(secret, contract, where);
	if (typeof secret === "string") await checkNotShared(secret.replace(/\\[rn]|\s/g, ""), contract);
	if (isJwk(secret)) await checkNotShared(secret.d ?? "", contract);
	return { kid: keyId(secret), signer: webCryptoSigner(key, contract) };
}

function webCryptoSigner(key: CryptoKey, contract: Contract): TextSigner {
	const { signParameters } = algorithms[contract.algorithm];
	return {
		sign: async (text) =>
			encodeSignature(new Uint8Array(await crypto.subtle.sign(signParameters, key, new TextEncoder().encode(text))), contract),
	};
}

function remoteKey(signer: RemoteSigner, contract: Contract, where: string): ImportedKey {
	if (signer.alg !== contract.algorithm) throw unusable(where, `is a remote signer for another algorithm than ${contract.algorithm}`);
	return { kid: signer.kid, signer: { sign: signRemotely(signer, contract, where) } };
}

function unusable(where: string, problem: string, cause?: unknown): WidgetTokenError {
	const code: ErrorCode = "secret_invalid";
	return new WidgetTokenError(code, { detail: `${where} ${problem}`, ...(cause === undefined ? {} : { cause }) });
}

export function isList(secrets: Secrets | undefined): secrets is readonly SecretValue[] {
	return Array.isArray(secrets);
}

export function isRemoteSigner(secret: SecretValue): secret is RemoteSigner {
	return typeof (secret as RemoteSigner).sign === "function";
}

export function isKeyObject(secret: object): secret is KeyObjectLike {
	return typeof (secret as KeyObjectLike).export === "function";
}
