import { generateKeyPairSync } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { createMint } from "@widget-token/core";
import { customGpt } from "@widget-token/widgets";
import { exportJWK } from "jose";
import { describe, expect, it } from "vitest";
import { ada, codeOf, now, refusalOf } from "./minting.ts";
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

	async function serve(
		respond: (response: ServerResponse) => Promise<void>,
	): Promise<{ url: string; closed: Promise<unknown>; close: () => void }> {
		const server = createServer((_, response) => void respond(response)).listen(0, "127.0.0.1");
		const closed = new Promise((resolve) =>
			server.once("connection", (socket) => socket.on("error", () => undefined).once("close", resolve)),
		);
		await new Promise((resolve) => server.once("listening", resolve));
		return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, closed, close: () => void server.close() };
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

	it("is read to 256 KiB and no further, also where it was compressed", async () => {
		const keys = [await jwkOf(a)];
		const padded = (length: number): string => JSON.stringify({ keys }).padEnd(length);
		const { url, close } = await serveSet(() => ({ body: padded(262_144) }));
		expect(await outcomeOf(verifier(customGpt, { jwksUrl: url })(await signedBy(a)))).toBe("verified");
		close();
		const slightly = await serveSet(() => ({ body: padded(262_145) }));
		expect(await codeOf(async () => verifier(customGpt, { jwksUrl: slightly.url, ...quiet })(await signedBy(a)))).toBe("key_unavailable");
		slightly.close();
		let sent = 0;
		for (const encoding of ["identity", "gzip"]) {
			const huge = await serve(async (response) => {
				response.writeHead(200, { "content-type": "application/json", "content-encoding": encoding });
				response.write(encoding === "gzip" ? gzipSync(padded(5_000_000)) : padded(100));
				for (sent = 0; sent < 100_000_000 && !response.destroyed; sent += 65_536)
					await new Promise((resolve) => response.write(Buffer.alloc(65_536, " "), resolve));
				response.end();
			});
			expect(await codeOf(async () => verifier(customGpt, { jwksUrl: huge.url, ...quiet })(await signedBy(a)))).toBe("key_unavailable");
			await huge.closed;
			expect(sent).toBeLessThan(20_000_000);
			huge.close();
		}
	});

	it("that is never there to its end is an outage, and the connection is given up", async () => {
		const slow = await serve(async (response) => {
			response.writeHead(200, { "content-type": "application/json" });
			while (!response.destroyed) {
				response.write(" ");
				await setTimeout(5);
			}
		});
		const verify = verifier(customGpt, { jwksUrl: slow.url, timeoutSeconds: 0.1005, ...quiet });
		expect(await codeOf(async () => verify(await signedBy(a)))).toBe("key_unavailable");
		await slow.closed;
		slow.close();
	});

	it("is not fetched from where a redirect leads", async () => {
		const keys = [await jwkOf(a)];
		const { url, fetched, close } = await serveSet(() => ({ body: { keys } }));
		for (const status of [301, 302, 307, 308]) {
			const redirecting = await serve(async (response) => void response.writeHead(status, { location: url }).end());
			expect(await codeOf(async () => verifier(customGpt, { jwksUrl: redirecting.url, ...quiet })(await signedBy(a)))).toBe(
				"key_unavailable",
			);
			redirecting.close();
		}
		expect(fetched()).toBe(0);
		close();
	});

	it("with two keys of one id does not say which of them a token means", async () => {
		const keys = [await jwkOf(a), await jwkOf({ ...b, kid: "a" }), await jwkOf(c)];
		const { url, close } = await serveSet(() => ({ body: { keys } }));
		const verify = verifier(customGpt, { jwksUrl: url, ...quiet });
		for (const pair of [a, { ...b, kid: "a" }]) {
			const error = await refusalOf(async () => verify(await signedBy(pair)));
			expect(error).toMatchObject({ code: "secret_invalid", status: 500, detail: expect.stringContaining("kid") });
		}
		expect(await outcomeOf(verify(await signedBy(c)))).toBe("verified");
		close();
	});

	it.each<[string, object]>([
		["use enc", { use: "enc" }],
		["key_ops for encryption", { key_ops: ["encrypt"] }],
		["another algorithm", { alg: "RS512" }],
	])("does not give a key with %s", async (_, members) => {
		const keys = [{ ...(await jwkOf(a)), ...members }];
		const { url, close } = await serveSet(() => ({ body: { keys } }));
		expect(await outcomeOf(verifier(customGpt, { jwksUrl: url })(await signedBy(a)))).toBe("unknown_kid");
		close();
	});

	it("with a key of the public exponent 1 is not trusted", async () => {
		const keys = [{ ...(await jwkOf(a)), e: "AQ" }];
		const { url, close } = await serveSet(() => ({ body: { keys } }));
		expect(await codeOf(async () => verifier(customGpt, { jwksUrl: url, ...quiet })(await signedBy(a)))).toBe("secret_invalid");
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
