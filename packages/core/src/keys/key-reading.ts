import { encodeBytes } from "#signing";
import { isPromise } from "../base/index.ts";
import type { KeyEncoding } from "../contract/index.ts";
import { fromBase64, fromHex } from "./signature.ts";

/** Tells the mistake by which a signature does not verify; undefined where it is another one. */
export type ReadingCheck = (text: string, signature: string) => Promise<"key_decoded" | "key_not_decoded" | undefined>;

type HmacCheck = (text: string, signature: string) => boolean | Promise<boolean>;

/**
 * Checks a signature with the secret in the readings that the contract does not mean.
 *
 * The commonest reason why a right secret does not verify: 64 hexadecimal digits are taken for 32 bytes, or the other
 * way round. The other keys are made at the first token that does not verify.
 */
export function createReadingCheck(
	text: string | undefined,
	bytes: Uint8Array,
	encoding: KeyEncoding,
	createCheck: (key: Uint8Array) => HmacCheck,
): ReadingCheck {
	const mistake = encoding === "utf8" ? "key_decoded" : "key_not_decoded";
	let checks: readonly HmacCheck[] | undefined;
	return async (input, signature) => {
		checks ??= otherReadings(text, bytes, encoding).map(createCheck);
		for (const check of checks) {
			const isRight = check(input, signature);
			if (isPromise(isRight) ? await isRight : isRight) return mistake;
		}
		return undefined;
	};
}

function otherReadings(text: string | undefined, bytes: Uint8Array, encoding: KeyEncoding): Uint8Array[] {
	if (encoding === "hex") return [new TextEncoder().encode(text ?? encodeBytes(bytes, "hex"))];
	if (encoding === "base64") return [new TextEncoder().encode(text ?? btoa(String.fromCharCode(...bytes)))];
	const raw = text ?? new TextDecoder().decode(bytes);
	const readings: Uint8Array[] = [];
	if (/^(?:[0-9a-f]{2})+$/i.test(raw)) readings.push(fromHex(raw));
	if (/^[\w+/-]{2,}={0,2}$/.test(raw) && raw.replace(/=+$/, "").length % 4 !== 1) readings.push(fromBase64(raw.replace(/=+$/, "")));
	return readings;
}
