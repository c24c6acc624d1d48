import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as widgets from "@widget-token/widgets";
import jwt from "jsonwebtoken";
import { describe, expect, test } from "vitest";
import { createFolder, hilalSecret, runCli } from "./run-cli.ts";

const env = { HILAL_WIDGET_HMAC_SECRET: hilalSecret };
const ada = ["--id", "u_1", "--email", "ada@example.com", "--name", "Ada"];
const soon = (): number => Math.floor(Date.now() / 1000) + 600;

/** What Hilal's verification makes of a token that jsonwebtoken has signed. */
async function judge(claims: object, { secret = hilalSecret, args = [] as readonly string[] } = {}): Promise<{ exitCode: number | null; verdict: Record<string, unknown> & { claims: Record<string, unknown>[] } }> {
	const { exitCode, stdout } = await runCli(["verify", "hilal", "-", "--json", ...args], { env, input: jwt.sign(claims, secret) });
	return { exitCode, verdict: JSON.parse(stdout) };
}

describe("mint", () => {
	test("prints the token alone on standard output, and what the vendor will see beside", async () => {
		const { exitCode, stdout, stderr } = await runCli(["mint", "hilal", ...ada], { env });
		expect(exitCode).toBe(0);
		const claims = jwt.verify(stdout.trim(), hilalSecret, { algorithms: ["HS256"] });
		expect(claims).toMatchObject({ sub: "u_1", email: "ada@example.com", name: "Ada" });
		expect(stderr).toContain("What Hilal Chatbot will see");
		expect(stderr).toMatch(/✓ email +"ada@example\.com"/);
		expect(stderr).toContain("HILAL_WIDGET_HMAC_SECRET");
		expect(stderr).not.toContain(stdout.trim());
	});

	test("with --json gives token, times, header and claims", async () => {
		const { stdout, stderr } = await runCli(["mint", "hilal", ...ada, "--lifetime", "60", "--json"], { env });
		expect(stderr).toBe("");
		const { token, expiresIn, expiresAt, ...rest } = JSON.parse(stdout) as { token: string; expiresIn: number; expiresAt: number; claims: { exp: number } };
		expect(jwt.verify(token, hilalSecret)).toEqual(rest.claims);
		expect([expiresIn, expiresAt]).toEqual([60, rest.claims.exp]);
		expect(rest).toMatchObject({ widget: "hilal", scheme: "jwt", header: { alg: "HS256", typ: "JWT" }, keyFrom: "HILAL_WIDGET_HMAC_SECRET" });
	});

	test("takes the identity as JSON from a file or from standard input; a flag goes first", async () => {
		const identity = JSON.stringify({ id: "u_2", email: "grace@example.com", emailVerified: true, name: "Grace" });
		const cwd = createFolder({ "grace.json": identity });
		for (const [args, input] of [[["--identity", "grace.json"], ""], [["--identity", "-"], identity]] as const) {
			const { stdout } = await runCli(["mint", "hilal", ...args, "--name", "Ada", "--json"], { env, cwd, input });
			expect(JSON.parse(stdout)).toMatchObject({ claims: { sub: "u_2", email: "grace@example.com", name: "Ada" } });
		}
		const wrong = await runCli(["mint", "hilal", "--identity", "-"], { env, input: '{"sub":"u_2"}' });
		expect(wrong.exitCode).toBe(2);
		expect(wrong.stderr).toContain("identity_member_unknown");
	});

	test("leaves an address out that is not verified", async () => {
		const { stdout } = await runCli(["mint", "hilal", ...ada, "--unverified-email", "--json"], { env });
		expect(JSON.parse(stdout)).not.toHaveProperty("claims.email");
	});

	test("reads key and settings from the env files of the project, the process first", async () => {
		const cwd = createFolder({
			".env": `JUPID_EMBED_SECRET=${hilalSecret}\nJUPID_EMBED_PARTNER_ID=from-env\n`,
			".env.local": "JUPID_EMBED_PARTNER_ID='from-local'\n",
		});
		const mint = async (more: Record<string, string> = {}, ...args: string[]): Promise<Record<string, unknown>> =>
			JSON.parse((await runCli(["mint", "jupid", "--id", "u_1", "--json", ...args], { cwd, env: more })).stdout) as Record<string, unknown>;
		expect(await mint()).toMatchObject({ keyFrom: "JUPID_EMBED_SECRET in .env", claims: { iss: "from-local", aud: "jupid-embed" } });
		expect(await mint({ JUPID_EMBED_PARTNER_ID: "from-process" })).toMatchObject({ claims: { iss: "from-process" } });
		expect(await mint({}, "--setting", "partnerId=from-option")).toMatchObject({ claims: { iss: "from-option" } });
		expect(await mint({}, "--claim", 'payload={"company_name":"Analytical Engines"}')).toMatchObject({ claims: { payload: { company_name: "Analytical Engines" } } });
	});

	test.each([
		["no key", ["mint", "jupid", "--id", "u_1"], 3, "secret_missing", /widget-token secret jupid/],
		["no setting", ["mint", "onpilot", "--id", "u_1", "--secret-env", "HILAL_WIDGET_HMAC_SECRET"], 3, "setting_missing", /--setting tenantId=/],
		["no identity", ["mint", "hilal"], 2, "identity_required", /--id u_1/],
		["no e-mail address where one is needed", ["mint", "bestchatbot", "--id", "u_1", "--secret-env", "HILAL_WIDGET_HMAC_SECRET"], 3, "claim_missing", /--email/],
		["a lifetime above the maximum", ["mint", "hilal", "--id", "u_1", "--lifetime", "86401"], 3, "lifetime_invalid", /--lifetime/],
		["a lifetime that is none", ["mint", "hilal", "--id", "u_1", "--lifetime", "1h"], 2, "usage", /./],
		["key and identity from one pipe", ["mint", "hilal", "--identity", "-", "--secret-stdin"], 2, "usage", /file/],
	])("says what to do about %s", async (_, args, status, code, mend) => {
		const { exitCode, stdout } = await runCli([...args, "--json"], { env });
		expect(exitCode).toBe(status);
		const { error } = JSON.parse(stdout) as { error: { code: string; mend: string } };
		expect(error.code).toBe(code);
		expect(error.mend).toMatch(mend);
	});
});

