import { generateKeyPairSync, sign } from "node:crypto";
import { promisify } from "node:util";
import { createMint } from "@widget-token/core";
import { customGpt } from "@widget-token/widgets";
import { SignJWT } from "jose";
import { identity } from "./identity.ts";
import { measure, type Row } from "./measure.ts";

/** RS256 tokens per second, one after the other, against WebCrypto and node:crypto with the key imported once. */
export async function benchRs256(): Promise<Row[]> {
	const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
	const pem = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
	const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
	const cryptoKey = await crypto.subtle.importKey("pkcs8", privateKey.export({ format: "der", type: "pkcs8" }), algorithm, false, ["sign"]);
	const signInThread = promisify(sign);
	const mint = createMint(customGpt, { secret: pem, role: () => ["Support Team"] });
	const payload = { roles: ["Support Team"], email: identity.email, iat: 0, exp: 600 };
	const header = Buffer.from('{"alg":"RS256","typ":"JWT"}').toString("base64url");
	const signingInput = (): Buffer<ArrayBuffer> => {
		const now = Math.floor(Date.now() / 1000);
		return Buffer.from(`${header}.${Buffer.from(JSON.stringify({ ...payload, iat: now, exp: now + 600 })).toString("base64url")}`);
	};

	return measure({
		"widget-token": () => mint(identity),
		"crypto.subtle.sign, CryptoKey kept": async () =>
			Buffer.from(await crypto.subtle.sign(algorithm.name, cryptoKey, signingInput())).toString("base64url"),
		"crypto.sign in the thread pool, KeyObject kept": async () =>
			(await signInThread("sha256", signingInput(), privateKey)).toString("base64url"),
		"jose, CryptoKey kept": () => new SignJWT(payload).setProtectedHeader({ alg: "RS256", typ: "JWT" }).sign(cryptoKey),
		"crypto.sign, which blocks the process": () => sign("sha256", signingInput(), privateKey).toString("base64url"),
	});
}
