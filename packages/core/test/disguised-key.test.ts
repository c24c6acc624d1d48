import { createSecretKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { createMint, type JwtContract, Secret, type SecretValue } from "@widget-token/core";
import { selfSignedCertificate } from "@widget-token/test-kit/backends/self-signed-certificate";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contractFor, hmacContract } from "./keys.ts";
import { ada, codeOf, now } from "./minting.ts";
import { sign, verifier } from "./verifying.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ed25519 = generateKeyPairSync("ed25519");

const der = (key: KeyObject, type: "spki" | "pkcs1" | "pkcs8" | "sec1"): Buffer =>
	key.export({ format: "der", type } as { format: "der"; type: "spki" });
const pem = (key: KeyObject, type: "spki" | "pkcs1"): string => key.export({ format: "pem", type }).toString();
const body = (text: string): string => text.replaceAll(/-----.*-----\n?/g, "");
const spki = pem(rsa.publicKey, "spki");
const openSsh = (): string => {
	const part = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
	const raw = Buffer.from((ed25519.publicKey.export({ format: "jwk" }) as { x: string }).x, "base64url");
	return `ssh-ed25519 ${Buffer.concat([part(Buffer.from("ssh-ed25519")), part(raw)]).toString("base64")} ada@laptop`;
};

// What a file of a key holds, as bytes.
const files: Readonly<Record<string, Buffer>> = {
	"SPKI of RSA as PEM": Buffer.from(spki),
	"PKCS#1 as PEM": Buffer.from(pem(rsa.publicKey, "pkcs1")),
	"SPKI of EC as PEM": Buffer.from(pem(ec.publicKey, "spki")),
	"a certificate as PEM": Buffer.from(selfSignedCertificate(rsa.privateKey, "widgets.example.com")),
	"PEM with the line ends of an old Mac": Buffer.from(spki.replaceAll("\n", "\r")),
	"PEM with the line ends of Windows": Buffer.from(spki.replaceAll("\n", "\r\n")),
	"PEM on one line": Buffer.from(spki.replaceAll("\n", "\\n")),
	"PEM in UTF-16": Buffer.from(`\ufeff${spki}`, "utf16le"),
	"PEM without its first and last line": Buffer.from(body(spki)),
	"PEM without them, with the line ends of an old Mac": Buffer.from(body(spki).replaceAll("\n", "\r")),
	"SPKI of RSA as DER": der(rsa.publicKey, "spki"),
	"SPKI of EC as DER": der(ec.publicKey, "spki"),
	"SPKI of Ed25519 as DER": der(ed25519.publicKey, "spki"),
	"PKCS#1 as DER": der(rsa.publicKey, "pkcs1"),
	"PKCS#8 as DER": der(rsa.privateKey, "pkcs8"),
	"PKCS#8 of Ed25519 as DER": der(ed25519.privateKey, "pkcs8"),
	"SEC1 as DER": der(ec.privateKey, "sec1"),
	"a JWK of RSA": Buffer.from(JSON.stringify(rsa.publicKey.export({ format: "jwk" }))),
	"a JWK of EC": Buffer.from(JSON.stringify(ec.publicKey.export({ format: "jwk" }), null, 1)),
	"a line of OpenSSH": Buffer.from(openSsh()),
	"the middle of a line of OpenSSH": Buffer.from(openSsh().split(" ")[1] as string),
};

// How a key comes to look like a secret: as the text of a variable.
const texts: Readonly<Record<string, (file: Buffer) => string>> = {
	base64: (file) => file.toString("base64"),
	"base64 in lines": (file) => file.toString("base64").replace(/.{64}/g, "$&\n"),
	base64url: (file) => file.toString("base64url"),
	hex: (file) => file.toString("hex"),
	"upper-case hex with colons": (file) => (file.toString("hex").toUpperCase().match(/../g) as string[]).join(":"),
	"base64 of base64": (file) => Buffer.from(file.toString("base64")).toString("base64"),
	"hex of base64": (file) => Buffer.from(file.toString("base64")).toString("hex"),
};

// What is left of a binary file that is read as text.
const misread: Readonly<Record<string, (file: Buffer) => string>> = {
	"the text itself": (file) => file.toString("utf8"),
	"the bytes as Latin-1": (file) => file.toString("latin1"),
};

// White space at its end is found first.
const codes = /^secret_(?:is_pem|is_jwk|invalid|whitespace)$/;
const contract = contractFor("HS256", {}, "disguised");

/** Expects both ends of a token to refuse the secret. */
async function expectRefusal(secret: SecretValue, widget: JwtContract = contract as JwtContract): Promise<void> {
	expect(await codeOf(() => createMint(widget, { secret, now, env: {} })(ada))).toMatch(codes);
	for (const options of [{ secret }, { secret: [secret] }, { keys: async () => secret }])
		expect(await codeOf(() => verifier(widget, { ...options, onEvent: () => undefined })(sign()))).toMatch(codes);
}

describe.each(Object.entries(files))("%s is no shared secret", (_, file) => {
	it.each(Object.entries(texts))("as %s", async (_, spell) => {
		await expectRefusal(spell(file));
		await expectRefusal(new Secret(spell(file)));
		await expectRefusal(Buffer.from(spell(file)));
	});

	it.each(Object.entries(misread))("as %s", async (_, read) => {
		await expectRefusal(read(file));
	});

	it("as bytes, an ArrayBuffer, a KeyObject, a JWK, or a CryptoKey that can be exported", async () => {
		const bytes = new Uint8Array(file);
		await expectRefusal(bytes);
		await expectRefusal(bytes.buffer);
		await expectRefusal(createSecretKey(bytes));
		await expectRefusal({ kty: "oct", k: file.toString("base64url") });
		await expectRefusal(await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, true, ["sign", "verify"]));
	});

	it.each(["hex", "base64"] as const)("where the vendor's secrets are %s", async (encoding) => {
		const widget = contractFor("HS256", { encoding }, "disguised") as JwtContract;
		await expectRefusal(file.toString(encoding), widget);
		await expectRefusal(file.toString("hex"), widget);
	});

	it("for a hash of one field", async () => {
		const secret = file.toString("base64");
		expect(await codeOf(() => createMint(hmacContract, { secret, env: {} })(ada))).toMatch(codes);
		const verify = verifier(hmacContract, { secret, onEvent: () => undefined });
		expect(await codeOf(() => verify("0".repeat(64), { identifier: "u_1" }))).toMatch(codes);
	});
});

it("a random secret is never taken for a key", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.uint8Array({ minLength: 32, maxLength: 96 }),
			fc.constantFrom("hex", "base64", "base64url"),
			async (bytes, encoding) => {
				for (const secret of [bytes, Buffer.from(bytes).toString(encoding as "hex")]) {
					// Those of one byte only are taken for placeholders.
					if (new Set(secret as Iterable<unknown>).size < 12) continue;
					expect((await verifier(contract, { secret })("a.b.c")).verified).toBe(false);
				}
			},
		),
		{ numRuns: 2_000 },
	);
});
