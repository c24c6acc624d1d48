import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import jwt from "jsonwebtoken";
import { expect, test } from "vitest";
import { createFolder, hilalSecret, runCli } from "./run-cli.ts";

test("no command shows a secret, however it is given, in words or as JSON", async () => {
	const pem = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "pem", type: "pkcs8" }).toString();
	const cwd = createFolder({
		".env": `HILAL_WIDGET_HMAC_SECRET=${hilalSecret}\nCUSTOMGPT_PRIVATE_KEY="${pem.trim().replaceAll("\n", "\\n")}"\n`,
		"key.pem": pem,
		"secret.txt": hilalSecret,
	});
	const token = jwt.sign({ sub: "u_1", exp: Math.floor(Date.now() / 1000) + 600 }, hilalSecret);
	const calls: (readonly [readonly string[], string])[] = [
		[["show", "hilal"], ""],
		[["secret", "hilal"], ""],
		[["secret", "hilal", "--print"], ""],
		[["secret", "customgpt", "--print"], ""],
		[["secret", "bestchatbot", "--secret-file", "secret.txt"], ""],
		[["mint", "hilal", "--id", "u_1"], ""],
		[["mint", "hilal", "--id", "u_1", "--secret-stdin"], hilalSecret],
		[["mint", "hilal", "--id", "u_1", "--name", "x", "--secret-file", "key.pem"], ""],
		[["mint", "customgpt", "--id", "u_1", "--role", "A", "--secret-file", "key.pem"], ""],
		[["mint", "customgpt", "--id", "u_1", "--role", "A", "--secret-stdin"], `"${pem}"`],
		[["verify", "hilal", "--secret-file", "secret.txt"], token],
		[["verify", "hilal", token, "--secret-stdin"], hilalSecret],
		[["verify", "customgpt", "--secret-file", "key.pem"], token],
		// The secret where something else belongs.
		[["verify", "hilal", "-"], hilalSecret],
		[["mint", "hilal", "--id", "u_1", "--name", hilalSecret], ""],
		[["mint", "hilal", "--identity", "-"], hilalSecret],
		[["mint", "hilal", "--identity", "secret.txt"], ""],
		[["show", "--contract", "secret.txt"], ""],
	];
	const lines = pem.split("\n").slice(1, -2);
	for (const [args, input] of calls) {
		const [words, json] = await Promise.all([runCli(args, { cwd, input }), runCli([...args, "--json"], { cwd, input })]);
		for (const { all, exitCode } of [words, json]) {
			expect([0, 1, 2, 3]).toContain(exitCode);
			expect(all, args.join(" ")).not.toContain(hilalSecret);
			for (const line of lines) expect(all, args.join(" ")).not.toContain(line);
		}
		JSON.parse(json.stdout);
	}
	expect(readFileSync(join(cwd, ".env"), "utf8")).toContain(`BESTCHATBOT_SIGNING_KEY=${hilalSecret}`);
});
