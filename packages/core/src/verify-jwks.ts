import { checkAsymmetricKey } from "./asymmetric-key.ts";
import type { Contract } from "./contract.ts";
import { WidgetTokenError } from "./errors.ts";
import { createPublicVerifyingKey, type VerifyingKey } from "./verifying-key.ts";

/** The keys of a JWK Set that a token may be signed with; none when the set has no key of that id. */
export type JwksLookup = (kid: string | undefined) => Promise<readonly VerifyingKey[]>;

/**
 * The JWK Set (RFC 7517 §5) at an address, through `jose`: fetched once, then again when a token names a key that is not
 * in it (at most every 30 seconds) and when it is ten minutes old.
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
			const keys: VerifyingKey[] = [];
			for await (const key of error as AsyncIterable<CryptoKey>) keys.push(await ready(key, kid));
			return keys;
		}
	};
}

async function createSet(url: URL, timeoutSeconds: number): Promise<(header: { alg: string; kid?: string }) => Promise<CryptoKey>> {
	const { createRemoteJWKSet } = await import("jose");
	const set = createRemoteJWKSet(url, { timeoutDuration: timeoutSeconds * 1000 });
	return (header) => set(header);
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