describe("verify", () => {
	const settings = { ONPILOT_TENANT_ID: "t_1", ONPILOT_COPILOT_ID: "c_1", JUPID_EMBED_PARTNER_ID: "p_1" };
	const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048, privateKeyEncoding: { format: "pem", type: "pkcs8" }, publicKeyEncoding: { format: "pem", type: "spki" } });

	test.each(Object.values(widgets).map((contract) => [contract.id, contract] as const))("is content with what mint makes for %s", async (id, { algorithm, key }) => {
		const own = { ...settings, [key.env]: algorithm === "RS256" ? privateKey : hilalSecret };
		const role = id === "customgpt" ? ["--role", "Support Team"] : [];
		const minted = await runCli(["mint", id, ...ada, ...role], { env: own });
		for (const args of [["-"], [], [minted.stdout.trim()]]) {
			const { exitCode, stdout } = await runCli(["verify", id, ...args], { env: own, input: minted.stdout });
			expect(exitCode).toBe(0);
			expect(stdout).toMatch(/^✓ verified/);
			expect(stdout).not.toMatch(/✗/);
		}
		const asData = JSON.parse((await runCli(["verify", id, "--json"], { env: own, input: minted.stdout })).stdout) as { claims: { verdict: string }[] };
		expect(asData).toMatchObject({ widget: id, verified: true, identity: { widget: id } });
		expect(asData.claims.every(({ verdict }) => verdict === "ok" || verdict === "absent")).toBe(true);
	});

	test("tells reason, code and mend, in words and as JSON", async () => {
		const token = jwt.sign({ sub: "u_1" }, hilalSecret, { expiresIn: -60 });
		const { exitCode, stdout } = await runCli(["verify", "hilal", token], { env });
		expect(exitCode).toBe(1);
		expect(stdout).toMatch(/^✗ refused/);
		for (const line of [/reason +expired/, /code +expired/, /mend +Fetch a fresh token/, /✗ exp +\d{4}-\d\d-\d\d.*The token has expired|✗ exp/]) expect(stdout).toMatch(line);
		expect(stdout).not.toContain(token);
		const { verdict } = await judge({ sub: "u_1", iat: soon() - 5000, exp: soon() - 700 });
		expect(verdict).toMatchObject({ verified: false, reason: "expired", code: "expired", claim: "exp", mend: expect.stringContaining("fresh token") });
	});

	test("finds every claim that is wrong, not only the first", async () => {
		const { exitCode, verdict } = await judge({ sub: 42, name: "Ada", iat: soon() * 1000, exp: soon() * 1000, plan: "pro" });
		expect(exitCode).toBe(1);
		const found = Object.fromEntries(verdict.claims.map(({ name, verdict: each, code }) => [name, code ?? each]));
		expect(found).toEqual({ sub: "claim_invalid", name: "ok", email: "absent", iat: "claim_invalid", exp: "exp_in_milliseconds", plan: "extra" });
		const missing = await judge({ iat: soon() - 600, exp: soon() + 90_000 });
		expect(Object.fromEntries(missing.verdict.claims.map(({ name, code }) => [name, code]))).toMatchObject({ sub: "claim_missing", exp: "lifetime_too_long" });
	});

	test("says whose key has signed, and that the claims are not proven", async () => {
		const other = "b7d1f0a95c3e48276f1ab9d3c5e7081942a6c8e0f1b3d5a79c2e4f60718293a5";
		const input = jwt.sign({ sub: "u_1", exp: soon() }, other);
		const { stdout } = await runCli(["verify", "hilal", "-"], { env: { ...env, BESTCHATBOT_SIGNING_KEY: other }, input });
		expect(stdout).toContain("signature_invalid");
		expect(stdout).toContain("It is signed with the key of BestChatBot");
		expect(stdout).toContain("not proven");
	});

	test("knows the provider's session token, which has no business at a widget", async () => {
		const { verdict } = await judge({ iss: "https://example.clerk.accounts.dev", sub: "user_1", exp: soon() }, { secret: "another-secret-of-another-party-0123456789" });
		expect(verdict.hint).toMatch(/session token of Clerk/);
	});

	test("names the secret that was decoded by mistake", async () => {
		const { stdout } = await runCli(["verify", "hilal", "--json"], { env, input: jwt.sign({ sub: "u_1", exp: soon() }, Buffer.from(hilalSecret, "hex")) });
		expect(JSON.parse(stdout)).toMatchObject({ reason: "invalid_signature", code: "key_decoded" });
	});

	test("without a key says so, and still shows the claims", async () => {
		const { exitCode, stdout } = await runCli(["verify", "hilal", "--json"], { input: jwt.sign({ sub: "u_1", exp: soon() }, hilalSecret) });
		expect(exitCode).toBe(1);
		expect(JSON.parse(stdout)).toMatchObject({ reason: "not_configured", code: "key_missing", hint: expect.stringContaining("HILAL_WIDGET_HMAC_SECRET"), claims: [{ name: "sub", value: "u_1" }, {}, {}, {}, {}] });
	});

	test("does not let a claim write on the terminal", async () => {
		const nasty = "\u001b[2J\u202e\u009b31mAda\r\n✓ verified";
		const input = jwt.sign({ sub: nasty, [`x${nasty}`]: 1, exp: soon() }, "another-secret-of-another-party-0123456789");
		for (const more of [[], ["--json"]]) {
			const { stdout } = await runCli(["verify", "hilal", ...more], { env, input });
			expect(stdout).not.toMatch(/[\u001b\u009b\u202e\r]/);
			expect(stdout).not.toMatch(/^ *✓ verified/m);
		}
		const { stdout } = await runCli(["verify", "hilal", "--json"], { env, input });
		expect(JSON.parse(stdout)).toMatchObject({ claims: [{ value: nasty }, {}, {}, {}, {}, {}] });
	});

	test.each([["nonsense"], ["a.b"], ["a.b.c"], [""], ["e30.e30."]])("refuses %j as malformed or not signed, without failing", async (input) => {
		const { exitCode, stdout } = await runCli(["verify", "hilal", "--json"], { env, input });
		expect(exitCode).toBe(1);
		expect(JSON.parse(stdout)).toMatchObject({ verified: false, code: expect.any(String), mend: expect.any(String) });
	});

	test("checks the hash of a widget of the scheme hmac, with its identifier", async () => {
		const contract = {
			...{ id: "acme", name: "Acme Chat", documentation: [], scheme: "hmac", algorithm: "HS256" },
			...{ key: { env: "ACME_SECRET", encoding: "utf8" }, message: { field: "email", transform: "lowercase" } },
		};
		const cwd = createFolder({ "acme.json": JSON.stringify(contract), ".env": `ACME_SECRET=${hilalSecret}\n` });
		const minted = await runCli(["mint", "--contract", "acme.json", ...ada], { cwd });
		expect(minted.stdout).toMatch(/^[0-9a-f]{64}\n$/);
		const verify = async (...args: string[]): Promise<unknown> => JSON.parse((await runCli(["verify", "--contract", "acme.json", "-", "--json", ...args], { cwd, input: minted.stdout })).stdout);
		expect(await verify("--identifier", "ada@example.com")).toMatchObject({ verified: true });
		expect(await verify("--identifier", "grace@example.com")).toMatchObject({ verified: false, code: "signature_invalid" });
		expect(await verify()).toMatchObject({ verified: false, code: "identifier_missing" });
	});
});

