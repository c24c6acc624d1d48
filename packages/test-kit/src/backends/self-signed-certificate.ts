import { createPublicKey, type KeyObject, sign } from "node:crypto";

/**
 * A self-signed X.509 certificate (RFC 5280) of an RSA key, as PEM: the form in which Google publishes its keys.
 *
 * Written out as DER, for Node can read certificates and not make them.
 */
export function selfSignedCertificate(privateKey: KeyObject, commonName: string): string {
	const algorithm = sequence(oid(sha256WithRsa), nullValue);
	const name = sequence(der(0x31, sequence(oid(commonNameType), der(0x0c, Buffer.from(commonName)))));
	const validity = sequence(utcTime(new Date(Date.now() - dayMilliseconds)), utcTime(new Date(Date.now() + 14 * dayMilliseconds)));
	const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "der" });
	const version3 = der(0xa0, der(0x02, Buffer.from([2])));
	const serial = der(0x02, Buffer.from([1]));
	const body = sequence(version3, serial, algorithm, name, validity, name, publicKey);
	const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign("sha256", body, privateKey)]));
	const base64 = sequence(body, algorithm, signature).toString("base64");
	return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, "$&\n").trimEnd()}\n-----END CERTIFICATE-----\n`;
}

const dayMilliseconds = 86_400_000;
// The content octets of 1.2.840.113549.1.1.11 and of 2.5.4.3.
const sha256WithRsa = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const commonNameType = [0x55, 0x04, 0x03];
const nullValue = Buffer.from([0x05, 0x00]);

function der(tag: number, content: Buffer): Buffer {
	const length = content.length;
	if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
	const digits = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, "0"), "hex");
	return Buffer.concat([Buffer.from([tag, 0x80 | digits.length]), digits, content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
	return der(0x30, Buffer.concat(parts));
}

function oid(octets: readonly number[]): Buffer {
	return der(0x06, Buffer.from(octets));
}

function utcTime(date: Date): Buffer {
	return der(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replace(/[-:T]/g, "")}Z`));
}
