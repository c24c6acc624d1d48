import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { createMint, type Mint, type SecretSource } from "@widget-token/core";
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

/** The same with a key for each of many tenants in turn, as against one key; of bare `createHmac` too, for the processor's cache bounds both. */
export async function benchManyKeys(): Promise<Row[]> {
	const secrets = Array.from({ length: keyCount }, createSecret);
	const keyObjects = secrets.map((secret) => createSecretKey(secret, "utf8"));
	const count = keyCount.toLocaleString("en");
	const useMint = (mint: Mint): unknown => mint(identity);
	const useKey = (key: KeyObject): unknown => rawToken(key, claims(now()));

	return measure({
		[`widget-token, ${count} secrets as text`]: inTurn(await createUsedMints(secrets), useMint),
		"widget-token, one secret as text": inTurn(await createUsedMints([createSecret()]), useMint),
		[`widget-token, ${count} KeyObjects`]: inTurn(await createUsedMints(keyObjects), useMint),
		"widget-token, one KeyObject": inTurn(await createUsedMints([createSecretKey(createSecret(), "utf8")]), useMint),
		[`createHmac, ${count} KeyObjects`]: inTurn(keyObjects, useKey),
		"createHmac, one KeyObject": inTurn([createSecretKey(createSecret(), "utf8")], useKey),
	});
}

async function createUsedMints(secrets: readonly SecretSource[]): Promise<Mint[]> {
	const mints = secrets.map(createOnPilotMint);
	// A key is checked once, at its first token.
	for (const mint of mints) await mint(identity);
	return mints;
}

function inTurn<T>(keys: readonly T[], run: (key: T) => unknown): () => unknown {
	let turn = 0;
	return () => run(keys[turn++ % keys.length] as T);
}

const now = (): number => Math.floor(Date.now() / 1000);

function createOnPilotMint(secret: SecretSource): Mint {
	return createMint(onPilot, { secret, settings: { tenantId, copilotId }, role });
}

const role = (): string => user.role;

const header = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString("base64url");

function rawToken(key: KeyObject, payload: object): string {
	const signingInput = `${header}.${Buffer.from(JSON.stringify(payload)).toString("base64url")}`;
	return `${signingInput}.${createHmac("sha256", key).update(signingInput).digest("base64url")}`;
}