test("no command shows a secret, however it is given, in words or as JSON", async () => {
	const pem = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "pem", type: "pkcs8" }).toString();
	const cwd = createFolder({ ".env": `HILAL_WIDGET_HMAC_SECRET=${hilalSecret}\nCUSTOMGPT_PRIVATE_KEY="${pem.trim().replaceAll("\n", "\\n")}"\n`, "key.pem": pem, "secret.txt": hilalSecret });
	const token = jwt.sign({ sub: "u_1", exp: soon() }, hilalSecret);
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
		[["mint", "hilal", "--identity", "-"], hilalSecret],
		[["mint", "hilal", "--identity", "secret.txt"], ""],
		[["show", "--contract", "secret.txt"], ""],
	];
	const lines = pem.split("\n").slice(1, -2);
	for (const [args, input] of calls) {
		for (const more of [[], ["--json"]]) {
			const { all, exitCode } = await runCli([...args, ...more], { cwd, input });
			expect([0, 1, 2, 3]).toContain(exitCode);
			expect(all, args.join(" ")).not.toContain(hilalSecret);
			for (const line of lines) expect(all, args.join(" ")).not.toContain(line);
			if (more.length > 0) JSON.parse(all.replace(/^warning .*\n/gm, ""));
		}
	}
	expect(readFileSync(join(cwd, ".env"), "utf8")).toContain(`BESTCHATBOT_SIGNING_KEY=${hilalSecret}`);
});
