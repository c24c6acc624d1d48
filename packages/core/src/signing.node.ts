import { createHmac, createSecretKey } from "node:crypto";
import type { Hash, TextEncoding } from "./signing.ts";

/** The text as base64url of its UTF-8 bytes. */
export function encodeBase64Url(text: string): string {
	return Buffer.from(text, "utf8").toString("base64url");
}

/** An HMAC over text. The `KeyObject` is kept: with a plain buffer some versions of Node import the key for each call. */
export function createTextHmac(hash: Hash, key: Uint8Array, encoding: TextEncoding): (text: string) => string {
	const keyObject = createSecretKey(key);
	return (text) => createHmac(hash, keyObject).update(text).digest(encoding);
}
