import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";
import type { Hash, TextEncoding } from "./signing.ts";

/**
 * Checks an HMAC over text in constant time. The `KeyObject` is kept.
 *
 * The texts of the signatures are compared, not their bytes: a signature in another spelling is no signature.
 */
export function createTextHmacCheck(hash: Hash, key: Uint8Array, encoding: TextEncoding): (text: string, signature: string) => boolean {
	const keyObject = createSecretKey(key);
	const { length } = createHmac(hash, keyObject).digest(encoding);
	// Kept, for two new buffers would cost a tenth of the whole check.
	const expected = Buffer.alloc(length);
	const presented = Buffer.alloc(length);
	return (text, signature) => {
		if (signature.length !== length) return false;
		expected.write(createHmac(hash, keyObject).update(text).digest(encoding), "latin1");
		// Fewer bytes: a character that is not ASCII did not fit, and the end of an earlier signature is still there.
		return presented.write(signature) === length && timingSafeEqual(presented, expected);
	};
}

/** The bytes of canonical base64url (RFC 7515 §2): no padding, white space or other alphabet, unused bits zero; else undefined. */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
	// Buffer skips what it does not know, so the way back is compared.
	const bytes = Buffer.from(text, "base64url");
	return bytes.toString("base64url") === text ? bytes : undefined;
}
