import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Algorithm, type JwtContract, algorithms as rules } from "@widget-token/core";
import { compactVerify, importJWK, type JWK } from "jose";
import { describe, expect, it } from "vitest";
import { contractWith } from "./minting.ts";
import { base64url, outcomeOf, verifier } from "./verifying.ts";

function read<T>(name: string): T {
	return JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8")) as T;
}

interface Flattened {
	readonly payload?: string;
	readonly protected?: string;
	readonly header?: Record<string, string>;
	readonly signature: string;
}

const rfc7515 = read<{ examples: Record<string, { key?: JWK; compact: string }> }>("rfc7515.json").examples;
const rfc7520 = read<{
	examples: { section: string; keys: JWK[]; payload?: string; output: { compact?: string; json_flat?: Flattened; json?: object } }[];
}>("rfc7520.json").examples;

/** A contract for tokens such as the ones of RFC 7515: from joe, valid on 22 March 2011. */
function contractOf(algorithm: Algorithm): JwtContract {
	const encoding = rules[algorithm].keyType === "oct" ? "utf8" : "pem";
	const settings = { issuer: { env: "ISSUER", description: "The issuer", default: "joe" } };
	return contractWith(
		{ iss: { from: "setting", setting: "issuer", required: true } },
		{ algorithm, key: { env: "KEY", encoding }, settings },
	);
}

const beforeExpiry = (): number => (1300819380 - 60) * 1000;
const algorithms = Object.keys(rules) as Algorithm[];

async function verdict(token: string, algorithm: Algorithm, key: JWK): Promise<string> {
	return outcomeOf(verifier(contractOf(algorithm), { secret: key as JsonWebKey, now: beforeExpiry })(token));
}

/** What another implementation says, so that a slip of the pen in a vector does not pass for a refusal. */
async function isValidForJose(token: string, key: JWK, algorithm: string): Promise<boolean> {
	return compactVerify(token, await importJWK(key, algorithm)).then(
		() => true,
		() => false,
	);
}

// One character of the signing input, where it does no harm to the encoding.
function tamper(token: string): string {
	const index = token.indexOf(".") + 5;
	return token.slice(0, index) + (token[index] === "A" ? "B" : "A") + token.slice(index + 1);
}

describe("the examples of RFC 7515, appendix A", () => {
	it.each([
		["A.1", "HS256", "verified"],
		["A.2", "RS256", "verified"],
		["A.3", "ES256", "verified"],
		// Its payload is the word "Payload": the signature verifies, but no token is made of that.
		["A.4", "ES512", "payload_invalid"],
	] as const)("%s verifies with %s: %s", async (section, algorithm, outcome) => {
		const { key, compact } = rfc7515[section] as { key: JWK; compact: string };
		expect(await isValidForJose(compact, key, algorithm)).toBe(true);
		expect(await verdict(compact, algorithm, key)).toBe(outcome);
		expect(await verdict(tamper(compact), algorithm, key)).toBe("signature_invalid");
		for (const other of algorithms.filter((name) => name !== algorithm)) {
			const verify = verifier(contractOf(other), { keys: () => keyFor(other), now: beforeExpiry });
			expect(await outcomeOf(verify(compact)), other).toBe("algorithm_not_allowed");
		}
	});

	it("A.5 is not secured, and refused by every contract", async () => {
		for (const algorithm of algorithms)
			expect(await outcomeOf(verifier(contractOf(algorithm), { keys: () => keyFor(algorithm) })(rfc7515["A.5"]?.compact as string))).toBe(
				"algorithm_not_allowed",
			);
	});

	it("A.6 and A.7 are JSON serialisations, which are no tokens; their ES256 signature verifies in the compact one", async () => {
		const { key, compact } = rfc7515["A.3"] as { key: JWK; compact: string };
		const [header, payload, signature] = compact.split(".");
		const flattened = { payload, protected: header, header: { kid: "e9bc097a-ce51-4036-9562-d2ade882db0d" }, signature };
		const general = { payload, signatures: [{ protected: header, header: flattened.header, signature }] };
		for (const json of [flattened, general]) expect(await verdict(JSON.stringify(json), "ES256", key)).toBe("segments_invalid");
		expect(await verdict(`${flattened.protected}.${flattened.payload}.${flattened.signature}`, "ES256", key)).toBe("verified");
	});
});

