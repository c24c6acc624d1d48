import { generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createMint, type JwtContract, type Mint, type SecretValue } from "@widget-token/core";
import { createVerify, type Verify } from "@widget-token/core/verify";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ada, contractWith, headerOf } from "./minting.ts";
import { outcomeOf } from "./verifying.ts";

/** What is known where: the mint reads `signing`, whose first key signs, and the verification `verifying`. */
interface KeyStore {
	signing: readonly SecretValue[];
	verifying: readonly SecretValue[];
}

interface KeyPair {
	readonly signing: SecretValue;
	readonly verifying: SecretValue;
}

const lifetimeSeconds = 300;
const tickSeconds = 5;
/** The mint asks a function for its key again after that time. */
const refreshSeconds = 60;
const widget = (algorithm: "HS256" | "RS256"): JwtContract =>
	contractWith(
		{ sub: { from: "identity", field: "id", required: true }, jti: { from: "generated", generate: "uuid" } },
		{
			id: `rotation-${algorithm.toLowerCase()}`,
			algorithm,
			key: { env: "KEY", encoding: algorithm === "HS256" ? "utf8" : "pem" },
			lifetime: { defaultSeconds: lifetimeSeconds, maximumSeconds: 86_400 },
		},
	);

/** Traffic that goes on: at each tick new tokens come in, and tokens of every age up to their expiry are verified. */
class Traffic {
	readonly mints: readonly Mint[];
	readonly verify: Verify;
	readonly failures: string[] = [];
	verified = 0;
	/** The newest tokens, one of each mint. */
	latest: readonly string[] = [];
	#inFlight: { readonly token: string; readonly expiresAt: number }[] = [];

	constructor(mints: readonly Mint[], verify: Verify) {
		this.mints = mints;
		this.verify = verify;
	}

