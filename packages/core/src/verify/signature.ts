import { decodeBase64Url } from "#verifying";
import type { VerifyingKey } from "../keys/index.ts";
import type { VerificationCode } from "./codes.ts";

/** The first of the keys, from an index on, that the signature verifies with; undefined where it verifies with none. */
export function findVerifyingKey(
	keys: readonly VerifyingKey[],
	text: string,
	signature: string,
	from = 0,
): VerifyingKey | undefined | Promise<VerifyingKey | undefined> {
	for (let index = from; index < keys.length; index++) {
		const key = keys[index] as VerifyingKey;
		const isRight = key.verify(text, signature);
		if (isRight instanceof Promise) return findLater(isRight, keys, text, signature, index);
		// Exactly true: anything else that is truthy proves nothing.
		if (isRight === true) return key;
	}
	return undefined;
}

async function findLater(
	isRight: Promise<boolean>,
	keys: readonly VerifyingKey[],
	text: string,
	signature: string,
	index: number,
): Promise<VerifyingKey | undefined> {
	return (await isRight) === true ? keys[index] : findVerifyingKey(keys, text, signature, index + 1);
}

/** Longer ones are refused without an explanation, so that garbage costs no more than a token that verifies. */
const maximumExplainedLength = 2048;

/** Why a JWS signature has not verified, as far as that can be told. */
export async function explainSignature(keys: readonly VerifyingKey[], signingInput: string, signature: string): Promise<VerificationCode> {
	if (signingInput.length + signature.length > maximumExplainedLength) return "signature_invalid";
	const payload = signingInput.slice(signingInput.indexOf(".") + 1);
	if (decodeBase64Url(signature) === undefined || decodeBase64Url(payload) === undefined) return "base64url_invalid";
	return explainReading(keys, signingInput, signature);
}

/** The mistake in reading the secret that explains a signature; `signature_invalid` where none does. */
export async function explainReading(keys: readonly VerifyingKey[], text: string, signature: string): Promise<VerificationCode> {
	for (const key of keys) {
		const mistake = await key.explain?.(text, signature);
		if (mistake !== undefined) return mistake;
	}
	return "signature_invalid";
}
