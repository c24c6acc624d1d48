import { encodeBytes } from "#signing";
import type { Contract } from "../contract/index.ts";

/** Signature bytes as text: base64url in a JWS, lower-case hex for an HMAC contract. */
export function encodeSignature(bytes: Uint8Array, { scheme }: Contract): string {
	return encodeBytes(bytes, scheme === "hmac" ? "hex" : "base64url");
}

/** The bytes of pairs of hexadecimal digits. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The bytes of base64 or base64url, with or without padding. Throws where the text is neither. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}
