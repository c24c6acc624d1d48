import { decodeBase64Url } from "#verifying";
import { chain } from "./promise.ts";
import type { VerificationCode } from "./verify-codes.ts";
import type { VerifyingKey } from "./verifying-key.ts";

/** The first of the keys, from an index on, that the signature verifies with; undefined where it verifies with none. */
export function findVerifyingKey(
	keys: readonly VerifyingKey[],
	text: string,
	signature: string,
	from = 0,
): VerifyingKey | undefined | Promise<VerifyingKey | undefined> {
	const key = keys[from];
	if (key === undefined) return undefined;
	// Exactly true: anything else that is truthy, such as a promise, proves nothing.
	return chain(key.verify(text, signature), (isRight) => (isRight === true ? key : findVerifyingKey(keys, text, signature, from + 1)));
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
