import { algorithms, type Contract } from "../contract/index.ts";
import { checkAsymmetricKey } from "./asymmetric-key.ts";
import { checkJwk } from "./jwk.ts";
import { type KeyObjectLike, readBytes, type SecretValue } from "./secret.ts";
import { unusableKey } from "./unusable-key.ts";

/**
 * The private key of a contract whose algorithm is asymmetric, as a `CryptoKey`.
 *
 * Takes PEM (PKCS#8, PKCS#1, also on one line with `\n` escaped, or as base64 of the file), a JWK, a `KeyObject` or a
 * `CryptoKey`. RSA keys below 2048 bits are refused (RFC 7518 §3.3, §3.5).
 */
export async function readPrivateKey(secret: SecretValue, contract: Contract, where: string): Promise<CryptoKey> {
	const key = await importPrivateKey(secret, contract, where);
	await checkAsymmetricKey(key, "sign", contract, where);
	return key;
}

async function importPrivateKey(secret: SecretValue, contract: Contract, where: string): Promise<CryptoKey> {
	if (secret instanceof CryptoKey) return secret;
	// Loaded only where it is needed: the symmetric contracts start without it.
	const { importJWK, importPKCS8 } = await import("jose");
	if (typeof secret === "string") return importPKCS8(toPkcs8(secret, contract, where), contract.algorithm);
	const bytes = readBytes(secret);
	if (bytes !== undefined) return importPKCS8(toPkcs8(new TextDecoder().decode(bytes), contract, where), contract.algorithm);
	const jwk = "export" in secret ? ((secret as KeyObjectLike).export({ format: "jwk" }) as JsonWebKey) : (secret as JsonWebKey);
	checkJwk(jwk, "sign", contract, where);
	if (jwk.d === undefined) throw unusableKey(where, "is a public key; the private one signs");
	return (await importJWK(jwk, contract.algorithm)) as CryptoKey;
}

/** The text of a PEM file, also where it is on one line with `\n` escaped, or base64 of the file; and the label that it begins with. */
export function readPem(text: string, where: string): { readonly pem: string; readonly label: string | undefined } {
	let pem = text.trim();
	if (!pem.includes("-----BEGIN ") && /^[\w+/=\s-]+$/.test(pem)) pem = decodeBase64(pem, where);
	pem = pem.replaceAll("\\r", "").replaceAll("\\n", "\n");
	return { pem, label: /-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem)?.[1] };
}

/** A private key's PEM file as PKCS#8. Throws `secret_invalid`, naming the mistake, where it is something else. */
export function toPkcs8(text: string, contract: Contract, where: string): string {
	const { pem, label } = readPem(text, where);
	if (label === "PRIVATE KEY") return pem;
	if (label === "RSA PRIVATE KEY" && /^Proc-Type:.*ENCRYPTED/m.test(pem) === false && algorithms[contract.algorithm].keyType === "RSA")
		return wrapPkcs1(pem, where);
	if (label === undefined) throw unusableKey(where, "is not a PEM file");
	if (label.includes("PUBLIC") || label === "CERTIFICATE") throw unusableKey(where, "is a public key; the private one signs");
	if (label.includes("ENCRYPTED") || pem.includes("ENCRYPTED"))
		throw unusableKey(where, "is encrypted with a passphrase; decrypt it first (openssl pkcs8 -topk8 -nocrypt)");
	throw unusableKey(where, `is a PEM file of another kind (${label}); convert it (openssl pkcs8 -topk8 -nocrypt)`);
}

// PKCS#1 is the bare RSAPrivateKey (RFC 8017 A.1.2); WebCrypto imports only PKCS#8, which holds it as an octet string (RFC 5208 §5).
function wrapPkcs1(pem: string, where: string): string {
	const pkcs1 = decodeBase64(pem.replace(/-----[^-]+-----/g, ""), where);
	const rsaEncryption = "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
	const pkcs8 = der("\x30", `\x02\x01\x00${rsaEncryption}${der("\x04", pkcs1)}`);
	return `-----BEGIN PRIVATE KEY-----\n${btoa(pkcs8)}\n-----END PRIVATE KEY-----`;
}

function der(tag: string, content: string): string {
	const { length } = content;
	if (length < 0x80) return tag + String.fromCharCode(length) + content;
	const size = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
	return tag + String.fromCharCode(...size) + content;
}

function decodeBase64(text: string, where: string): string {
	try {
		return atob(text.replace(/\s/g, "").replaceAll("-", "+").replaceAll("_", "/"));
	} catch {
		throw unusableKey(where, "is not a PEM file");
	}
}
