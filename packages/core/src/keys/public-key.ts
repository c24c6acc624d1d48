import { type Contract, describeKeyFor } from "../contract/index.ts";
import { checkAsymmetricKey } from "./asymmetric-key.ts";
import { checkJwk, isJwk } from "./jwk.ts";
import { readPem, toPkcs8 } from "./pem.ts";
import { isKeyObject, type LocalSecret, readBytes } from "./secret.ts";
import { unusableKey } from "./unusable-key.ts";

/**
 * The public key of a contract whose algorithm is asymmetric, as a `CryptoKey`.
 *
 * Takes PEM (SPKI, a certificate, also on one line with `\n` escaped, or as base64 of the file), a JWK, a `KeyObject` or
 * a `CryptoKey`; of a private key its public half. RSA keys below 2048 bits are refused (RFC 7518 §3.3, §3.5).
 */
export async function readPublicKey(secret: LocalSecret, contract: Contract, where: string): Promise<CryptoKey> {
	const key = await importPublicKey(secret, contract, where);
	await checkAsymmetricKey(key, "verify", contract, where);
	return key;
}

async function importPublicKey(secret: LocalSecret, contract: Contract, where: string): Promise<CryptoKey> {
	if (secret instanceof CryptoKey) {
		if (secret.type === "public") return secret;
		if (!secret.extractable) throw unusableKey(where, "is a private key that cannot be exported; give the public one");
		return importPublicJwk(await crypto.subtle.exportKey("jwk", secret), contract, where);
	}
	if (typeof secret === "string") return importText(secret, contract, where);
	const bytes = readBytes(secret);
	if (bytes !== undefined) return importText(new TextDecoder().decode(bytes), contract, where);
	if (isKeyObject(secret)) {
		if (secret.type === "secret") throw unusableKey(where, `is a shared secret; ${contract.algorithm} needs a public key`);
		return importPublicJwk(secret.export({ format: "jwk" }) as JsonWebKey, contract, where);
	}
	if (!isJwk(secret))
		throw unusableKey(where, `is not a public key for ${contract.algorithm}, which needs ${describeKeyFor(contract.algorithm)}`);
	return importPublicJwk(secret, contract, where);
}

async function importText(text: string, contract: Contract, where: string): Promise<CryptoKey> {
	const { pem, label } = readPem(text, where);
	// Loaded only where it is needed: the symmetric contracts start without it.
	const { exportJWK, importPKCS8, importSPKI, importX509 } = await import("jose");
	if (label === "PUBLIC KEY") return importSPKI(pem, contract.algorithm);
	if (label === "CERTIFICATE") return importX509(pem, contract.algorithm);
	if (label === "RSA PUBLIC KEY")
		throw unusableKey(where, "is a PEM file of another kind (RSA PUBLIC KEY); convert it (openssl rsa -RSAPublicKey_in -pubout)");
	const privateKey = await importPKCS8(toPkcs8(text, contract, where), contract.algorithm, { extractable: true });
	return importPublicJwk((await exportJWK(privateKey)) as JsonWebKey, contract, where);
}

async function importPublicJwk(jwk: JsonWebKey, contract: Contract, where: string): Promise<CryptoKey> {
	const { kty, n = "", e = "", crv = "", x = "", y = "" } = jwk;
	checkJwk(jwk, "verify", contract, where);
	const { importJWK } = await import("jose");
	// Of a private key its public members only: the rest has no business here.
	return (await importJWK(kty === "EC" ? { kty, crv, x, y } : { kty: "RSA", n, e }, contract.algorithm)) as CryptoKey;
}
