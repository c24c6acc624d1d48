import { createHmac } from "node:crypto";
import { createMint, Secret, type SecretValue, WidgetTokenError } from "@widget-token/core";
import { describe, expect, it, vi } from "vitest";
import { contractFor, text } from "./keys.ts";
import { ada, codeOf, env, now, refusalOf } from "./minting.ts";

const contract = contractFor("HS256");
const [old, fresh] = [`old-${text}`, `fresh-${text}`];

function signedBy(token: string): string | undefined {
	const [header, payload, signature] = token.split(".");
	return [old, fresh].find((secret) => createHmac("sha256", secret).update(`${header}.${payload}`).digest("base64url") === signature);
}

/** A mint on a clock that the test moves. */
function mintWith(secret: () => SecretValue | readonly SecretValue[] | Promise<SecretValue | readonly SecretValue[]>): {
	mint: () => Promise<string | undefined>;
	pass: (seconds: number) => void;
} {
	let milliseconds = now();
	const mint = createMint(contract, { env, secret, now: () => milliseconds });
	return {
		mint: async () => signedBy((await mint(ada)).token),
		pass: (seconds) => {
			milliseconds += seconds * 1000;
		},
	};
}

describe("a secret that is rotated", () => {
	it("is read at first use, not before", async () => {
		const secret = vi.fn(() => old);
		const { mint } = mintWith(secret);
		expect(secret).not.toHaveBeenCalled();
		await mint();
		expect(secret).toHaveBeenCalledOnce();
	});

	it("is kept for 60 seconds and then asked for again, so that no restart is needed", async () => {
		let current = old;
		const secret = vi.fn(async () => current);
		const { mint, pass } = mintWith(secret);
		expect(await mint()).toBe(old);
		current = fresh;
		pass(59);
		expect(await mint()).toBe(old);
		expect(secret).toHaveBeenCalledTimes(1);
		pass(2);
		expect(await mint()).toBe(fresh);
		expect(secret).toHaveBeenCalledTimes(2);
		await mint();
		expect(secret).toHaveBeenCalledTimes(2);
	});

	it("may be a list: the first signs", async () => {
		let current: readonly SecretValue[] = [old, fresh];
		const { mint, pass } = mintWith(() => current);
		expect(await mint()).toBe(old);
		current = [new Secret(fresh), old];
		pass(61);
		expect(await mint()).toBe(fresh);
		expect(signedBy((await createMint(contract, { secret: [fresh, old] })(ada)).token)).toBe(fresh);
	});

	it("is asked for once, however many tokens wait for it", async () => {
		let answer: (secret: string) => void = () => undefined;
		const secret = vi.fn(() => new Promise<string>((resolve) => (answer = resolve)));
		const { mint, pass } = mintWith(secret);
		for (const expected of [old, fresh]) {
			const tokens = Array.from({ length: 100 }, () => mint());
			await vi.waitFor(() => expect(secret).toHaveBeenCalled());
			expect(secret).toHaveBeenCalledOnce();
			answer(expected);
			expect(new Set(await Promise.all(tokens))).toEqual(new Set([expected]));
			secret.mockClear();
			pass(61);
		}
	});

	it("refuses the token while the store fails, names no reason of its, and recovers", async () => {
		const secret = vi.fn<() => Promise<string>>();
		const failure = new Error(`the store printed ${old}`);
		const { mint, pass } = mintWith(secret);
		secret.mockRejectedValueOnce(failure).mockResolvedValueOnce(old).mockRejectedValueOnce(failure).mockResolvedValue(fresh);
		for (const expected of [old, fresh]) {
			const error = await refusalOf(mint);
			expect(error).toMatchObject({ code: "key_unavailable", status: 503, retryAfterSeconds: 5, cause: failure });
			expect(error.message).not.toContain(old);
			expect(await mint()).toBe(expected);
			pass(61);
		}
	});

	it("refuses the token when the store throws at once, or with an error of ours", async () => {
		const thrower = (): never => {
			throw new TypeError("no network");
		};
		expect(await codeOf(mintWith(thrower).mint)).toBe("key_unavailable");
		const ours = new WidgetTokenError("secret_missing", { detail: "no entry of that name" });
		expect(await refusalOf(mintWith(() => Promise.reject(ours)).mint)).toBe(ours);
	});

	it("refuses the token when the store does not answer", async () => {
		vi.useFakeTimers();
		try {
			const { mint } = mintWith(() => new Promise(() => undefined));
			const refusal = refusalOf(mint);
			await vi.advanceTimersByTimeAsync(5_000);
			expect(await refusal).toMatchObject({ code: "key_unavailable", status: 503 });
		} finally {
			vi.useRealTimers();
		}
	});

	it("refuses the token when the new secret is a mistake, rather than sign with the old one", async () => {
		let current = old;
		const { mint, pass } = mintWith(() => current);
		await mint();
		current = "changeme";
		pass(61);
		expect(await codeOf(mint)).toBe("secret_placeholder");
		expect(await codeOf(mint)).toBe("secret_placeholder");
		current = fresh;
		expect(await mint()).toBe(fresh);
	});

	it("takes the key's own id with it into the header", async () => {
		let kid = "k_1";
		let milliseconds = 0;
		const jwk = (): JsonWebKey & { kid: string } => ({ kty: "oct", k: Buffer.from(old).toString("base64url"), kid });
		const mint = createMint(contract, { secret: jwk, now: () => milliseconds });
		const kidOf = async (): Promise<unknown> => JSON.parse(atob((await mint(ada)).token.split(".")[0] ?? "")).kid;
		expect(await kidOf()).toBe("k_1");
		kid = "k_2";
		milliseconds = 61_000;
		expect(await kidOf()).toBe("k_2");
	});
});
