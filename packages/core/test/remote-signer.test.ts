import { createHmac, generateKeyPairSync, sign, verify } from "node:crypto";
import { type Algorithm, createMint, type RemoteSigner } from "@widget-token/core";
import { describe, expect, it, vi } from "vitest";
import { contractFor, text, tokenWith } from "./keys.ts";
import { ada, headerOf, refusalOf } from "./minting.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const signer = (alg: Algorithm, signature: () => unknown): RemoteSigner => ({ alg, sign: async () => signature() as Uint8Array });

describe("a remote signer", () => {
	it("signs the bytes of header and payload, and names its key", async () => {
		const kms: RemoteSigner = {
			alg: "ES256",
			kid: "projects/1/keys/2",
			sign: async (data) => sign("sha256", data, { key: privateKey, dsaEncoding: "ieee-p1363" }),
		};
		const token = await tokenWith(contractFor("ES256"), kms);
		const [header, payload, signature] = token.split(".");
		expect(headerOf(token)).toEqual({ alg: "ES256", typ: "JWT", kid: "projects/1/keys/2" });
		expect(
			verify(
				"sha256",
				Buffer.from(`${header}.${payload}`),
				{ key: publicKey, dsaEncoding: "ieee-p1363" },
				Buffer.from(signature ?? "", "base64url"),
			),
		).toBe(true);
	});

	it("is called with itself as this, and once for each token", async () => {
		class Hsm {
			readonly alg = "HS256";
			calls = 0;
			async sign(data: Uint8Array): Promise<Uint8Array> {
				this.calls++;
				return createHmac("sha256", text).update(data).digest();
			}
		}
		const hsm = new Hsm();
		const mint = createMint(contractFor("HS256"), { secret: hsm });
		await Promise.all([mint(ada), mint(ada), mint(ada)]);
		expect(hsm.calls).toBe(3);
	});

	it("that fails, at once or later, is an outage and not a token", async () => {
		const failure = new Error(`denied for ${text}`);
		const thrower = (): never => {
			throw failure;
		};
		for (const sign of [() => Promise.reject(failure), thrower]) {
			const error = await refusalOf(() => tokenWith(contractFor("RS256"), { alg: "RS256", sign }));
			expect(error).toMatchObject({ code: "key_unavailable", status: 503, cause: failure });
			expect(error.message).not.toContain(text);
		}
	});

	it("that is slow is told to stop, and is an outage", async () => {
		vi.useFakeTimers();
		try {
			let signal: AbortSignal | undefined;
			const slow: RemoteSigner = {
				alg: "RS256",
				sign: (_, context) => {
					signal = context.signal;
					return new Promise((_resolve, reject) => context.signal.addEventListener("abort", () => reject(new Error("aborted"))));
				},
			};
			const refusal = refusalOf(() => tokenWith(contractFor("RS256"), slow));
			await vi.advanceTimersByTimeAsync(4_999);
			expect(signal?.aborted).toBe(false);
			await vi.advanceTimersByTimeAsync(1);
			expect(await refusal).toMatchObject({ code: "key_unavailable", detail: "the remote signer did not answer within 5000 ms" });
			expect(signal?.aborted).toBe(true);
		} finally {
			vi.useRealTimers();
		}
	});

	it.each([
		[undefined],
		[null],
		[""],
		["signature"],
		[new Uint8Array(0)],
		[new DataView(new ArrayBuffer(64))],
		[[1, 2, 3]],
		[{ length: 64 }],
	])("that answers with %o has not signed", async (answer) => {
		expect(
			await refusalOf(() =>
				tokenWith(
					contractFor("ES256"),
					signer("ES256", () => answer),
				),
			),
		).toMatchObject({ code: "key_unavailable" });
	});

	it("that answers in DER, or with a digest, is misconfigured: no verifier would take the token", async () => {
		const der = sign("sha256", Buffer.from("x"), privateKey);
		expect(der.length).toBeGreaterThan(64);
		const cases: readonly (readonly [Algorithm, number | Uint8Array])[] = [
			["ES256", der],
			["ES256", 63],
			["HS256", 31],
			["HS256", 64],
			["HS384", 32],
			["HS512", 32],
			["RS256", 128],
		];
		for (const [algorithm, answer] of cases) {
			const bytes = typeof answer === "number" ? new Uint8Array(answer) : answer;
			expect(
				(
					await refusalOf(() =>
						tokenWith(
							contractFor(algorithm),
							signer(algorithm, () => bytes),
						),
					)
				).code,
				algorithm,
			).toBe("secret_invalid");
		}
	});
});