	async run(seconds: number): Promise<void> {
		for (let elapsed = 0; elapsed < seconds; elapsed += tickSeconds) {
			vi.setSystemTime(Date.now() + tickSeconds * 1000);
			const now = Date.now() / 1000;
			this.#inFlight = this.#inFlight.filter(({ expiresAt }) => expiresAt > now);
			// Minting and verifying overlap, as on a server.
			const [minted] = await Promise.all([Promise.all(this.mints.map((mint) => mint(ada))), this.#verifyAll()]);
			this.latest = minted.map(({ token }) => token);
			for (const token of this.latest) this.#inFlight.push({ token, expiresAt: now + lifetimeSeconds });
			await this.#verifyAll();
		}
	}

	async #verifyAll(): Promise<void> {
		const outcomes = await Promise.all(this.#inFlight.map(({ token }) => outcomeOf(this.verify(token))));
		this.failures.push(...outcomes.filter((outcome) => outcome !== "verified"));
		this.verified += outcomes.filter((outcome) => outcome === "verified").length;
	}
}

const keyPairs: Readonly<Record<"HS256" | "RS256", () => KeyPair>> = {
	HS256: () => {
		const secret = randomBytes(32).toString("hex");
		return { signing: secret, verifying: secret };
	},
	RS256: () => {
		const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
		const pem = (key: KeyObject, type: "pkcs8" | "spki"): string => key.export({ format: "pem", type }).toString();
		return { signing: pem(privateKey, "pkcs8"), verifying: pem(publicKey, "spki") };
	},
};

beforeEach(() => {
	vi.useFakeTimers({ toFake: ["Date"], now: 1_700_000_000_000 });
});
afterEach(() => {
	vi.useRealTimers();
});

describe.each(["HS256", "RS256"] as const)("the rotation of a key of %s", (algorithm) => {
	const contract = widget(algorithm);
	const signedBy = async (token: string, { verifying }: KeyPair): Promise<boolean> =>
		(await outcomeOf(createVerify(contract, { secret: verifying })(token))) === "verified";

	it("fails no verification, ends the old key's tokens, and needs no restart", async () => {
		const [oldKey, newKey] = [keyPairs[algorithm](), keyPairs[algorithm]()];
		const store: KeyStore = { signing: [oldKey.signing], verifying: [oldKey.verifying] };
		const mints = [createMint(contract, { secret: () => store.signing }), createMint(contract, { secret: async () => store.signing })];
		const traffic = new Traffic(mints, createVerify(contract, { secret: async () => store.verifying }));
		await traffic.run(60);
		expect(await signedBy(traffic.latest[0] as string, oldKey)).toBe(true);

		// 1. Add the new key where tokens are verified.
		store.verifying = [oldKey.verifying, newKey.verifying];
		await traffic.run(60);

		// 2. Sign with it; the mint takes it up within its refresh.
		store.signing = [newKey.signing, oldKey.signing];
		await traffic.run(refreshSeconds);
		for (const token of traffic.latest) expect(await signedBy(token, newKey)).toBe(true);

		// 3. Retire the old key when its last token has expired.
		const kept = (await createMint(contract, { secret: oldKey.signing, lifetimeSeconds: 86_400 })(ada)).token;
		expect(await outcomeOf(traffic.verify(kept))).toBe("verified");
		await traffic.run(lifetimeSeconds);
		store.verifying = [newKey.verifying];
		store.signing = [newKey.signing];
		expect(await outcomeOf(traffic.verify(kept))).toBe("signature_invalid");
		await traffic.run(2 * refreshSeconds);

		expect(traffic.failures).toEqual([]);
		expect(traffic.verified).toBeGreaterThan(5_000);
		for (const token of traffic.latest) expect(await signedBy(token, newKey)).toBe(true);
		expect(await outcomeOf(traffic.verify(kept))).toBe("signature_invalid");
	});

	it("shows what goes wrong in the wrong order: a key that signs before it verifies, or is retired too early", async () => {
		const [oldKey, newKey] = [keyPairs[algorithm](), keyPairs[algorithm]()];
		const store: KeyStore = { signing: [oldKey.signing], verifying: [oldKey.verifying] };
		const traffic = new Traffic(
			[createMint(contract, { secret: () => store.signing })],
			createVerify(contract, { secret: () => store.verifying }),
		);
		await traffic.run(60);
		store.signing = [newKey.signing];
		await traffic.run(refreshSeconds + tickSeconds);
		expect(new Set(traffic.failures)).toEqual(new Set(["signature_invalid"]));
		traffic.failures.length = 0;
		store.verifying = [newKey.verifying];
		await traffic.run(tickSeconds);
		expect(new Set(traffic.failures)).toEqual(new Set(["signature_invalid"]));
	});
});

describe("the rotation of a key that is published as a JWK Set", () => {
	it("fails no verification, and ends the old key's tokens at once by its name", async () => {
		const contract = widget("RS256");
		const pairs = ["old", "new"].map((kid) => ({ kid, ...generateKeyPairSync("rsa", { modulusLength: 2048 }) }));
		const jwk = (key: KeyObject, kid: string): JsonWebKey & { kid: string } => ({ ...key.export({ format: "jwk" }), kid });
		const [oldKey, newKey] = pairs.map(({ kid, privateKey, publicKey }) => ({
			signing: jwk(privateKey, kid),
			published: jwk(publicKey, kid),
		}));
		if (oldKey === undefined || newKey === undefined) throw new Error("no keys");
		let published = [oldKey.published];
		const server = createServer(
			(_, response) => void response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: published })),
		);
		await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
		const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;

		let signing = oldKey.signing;
		const revoked = new Set<string>();
		const verify = createVerify(contract, { jwksUrl, isRevoked: (kid) => revoked.has(kid) });
		const traffic = new Traffic([createMint(contract, { secret: () => signing })], verify);
		await traffic.run(60);
		expect(headerOf(traffic.latest[0] as string).kid).toBe("old");

		published = [newKey.published, oldKey.published];
		await traffic.run(60);
		signing = newKey.signing;
		await traffic.run(refreshSeconds);
		expect(headerOf(traffic.latest[0] as string).kid).toBe("new");

		const kept = (await createMint(contract, { secret: oldKey.signing, lifetimeSeconds: 86_400 })(ada)).token;
		expect(await outcomeOf(verify(kept))).toBe("verified");
		await traffic.run(lifetimeSeconds);
		revoked.add("old");
		expect(await outcomeOf(verify(kept))).toBe("key_revoked");
		published = [newKey.published];
		await traffic.run(900);
		revoked.clear();
		expect(await outcomeOf(verify(kept))).toBe("unknown_kid");
		expect(traffic.failures).toEqual([]);
		server.close();
	});
});
