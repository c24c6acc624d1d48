import { constants, createSecretKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { Algorithm, Contract, SecretValue } from "@widget-token/core";
import { contractFor, text } from "./keys.ts";
import { nowInSeconds } from "./minting.ts";
import { base64url, outcomeOf, verifier } from "./verifying.ts";

export const rsa: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const curves: Readonly<Record<string, { readonly privateKey: KeyObject; readonly publicKey: KeyObject }>> = Object.fromEntries(
	["P-256", "P-384", "P-521"].map((namedCurve) => [namedCurve, generateKeyPairSync("ec", { namedCurve })]),
);
const shared = createSecretKey(Buffer.from(`${text}${text}`));

/** RFC 7518 §3.1 by hand: the key, the hash, the bytes of a signature, and how node:crypto is told to make it. */
export const rfc7518: Readonly<Record<Algorithm, readonly [key: string, hash: string, bytes: number, padding?: number]>> = {
	HS256: ["oct", "sha256", 32],
	HS384: ["oct", "sha384", 48],
	HS512: ["oct", "sha512", 64],
	RS256: ["RSA", "sha256", 256, constants.RSA_PKCS1_PADDING],
	RS384: ["RSA", "sha384", 256, constants.RSA_PKCS1_PADDING],
	RS512: ["RSA", "sha512", 256, constants.RSA_PKCS1_PADDING],
	PS256: ["RSA", "sha256", 256, constants.RSA_PKCS1_PSS_PADDING],
	PS384: ["RSA", "sha384", 256, constants.RSA_PKCS1_PSS_PADDING],
	PS512: ["RSA", "sha512", 256, constants.RSA_PKCS1_PSS_PADDING],
	ES256: ["P-256", "sha256", 64],
	ES384: ["P-384", "sha384", 96],
	ES512: ["P-521", "sha512", 132],
};
export const names: readonly Algorithm[] = Object.keys(rfc7518) as Algorithm[];
/** The algorithms whose key is a pair. */
export const pairs: readonly Algorithm[] = names.filter((name) => rfc7518[name][0] !== "oct");

export const contractOf = (algorithm: Algorithm): Contract => contractFor(algorithm, {}, "every-algorithm");

export function pairOf(algorithm: Algorithm): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
	const [kind] = rfc7518[algorithm];
	if (kind === "oct") return { privateKey: shared, publicKey: shared };
	return kind === "RSA" ? rsa : (curves[kind] as typeof rsa);
}

export const pem = (key: KeyObject): string => key.export({ format: "pem", type: key.type === "public" ? "spki" : "pkcs8" }).toString();

export async function verdict(token: string, algorithm: Algorithm, secret: SecretValue = pairOf(algorithm).publicKey): Promise<string> {
	return outcomeOf(verifier(contractOf(algorithm), { secret, onEvent: () => undefined })(token));
}

/** The signature of node:crypto, with whatever is changed about it. */
export function signLike(
	algorithm: Algorithm,
	change: { hash?: string; padding?: number; salt?: number; der?: boolean; key?: KeyObject } = {},
): string {
	const [, hash, , padding] = rfc7518[algorithm];
	const input = `${base64url(JSON.stringify({ alg: algorithm }))}.${base64url(JSON.stringify({ id: "u_1", exp: nowInSeconds + 60 }))}`;
	const signature = sign(change.hash ?? hash, Buffer.from(input), {
		key: change.key ?? pairOf(algorithm).privateKey,
		dsaEncoding: change.der === true ? "der" : "ieee-p1363",
		padding: change.padding ?? padding,
		saltLength: (change.padding ?? padding) === constants.RSA_PKCS1_PSS_PADDING ? (change.salt ?? Number(hash.slice(3)) / 8) : undefined,
	});
	return `${input}.${signature.toString("base64url")}`;
}
