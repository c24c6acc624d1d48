import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from "node:crypto";
import { createMint, defineContract } from "@widget-token/core";
import { createVerify } from "@widget-token/core/verify";
import { onPilot } from "@widget-token/widgets";
import { createVerifier } from "fast-jwt";
import { jwtVerify } from "jose";
import jwt from "jsonwebtoken";
import { copilotId, createSecret, identity, tenantId, user } from "./identity.ts";
import { measure, type Row } from "./measure.ts";

/** Valid tokens verified per second. The peers check signature and times, widget-token the whole contract too. */
export async function benchVerify(): Promise<Row[]> {
	const secret = createSecret();
	const settings = { tenantId, copilotId };
	const { token } = await createMint(onPilot, { secret, settings, role: () => user.role })(identity);
	const keyObject = createSecretKey(Buffer.from(secret));
	const cryptoKey = await crypto.subtle.importKey("raw", Buffer.from(secret), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
	const verify = createVerify(onPilot, { secret, settings });
	const fastVerify = createVerifier({ key: secret, algorithms: ["HS256"], cache: false });
	const oldKeys = createVerify(onPilot, { secret: [createSecret(), createSecret(), secret], settings });

	return measure({
		"widget-token": () => verify(token),
		"widget-token, third of three keys": () => oldKeys(token),
		"createHmac, timingSafeEqual, parse": () => verifyRaw(token, keyObject),
		"fast-jwt, cache off": () => fastVerify(token),
		"jsonwebtoken, KeyObject": () => jwt.verify(token, keyObject, { algorithms: ["HS256"] }),
		"jose, CryptoKey kept": () => jwtVerify(token, cryptoKey, { algorithms: ["HS256"] }),
	});
}

/** Refusals per second of what is as large as a token may be, against a valid token of that size; then by size. */
export async function benchRefusal(): Promise<Row[]> {
	const secret = createSecret();
	const contract = defineContract({
		...onPilot,
		id: "bench",
		settings: {},
		claims: {
			payload: { from: "custom", type: "string" },
			exp: { from: "generated", generate: "expirationTime", required: true },
		},
	});
	const verify = createVerify(contract, { secret });
	const mintOf = async (bytes: number): Promise<string> =>
		(await createMint(contract, { secret, claims: { payload: "x".repeat(bytes) } })({ id: "u_1", provider: "bench" })).token;
	const valid = await mintOf(6050);
	const forge = (token: string): string => token.slice(0, -4) + (token.endsWith("AAAA") ? "BBBA" : "AAAA");
	const noise = randomBytes(6144).toString("base64url");
	const signature = noise.slice(0, 43);
	const tokens: Record<string, string> = {
		[`valid, ${valid.length} characters`]: valid,
		"forged signature": forge(valid),
		"noise in three segments": `${noise.slice(0, 40)}.${noise.slice(0, 8100)}.${signature}`,
		"a right header, then noise": `${valid.slice(0, valid.indexOf("."))}.${noise.slice(0, 8100)}.${signature}`,
		"a header of 8 KiB": `${noise.slice(0, 8100)}.e30.${signature}`,
		"a signature of 8 KiB": `${valid.slice(0, valid.indexOf("."))}.e30.${noise.slice(0, 8100)}`,
		"noise without a dot": noise,
		"dots only": ".".repeat(8192),
		"1 MiB of noise": noise.repeat(128),
	};
	for (const bytes of [740, 1500, 3000]) {
		const token = await mintOf(bytes);
		tokens[`forged, ${token.length} characters`] = forge(token);
	}
	// A string that was put together is made whole when it is first read, which is not what is measured here.
	const whole = Object.entries(tokens).map(([name, token]) => [name, Buffer.from(token).toString()] as const);
	return measure(Object.fromEntries(whole.map(([name, token]) => [name, () => verify(token)])));
}

function verifyRaw(token: string, key: KeyObject): unknown {
	const [header = "", payload = "", signature = ""] = token.split(".");
	const expected = createHmac("sha256", key).update(`${header}.${payload}`).digest();
	const presented = Buffer.from(signature, "base64url");
	if (presented.length !== expected.length || !timingSafeEqual(presented, expected)) throw new Error("forged");
	const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as { exp: number };
	if (claims.exp * 1000 < Date.now()) throw new Error("expired");
	return claims;
}
