import { createHmac, createSecretKey, KeyObject } from "node:crypto";
import type { Hash, TextEncoding, TextSigner } from "./signing.ts";

/** Encodes text as base64url of its UTF-8 bytes. Short text goes through one kept buffer, which saves an allocation for each token. */
export function createBase64UrlEncoder(): (text: string) => string {
	const scratch = Buffer.alloc(2048);
	return (text) => {
		if (text.length * 3 > scratch.length) return Buffer.from(text, "utf8").toString("base64url");
		return scratch.toString("base64url", 0, scratch.write(text, "utf8"));
	};
}

/** Bytes as text. */
export function encodeBytes(bytes: Uint8Array, encoding: TextEncoding): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(encoding);
}

/**
 * An HMAC over text. The `KeyObject` is kept: with a plain buffer some versions of Node import the key for each call.
 *
 * A secret that is one already is used as it is, so that its bytes are not in memory twice.
 */
export function createTextHmac(hash: Hash, key: Uint8Array, encoding: TextEncoding, secret?: unknown): TextSigner {
	return new TextHmac(hash, secret instanceof KeyObject ? secret : createSecretKey(key), encoding);
}

// A class, for its fields are one object in memory where a closure's are three: ten thousand keys do not fit a processor's cache.
class TextHmac implements TextSigner {
	readonly #hash: Hash;
	readonly #key: KeyObject;
	readonly #encoding: TextEncoding;

	constructor(hash: Hash, key: KeyObject, encoding: TextEncoding) {
		this.#hash = hash;
		this.#key = key;
		this.#encoding = encoding;
	}

	sign(text: string): string {
		return createHmac(this.#hash, this.#key).update(text).digest(this.#encoding);
	}
}
