import { createTextHmac } from "#signing";
import { callWithin, type Environment, readVariable, WidgetTokenError } from "../base/index.ts";
import { algorithms, type Contract, describeKeyFor, isSymmetric } from "../contract/index.ts";
import { isJwk, keyId } from "./jwk.ts";
import { readPrivateKey } from "./pem.ts";
import { signRemotely } from "./remote-signer.ts";
import { isList, isRemoteSigner, type LocalSecret, type RemoteSigner, Secret, type SecretSource, type SecretValue } from "./secret.ts";
import { checkNotPublished, checkNotShared, checkSecretText } from "./secret-checks.ts";
import { checkHmacKey, decodeText, readSharedSecret } from "./shared-secret.ts";
import { encodeSignature } from "./signature.ts";
import type { TextSigner } from "./signing.ts";
import { unusableKey } from "./unusable-key.ts";

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
		throw unusableKey(where, `is not a key for ${contract.algorithm}, which needs ${describeKeyFor(contract.algorithm)}`, cause);
	}
}

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
	if (signer.alg !== contract.algorithm) throw unusableKey(where, `is a remote signer for another algorithm than ${contract.algorithm}`);
	return { kid: signer.kid, signer: { sign: signRemotely(signer, contract, where) } };
}
