import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createMint } from "@widget-token/core";
import { customGpt } from "@widget-token/widgets";
import { exportJWK } from "jose";
import { describe, expect, it } from "vitest";
import { ada, codeOf, now } from "./minting.ts";
import { outcomeOf, verifier } from "./verifying.ts";

const quiet = { onEvent: () => undefined };

describe("a JWK Set", () => {
	const pairs = ["a", "b", "c"].map((kid) => ({ kid, ...generateKeyPairSync("rsa", { modulusLength: 2048 }) }));
	type Pair = (typeof pairs)[number];
	const [a, b, c] = pairs as [Pair, Pair, Pair];
	const jwkOf = async ({ publicKey, kid }: Pair, named = true): Promise<object> => ({
		...(await exportJWK(publicKey)),
		...(named ? { kid } : {}),
		alg: "RS256",
		use: "sig",
	});
	const signedBy = async ({ privateKey, kid }: Pair, named = true): Promise<string> => {
		const key = { ...privateKey.export({ format: "jwk" }), ...(named ? { kid } : {}) } as JsonWebKey;
		return (await createMint(customGpt, { secret: key, now, role: () => "Support" })(ada)).token;
	};

	async function serveSet(
		answer: () => { status?: number; body: unknown },
	): Promise<{ url: string; fetched: () => number; close: () => void }> {
		let count = 0;
		const server = createServer((_, response) => {
			count++;
			const { status = 200, body } = answer();
			response.writeHead(status, { "content-type": "application/json" }).end(typeof body === "string" ? body : JSON.stringify(body));
		}).listen(0, "127.0.0.1");
		await new Promise((resolve) => server.once("listening", resolve));
		return {
			url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
			fetched: () => count,
			close: () => void server.close(),
		};
	}

	it("is fetched once for many tokens, and finds keys by their id", async () => {
		const keys = [await jwkOf(a), await jwkOf(b)];
		const { url, fetched, close } = await serveSet(() => ({ body: { keys } }));
		const verify = verifier(customGpt, { jwksUrl: url });
		expect(fetched()).toBe(0);
		for (const pair of [a, b, a, b]) expect(await outcomeOf(verify(await signedBy(pair)))).toBe("verified");
		expect(fetched()).toBe(1);
		expect(await outcomeOf(verify(await signedBy(c)))).toBe("unknown_kid");
		expect(await outcomeOf(verify(await signedBy({ ...c, kid: "a" })))).toBe("signature_invalid");
		close();
	});

	it("is tried key by key where the token names none", async () => {
		const keys = [await jwkOf(a), await jwkOf(b)];
		const { url, close } = await serveSet(() => ({ body: { keys } }));
		const verify = verifier(customGpt, { jwksUrl: url });
		for (const pair of [a, b]) expect(await outcomeOf(verify(await signedBy(pair, false)))).toBe("verified");
		expect(await outcomeOf(verify(await signedBy(c, false)))).toBe("signature_invalid");
		close();
	});

	it("that still holds a revoked key does not help it", async () => {
		const keys = [await jwkOf(a), await jwkOf(b)];
		const { url, close } = await serveSet(() => ({ body: { keys } }));
		let revoked = "";
		const verify = verifier(customGpt, { jwksUrl: url, isRevoked: async (kid) => kid === revoked });
		expect(await outcomeOf(verify(await signedBy(a)))).toBe("verified");
		revoked = "a";
		expect(await outcomeOf(verify(await signedBy(a)))).toBe("key_revoked");
		expect(await outcomeOf(verify(await signedBy(a, false)))).toBe("unknown_kid");
		expect(await outcomeOf(verify(await signedBy(b)))).toBe("verified");
		close();
	});

	it.each([
		["is down", { status: 503, body: "{}" }],
		["is no JSON", { body: "<html>" }],
		["is no set", { body: { keys: "none" } }],
	])("that %s is an outage", async (_, answer) => {
		const { url, close } = await serveSet(() => answer);
		expect(await codeOf(async () => verifier(customGpt, { jwksUrl: url, ...quiet })(await signedBy(a)))).toBe("key_unavailable");
		close();
	});

	it("with a key that is too short is not trusted", async () => {
		const short = { kid: "a", ...generateKeyPairSync("rsa", { modulusLength: 1024 }) };
		const keys = [await jwkOf(short)];
		const { url, close } = await serveSet(() => ({ body: { keys } }));
		expect(await codeOf(async () => verifier(customGpt, { jwksUrl: url, ...quiet })(await signedBy(a)))).toMatch(
			/^(?:secret_too_short|key_unavailable)$/,
		);
		close();
	});

	it("goes behind a tenant's own key", async () => {
		const keys = [await jwkOf(a)];
		const { url, fetched, close } = await serveSet(() => ({ body: { keys } }));
		const verify = verifier(customGpt, { jwksUrl: url, keys: ({ tenant }) => (tenant === "own" ? b.publicKey : null) });
		expect(await outcomeOf(verify(await signedBy(b), { tenant: "own" }))).toBe("verified");
		expect(fetched()).toBe(0);
		expect(await outcomeOf(verify(await signedBy(a), { tenant: "own" }))).toBe("signature_invalid");
		expect(await outcomeOf(verify(await signedBy(a)))).toBe("verified");
		close();
	});
});
