import { WidgetTokenError } from "../base/index.ts";
import { fromBase64, fromHex } from "./signature.ts";
import { unusableKey } from "./unusable-key.ts";

/** How many encodings may lie around a key, such as base64 of base64. */
const maximumLayers = 3;

/**
 * Refuses an asymmetric key as a shared secret, in whatever encoding: everybody has the public key, and could sign with it
 * (RFC 8725 §2.1).
 */
export function checkNotAsymmetric(bytes: Uint8Array, where: string, layers: number = maximumLayers): void {
	const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
	// Without the zeros, UTF-16 reads like ASCII.
	const plain = text.replaceAll("\0", "");
	if (/-----\s*BEGIN /.test(plain)) throw new WidgetTokenError("secret_is_pem", { detail: where });
	if (plain.includes('"kty"')) throw new WidgetTokenError("secret_is_jwk", { detail: where });
	if (isDerSequence(bytes) || /ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp/.test(plain))
		throw unusableKey(where, "holds an asymmetric key; a shared secret is needed");
	if (layers === 0) return;
	const compact = plain.replace(/\\[nr]|[\s:]/g, "");
	if (/^(?:[0-9a-f]{2})+$/i.test(compact)) checkNotAsymmetric(fromHex(compact), where, layers - 1);
	const unpadded = compact.replace(/=+$/, "");
	if (/^[\w+/-]+$/.test(unpadded) && unpadded.length % 4 !== 1) checkNotAsymmetric(fromBase64(unpadded), where, layers - 1);
}

// SPKI, PKCS#1, PKCS#8, SEC1 and certificates are each one SEQUENCE, which its members fill to the last byte (X.690 §8.9).
function isDerSequence(bytes: Uint8Array): boolean {
	const sequence = readElement(bytes, 0);
	if (bytes[0] !== 0x30 || sequence?.end !== bytes.length) return false;
	let count = 0;
	for (let at = sequence.start; at < bytes.length; count++) {
		const member = readElement(bytes, at);
		if (member === undefined) return false;
		at = member.end;
	}
	return count > 1;
}

function readElement(bytes: Uint8Array, at: number): { readonly start: number; readonly end: number } | undefined {
	const first = bytes[at + 1] ?? 0x80;
	const size = first < 0x80 ? 0 : first & 0x7f;
	if (first === 0x80 || size > 3) return undefined;
	const start = at + 2 + size;
	const length = size === 0 ? first : bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
	return start + length <= bytes.length ? { start, end: start + length } : undefined;
}
