import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { createMint } from "@widget-token/core";
import { onPilot } from "@widget-token/widgets";
import { createSigner } from "fast-jwt";
import { SignJWT } from "jose";
import jwt from "jsonwebtoken";
import { claims, copilotId, createSecret, identity, tenantId, user } from "./identity.ts";
import { measure, type Row } from "./measure.ts";

const keyCount = 10_000;

/** Tokens per second, identity to token, against the libraries that a route would be written with. */
export async function benchMint(): Promise<Row[]> {
	const secret = createSecret();
	const keyObject = createSecretKey(Buffer.from(secret));
	const cryptoKey = await crypto.subtle.importKey("raw", Buffer.from(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
	const sign = createSigner({ algorithm: "HS256", key: secret, noTimestamp: true });
	const mint = createOnPilotMint(secret);

	return measure({
		"widget-token": () => mint(identity),
		"createHmac, KeyObject kept": () => rawToken(keyObject, claims(now())),
		"fast-jwt, sync signer": () => sign(claims(now())),
		"jsonwebtoken, KeyObject": () => jwt.sign(claims(now()), keyObject, { algorithm: "HS256" }),
		"jsonwebtoken, string secret": () => jwt.sign(claims(now()), secret, { algorithm: "HS256" }),
		"jose, CryptoKey kept": () => new SignJWT(claims(now())).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(cryptoKey),
	});
}

/** The same with a key for each of many tenants in turn, as against one key. */
export async function benchManyKeys(): Promise<Row[]> {
	const mints = Array.from({ length: keyCount }, () => createOnPilotMint(createSecret()));
	// A key is read and imported once, at its first token.
	for (const each of mints) await each(identity);
	const keyObjects = mints.map(() => createSecretKey(Buffer.from(createSecret())));
	const mint = createOnPilotMint(createSecret());
	const keyObject = createSecretKey(Buffer.from(createSecret()));
	const keys = `${keyCount.toLocaleString("en")} keys`;
	let mintTurn = 0;
	let keyTurn = 0;

	return measure({
		[`widget-token, ${keys}`]: () => (mints[mintTurn++ % keyCount] as typeof mint)(identity),
		"widget-token, one key": () => mint(identity),
		[`createHmac, ${keys}`]: () => rawToken(keyObjects[keyTurn++ % keyCount] as KeyObject, claims(now())),
		"createHmac, one key": () => rawToken(keyObject, claims(now())),
	});
}

const now = (): number => Math.floor(Date.now() / 1000);

function createOnPilotMint(secret: string): ReturnType<typeof createMint> {
	return createMint(onPilot, { secret, settings: { tenantId, copilotId }, role });
}

const role = (): string => user.role;

const header = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString("base64url");

function rawToken(key: KeyObject, payload: object): string {
	const signingInput = `${header}.${Buffer.from(JSON.stringify(payload)).toString("base64url")}`;
	return `${signingInput}.${createHmac("sha256", key).update(signingInput).digest("base64url")}`;
}
