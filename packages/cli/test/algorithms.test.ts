import { createPrivateKey, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Algorithm, algorithms } from "@widget-token/core";
import { jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { readEnvValue } from "../src/env-file.ts";
import { recipeLanguages } from "../src/recipes/languages.ts";
import { createFolder, runCli } from "./run-cli.ts";

const names = Object.keys(algorithms) as Algorithm[];

function contractOf(algorithm: Algorithm): string {
	return JSON.stringify({
		id: "mine",
		name: "Mine",
		documentation: [],
		scheme: "jwt",
		algorithm,
		key: { env: "MINE_KEY", encoding: algorithms[algorithm].keyType === "oct" ? "utf8" : "pem" },
		claims: {
			sub: { from: "identity", field: "id", required: true },
			exp: { from: "generated", generate: "expirationTime", required: true },
		},
		lifetime: { defaultSeconds: 600, maximumSeconds: 3600 },
	});
}

describe("a contract's algorithm", () => {
	test.each(names)("%s: secret makes a key for it, which signs and verifies", async (algorithm) => {
		const cwd = createFolder({ "mine.json": contractOf(algorithm) });
		const made = await runCli(["secret", "--contract", "mine.json", "--json"], { cwd });
		expect(made.exitCode, made.stderr).toBe(0);
		const { publicKey } = JSON.parse(made.stdout) as { publicKey?: string };
		const value = readEnvValue(readFileSync(join(cwd, ".env"), "utf8"), "MINE_KEY") ?? "";
		expect(publicKey !== undefined).toBe(algorithms[algorithm].keyType !== "oct");
		const details = publicKey === undefined ? undefined : createPrivateKey(value).asymmetricKeyDetails;
		expect(details?.namedCurve).toBe({ ES256: "prime256v1", ES384: "secp384r1", ES512: "secp521r1" }[algorithm as string]);

		const minted = await runCli(["mint", "--contract", "mine.json", "--id", "u_1", "--json"], { cwd });
		expect(minted.exitCode, minted.stderr).toBe(0);
		const { token } = JSON.parse(minted.stdout) as { token: string };
		const key = publicKey === undefined ? new TextEncoder().encode(value) : createPublicKey(publicKey);
		expect((await jwtVerify(token, key, { algorithms: [algorithm] })).payload.sub).toBe("u_1");
		const verified = await runCli(["verify", "--contract", "mine.json", "--json"], { cwd, input: token });
		expect(verified.exitCode, verified.stderr).toBe(0);
	});

	test.each([
		["PS384", "RSA of 2048 bits or more"],
		["ES512", "curve P-521"],
		["HS384", "48 bytes or more"],
	] as const)("%s is described with its key: %s", async (algorithm, words) => {
		const cwd = createFolder({ "mine.json": contractOf(algorithm) });
		for (const command of ["show", "prompt"]) {
			const { stdout, stderr } = await runCli([command, "--contract", "mine.json"], { cwd });
			expect(stdout + stderr, command).toContain(algorithm);
			expect(stdout, command).toContain(words);
		}
	});

	test("that a language's library does not know is refused by every recipe, before a file is written", async () => {
		const known = ["HS256", "HS384", "HS512", "RS256", "ES256"];
		for (const { load, name } of recipeLanguages) {
			const write = await load();
			for (const algorithm of names) {
				const attempt = (): unknown => write(JSON.parse(contractOf(algorithm)));
				if (known.includes(algorithm)) expect(attempt, `${name}, ${algorithm}`).not.toThrow();
				else expect(attempt, `${name}, ${algorithm}`).toThrow(expect.objectContaining({ code: "algorithm_unsupported" }));
			}
		}
		const cwd = createFolder({ "mine.json": contractOf("PS256") });
		const { exitCode, stdout, stderr } = await runCli(["recipe", "--contract", "mine.json", "--lang", "php"], { cwd });
		expect(exitCode).toBe(3);
		expect(stdout).toBe("");
		expect(stderr).toMatch(/Mine is signed with PS256.*HS256, HS384, HS512, RS256, ES256/s);
	});
});
