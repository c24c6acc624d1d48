import { fromHex } from "./signature.ts";
import type { Hash, TextEncoding } from "./signing.ts";

const encoder = new TextEncoder();

/** Checks an HMAC over text by WebCrypto, which compares in constant time. */
export function createTextHmacCheck(
	hash: Hash,
	key: Uint8Array,
	encoding: TextEncoding,
): (text: string, signature: string) => Promise<boolean> {
	const algorithm = { name: "HMAC", hash: hash.replace("sha", "SHA-") };
	const imported = crypto.subtle.importKey("raw", key as Uint8Array<ArrayBuffer>, algorithm, false, ["verify"]);
	return async (text, signature) => {
		const bytes = encoding === "hex" ? decodeHex(signature) : decodeBase64Url(signature);
		return bytes !== undefined && crypto.subtle.verify("HMAC", await imported, bytes, encoder.encode(text));
	};
}

/** The bytes of canonical base64url (RFC 7515 §2): no padding, white space or other alphabet, unused bits zero; else undefined. */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
	if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined;
	const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
	// atob ignores the unused bits, so the way back is compared.
	if (btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "") !== text) return undefined;
	return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function decodeHex(text: string): Uint8Array<ArrayBuffer> | undefined {
	if (!/^(?:[0-9a-f]{2})*$/.test(text)) return undefined;
	return fromHex(text);
}
