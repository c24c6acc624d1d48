import { WidgetTokenError } from "../base/index.ts";
import type { Contract } from "../contract/index.ts";
import { checkAsymmetricKey, createPublicVerifyingKey, unusableKey, type VerifyingKey } from "../keys/index.ts";
import { readAtMost } from "./bounded-body.ts";

/** The keys of a JWK Set that a token may be signed with; none when the set has no key of that id. */
export type JwksLookup = (kid: string | undefined) => Promise<readonly VerifyingKey[]>;

/**
 * The JWK Set (RFC 7517 §5) at an address, through `jose`: fetched once, then again when a token names a key that is not
 * in it (at most every 30 seconds) and when it is ten minutes old. A redirect is not followed, and a set of more than
 * 256 KiB, or one that is not there to its last byte in time, is an outage.
 */
export function createJwksLookup(contract: Contract, address: string | URL, timeoutSeconds: number): JwksLookup {
	const url = readAddress(address);
	const where = `the key set of ${contract.id}`;
	const imported = new WeakMap<CryptoKey, VerifyingKey>();
	const ready = async (key: CryptoKey, kid: string | undefined): Promise<VerifyingKey> => {
		let verifyingKey = imported.get(key);
		if (verifyingKey === undefined) {
			await checkAsymmetricKey(key, "verify", contract, where);
			verifyingKey = createPublicVerifyingKey(key, kid, contract.algorithm);
			imported.set(key, verifyingKey);
		}
		return verifyingKey;
	};
	let set: ReturnType<typeof createSet> | undefined;

	return async (kid) => {
		set ??= createSet(url, timeoutSeconds);
		const find = await set;
		try {
			return [await ready(await find({ alg: contract.algorithm, ...(kid === undefined ? {} : { kid }) }), kid)];
		} catch (error) {
			if (codeOf(error) === "ERR_JWKS_NO_MATCHING_KEY") return [];
			if (codeOf(error) !== "ERR_JWKS_MULTIPLE_MATCHING_KEYS") throw error;
			// Which of them the token means would be for chance to say (RFC 7517 §4.5).
			if (kid !== undefined) throw unusableKey(where, "has several keys of one `kid`");
			const keys: VerifyingKey[] = [];
			for await (const key of error as AsyncIterable<CryptoKey>) keys.push(await ready(key, undefined));
			return keys;
		}
	};
}

async function createSet(url: URL, timeoutSeconds: number): Promise<(header: { alg: string; kid?: string }) => Promise<CryptoKey>> {
	const { createRemoteJWKSet, customFetch } = await import("jose");
	const set = createRemoteJWKSet(url, { timeoutDuration: Math.ceil(timeoutSeconds * 1000), [customFetch]: fetchSet });
	return (header) => set(header);
}

// A set of a hundred keys with their certificates; `response.json()` would read whatever comes.
const maximumSetBytes = 262_144;

async function fetchSet(address: string, init: RequestInit): Promise<Response> {
	const { status, body } = await fetch(address, init);
	if (status !== 200) {
		await body?.cancel();
		throw new Error(`The key set's server answered ${status}`);
	}
	const bytes = await readAtMost(body, maximumSetBytes);
	if (bytes === undefined) throw new Error(`The key set is longer than ${maximumSetBytes} bytes`);
	return new Response(bytes);
}

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

function readAddress(address: string | URL): URL {
	const url = URL.canParse(String(address)) ? new URL(address) : undefined;
	// Whoever can alter the set on its way can sign for everybody.
	if (url?.protocol === "https:" || (url?.protocol === "http:" && loopback.has(url.hostname))) return url;
	throw new WidgetTokenError("options_invalid", { detail: "`jwksUrl` is not an address with https" });
}

function codeOf(error: unknown): unknown {
	return (error as { code?: unknown } | null)?.code;
}
