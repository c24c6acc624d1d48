import { createHmac } from "node:crypto";
import type { Contract, JwtContract } from "@widget-token/core";
import { createVerify, type VerificationCode, type Verify, type VerifyOptions, type VerifyResult } from "@widget-token/core/verify";
import { expect } from "vitest";
import { contractWith, env, now, nowInSeconds } from "./minting.ts";

/** The shared secret of the tokens of a test. */
export const secret = "t7Jc2mQx_Zp9Lw4RkV8s-Yb3Hd6Nf1Ga";

/** The least that a widget asks for. */
export const contract: JwtContract = contractWith({
	sub: { from: "identity", field: "id", required: true },
	iat: { from: "generated", generate: "issuedAt" },
});

/** Claims that the contract takes now. */
export const claims: Readonly<Record<string, unknown>> = { sub: "u_1", iat: nowInSeconds, exp: nowInSeconds + 600 };

export const base64url = (text: string | Uint8Array): string => Buffer.from(text).toString("base64url");

/** A token of any header and payload, each as text or as the object that becomes its JSON. */
export function sign(
	payload: unknown = claims,
	header: unknown = { alg: "HS256", typ: "JWT" },
	key: string | Uint8Array = secret,
	hash = "sha256",
): string {
	const [head, body] = [header, payload].map((part) =>
		base64url(typeof part === "string" || part instanceof Uint8Array ? part : JSON.stringify(part)),
	);
	return signSegments(head as string, body as string, key, hash);
}

/** A token of two segments as they stand. */
export function signSegments(header: string, payload: string, key: string | Uint8Array = secret, hash = "sha256"): string {
	return `${header}.${payload}.${createHmac(hash, key).update(`${header}.${payload}`).digest("base64url")}`;
}

/** A verification at the time of the tests, with the secret of the tests. */
export function verifier(widget: Contract = contract, options: VerifyOptions = {}): Verify {
	const key = options.keys === undefined && options.jwksUrl === undefined && !("secret" in options) ? { secret } : {};
	return createVerify(widget, { now, env, ...key, ...options });
}

/** `verified`, or the code of the refusal. */
export async function outcomeOf(result: VerifyResult | Promise<VerifyResult>): Promise<VerificationCode | "verified"> {
	const answer = await result;
	return answer.verified ? "verified" : answer.code;
}

/** Expects a token to be refused with that code, by itself and after a good token has warmed the verification up. */
export async function expectCode(
	token: unknown,
	code: VerificationCode | "verified",
	widget: Contract = contract,
	options: VerifyOptions = {},
): Promise<void> {
	expect(await outcomeOf(verifier(widget, options)(token as string))).toBe(code);
}
