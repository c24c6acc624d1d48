import type { Hash, TextEncoding, TextSigner } from "./signing.ts";

const encoder = new TextEncoder();

/** Encodes text as base64url of its UTF-8 bytes. */
export function createBase64UrlEncoder(): (text: string) => string {
	return (text) => encodeBytes(encoder.encode(text), "base64url");
}

/** An HMAC over text by WebCrypto, for runtimes without node:crypto. */
export function createTextHmac(hash: Hash, key: Uint8Array, encoding: TextEncoding): TextSigner {
	const algorithm = { name: "HMAC", hash: hash.replace("sha", "SHA-") };
	let imported: Promise<CryptoKey> | undefined;
	return {
		sign: async (text) => {
			imported ??= crypto.subtle.importKey("raw", key as Uint8Array<ArrayBuffer>, algorithm, false, ["sign"]);
			return encodeBytes(new Uint8Array(await crypto.subtle.sign("HMAC", await imported, encoder.encode(text))), encoding);
		},
	};
}

/** Bytes as text. */
export function encodeBytes(bytes: Uint8Array, encoding: TextEncoding): string {
	if (encoding === "hex") return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
	let binary = "";
	for (const byte of bytes) binary += String.fromCharCode(byte);
	return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
