import type { Contract } from "./contract.ts";

/** Signature bytes as text: base64url in a JWS, lower-case hex for an HMAC contract. */
export function encodeSignature(bytes: Uint8Array, { scheme }: Contract): string {
	if (scheme === "hmac") return toHex(bytes);
	return btoa(String.fromCharCode(...bytes))
		.replaceAll("+", "-")
		.replaceAll("/", "_")
		.replace(/=+$/, "");
}

/** Bytes as lower-case hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The bytes of base64 or base64url, with or without padding. Throws where the text is neither. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}
