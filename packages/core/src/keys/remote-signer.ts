import { callWithSignal, WidgetTokenError } from "../base/index.ts";
import { algorithms, type Contract } from "../contract/index.ts";
import type { RemoteSigner } from "./secret.ts";
import { encodeSignature } from "./signature.ts";

/** Signs by a KMS or an HSM. Whatever it answers instead of a signature is `key_unavailable` or `secret_invalid`, never a token. */
export function signRemotely(signer: RemoteSigner, contract: Contract, where: string): (text: string) => Promise<string> {
	const { keyType, signatureBytes } = algorithms[contract.algorithm];
	// Of ECDSA, too: a KMS tends to answer in DER, which no verifier takes.
	const hasLength = (length: number): boolean => (keyType === "RSA" ? length >= signatureBytes : length === signatureBytes);
	return async (text) => {
		const limits = { what: "the remote signer", late: "key_unavailable", failed: "key_unavailable" } as const;
		const signature: unknown = await callWithSignal(limits, (context) => signer.sign(new TextEncoder().encode(text), context));
		if (!isBytes(signature) || signature.length === 0)
			throw new WidgetTokenError("key_unavailable", { detail: "the remote signer returned no bytes" });
		if (!hasLength(signature.length)) {
			throw new WidgetTokenError("secret_invalid", {
				detail: `${where} returned ${signature.length} bytes; a signature of ${contract.algorithm} has ${signatureBytes}`,
			});
		}
		return encodeSignature(signature, contract);
	};
}

// Not instanceof: the bytes may come from another realm, as they do in an edge sandbox.
function isBytes(value: unknown): value is Uint8Array {
	return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === "[object Uint8Array]";
}