/** A key of the right kind for any algorithm; where the example's own fits, it is that. */
function keyFor(algorithm: Algorithm): JsonWebKey {
	const { keyType } = rules[algorithm];
	if (algorithm === "ES384") return generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey.export({ format: "jwk" }) as JsonWebKey;
	const { key } = rfc7515[keyType === "oct" ? "A.1" : keyType === "RSA" ? "A.2" : algorithm === "ES256" ? "A.3" : "A.4"] as { key: JWK };
	return key as JsonWebKey;
}

// Their payload is a sentence: a signature that verifies is refused for that, and for nothing before.
describe("the examples of RFC 7520, section 4", () => {
	const example = (section: string): (typeof rfc7520)[number] =>
		rfc7520.find((entry) => entry.section === section) as (typeof rfc7520)[number];
	const compactOf = ({ payload, output: { compact, json_flat: flat } }: (typeof rfc7520)[number]): string =>
		payload === undefined && compact !== undefined ? compact : `${flat?.protected}.${payload ?? flat?.payload}.${flat?.signature}`;

	it.each([
		["4.1", "RS256", "RSA signature"],
		["4.2", "PS384", "RSA-PSS signature"],
		["4.3", "ES512", "ECDSA signature"],
		["4.4", "HS256", "HMAC"],
		["4.5", "HS256", "detached content, put back in its place"],
		["4.6", "HS256", "some header parameters unprotected, but not the algorithm"],
	] as const)("%s verifies with %s: %s", async (section, algorithm, _title) => {
		const [key] = example(section).keys as [JWK];
		const compact = compactOf(example(section));
		expect(await isValidForJose(compact, key, algorithm)).toBe(true);
		expect(await verdict(compact, algorithm, key)).toBe("payload_invalid");
		expect(await verdict(tamper(compact), algorithm, key)).toBe("signature_invalid");
	});

	it("4.5 is no token without its content", async () => {
		const { keys, output } = example("4.5");
		expect(await verdict(output.compact as string, "HS256", keys[0] as JWK)).toBe("signature_invalid");
	});

	it("4.7 protects no header, so nothing vouches for its algorithm", async () => {
		const { keys, output } = example("4.7");
		const flat = output.json_flat as Flattened;
		expect(flat.protected).toBeUndefined();
		expect(await verdict(`.${flat.payload}.${flat.signature}`, "HS256", keys[0] as JWK)).toBe("header_invalid");
		expect(await verdict(`${base64url(JSON.stringify(flat.header))}.${flat.payload}.${flat.signature}`, "HS256", keys[0] as JWK)).toBe(
			"signature_invalid",
		);
		expect(await verdict(JSON.stringify(flat), "HS256", keys[0] as JWK)).toBe("segments_invalid");
	});

	it("4.8 has several signatures, one of them with an unprotected algorithm", async () => {
		const { keys, output } = example("4.8");
		for (const key of keys) {
			const algorithm = key.kty === "RSA" ? "RS256" : key.kty === "EC" ? "ES512" : "HS256";
			expect(await verdict(JSON.stringify(output.json), algorithm, key)).toBe("segments_invalid");
		}
		const { payload, signatures } = output.json as { payload: string; signatures: Flattened[] };
		const unprotected = signatures[1] as Flattened;
		const header = base64url(JSON.stringify(unprotected.header));
		expect(await verdict(`${header}.${payload}.${unprotected.signature}`, "ES512", keys[1] as JWK)).toBe("signature_invalid");
	});
});
