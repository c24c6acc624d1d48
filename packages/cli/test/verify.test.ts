import { generateKeyPairSync } from "node:crypto";
import * as widgets from "@widget-token/widgets";
import jwt from "jsonwebtoken";
import { describe, expect, test } from "vitest";
import { createFolder, hilalSecret, runCli } from "./run-cli.ts";

const env = { HILAL_WIDGET_HMAC_SECRET: hilalSecret };
const ada = ["--id", "u_1", "--email", "ada@example.com", "--name", "Ada"];
const soon = (): number => Math.floor(Date.now() / 1000) + 600;

/** What Hilal's verification makes of a token that jsonwebtoken has signed. */
async function judge(
	claims: object,
	{ secret = hilalSecret, args = [] as readonly string[] } = {},
): Promise<{ exitCode: number | null; verdict: Record<string, unknown> & { claims: Record<string, unknown>[] } }> {
	const { exitCode, stdout } = await runCli(["verify", "hilal", "-", "--json", ...args], { env, input: jwt.sign(claims, secret) });
	return { exitCode, verdict: JSON.parse(stdout) };
}

describe("verify", () => {
	const settings = { ONPILOT_TENANT_ID: "t_1", ONPILOT_COPILOT_ID: "c_1", JUPID_EMBED_PARTNER_ID: "p_1" };
	const { privateKey } = generateKeyPairSync("rsa", {
		modulusLength: 2048,
		privateKeyEncoding: { format: "pem", type: "pkcs8" },
		publicKeyEncoding: { format: "pem", type: "spki" },
	});

	test.each(Object.values(widgets).map((contract) => [contract.id, contract] as const))(
		"is content with what mint makes for %s",
		async (id, { algorithm, key }) => {
			const own = { ...settings, [key.env]: algorithm === "RS256" ? privateKey : hilalSecret };
			const role = id === "customgpt" ? ["--role", "Support Team"] : [];
			const minted = await runCli(["mint", id, ...ada, ...role], { env: own });
			for (const args of [["-"], [], [minted.stdout.trim()]]) {
				const { exitCode, stdout } = await runCli(["verify", id, ...args], { env: own, input: minted.stdout });
				expect(exitCode).toBe(0);
				expect(stdout).toMatch(/^✓ verified/);
				expect(stdout).not.toMatch(/✗/);
			}
			const asData = JSON.parse((await runCli(["verify", id, "--json"], { env: own, input: minted.stdout })).stdout) as {
				claims: { verdict: string }[];
			};
			expect(asData).toMatchObject({ widget: id, verified: true, identity: { widget: id } });
			expect(asData.claims.every(({ verdict }) => verdict === "ok" || verdict === "absent")).toBe(true);
		},
	);

	test("tells reason, code and fix, in words and as JSON", async () => {
		const token = jwt.sign({ sub: "u_1" }, hilalSecret, { expiresIn: -60 });
		const { exitCode, stdout } = await runCli(["verify", "hilal", token], { env });
		expect(exitCode).toBe(1);
		expect(stdout).toMatch(/^✗ refused/);
		for (const line of [
			/reason +expired/,
			/code +expired/,
			/fix +Fetch a fresh token/,
			/✗ exp +\d{4}-\d\d-\d\d.*The token has expired|✗ exp/,
		])
			expect(stdout).toMatch(line);
		expect(stdout).not.toContain(token);
		const { verdict } = await judge({ sub: "u_1", iat: soon() - 5000, exp: soon() - 700 });
		expect(verdict).toMatchObject({
			verified: false,
			reason: "expired",
			code: "expired",
			claim: "exp",
			remedy: expect.stringContaining("fresh token"),
		});
	});

	test("finds every claim that is wrong, not only the first", async () => {
		const { exitCode, verdict } = await judge({ sub: 42, name: "Ada", iat: soon() * 1000, exp: soon() * 1000, plan: "pro" });
		expect(exitCode).toBe(1);
		const found = Object.fromEntries(verdict.claims.map(({ name, verdict: each, code }) => [name, code ?? each]));
		expect(found).toEqual({
			sub: "claim_invalid",
			name: "ok",
			email: "absent",
			iat: "claim_invalid",
			exp: "exp_in_milliseconds",
			plan: "extra",
		});
		const missing = await judge({ iat: soon() - 600, exp: soon() + 90_000 });
		expect(Object.fromEntries(missing.verdict.claims.map(({ name, code }) => [name, code]))).toMatchObject({
			sub: "claim_missing",
			exp: "lifetime_too_long",
		});
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
		const { verdict } = await judge(
			{ iss: "https://example.clerk.accounts.dev", sub: "user_1", exp: soon() },
			{ secret: "another-secret-of-another-party-0123456789" },
		);
		expect(verdict.hint).toMatch(/session token of Clerk/);
	});

	test("names the secret that was decoded by mistake", async () => {
		const { stdout } = await runCli(["verify", "hilal", "--json"], {
			env,
			input: jwt.sign({ sub: "u_1", exp: soon() }, Buffer.from(hilalSecret, "hex")),
		});
		expect(JSON.parse(stdout)).toMatchObject({ reason: "invalid_signature", code: "key_decoded" });
	});

	test("without a key says so, and still shows the claims", async () => {
		const { exitCode, stdout } = await runCli(["verify", "hilal", "--json"], { input: jwt.sign({ sub: "u_1", exp: soon() }, hilalSecret) });
		expect(exitCode).toBe(1);
		expect(JSON.parse(stdout)).toMatchObject({
			reason: "not_configured",
			code: "key_missing",
			hint: expect.stringContaining("HILAL_WIDGET_HMAC_SECRET"),
			claims: [{ name: "sub", value: "u_1" }, {}, {}, {}, {}],
		});
	});

	test("shows the claims also of a widget whose settings are not known", async () => {
		const input = jwt.sign({ iss: "t_1", sub: "u_1", exp: soon() }, hilalSecret);
		const { exitCode, stdout } = await runCli(["verify", "onpilot", "--json"], { input });
		expect(exitCode).toBe(1);
		const { claims } = JSON.parse(stdout) as { claims: { name: string; verdict: string; expected: string }[] };
		expect(claims.find(({ name }) => name === "iss")).toMatchObject({
			verdict: "unjudged",
			expected: expect.stringContaining("not set here"),
		});
		expect(claims.find(({ name }) => name === "copilot_id")).toMatchObject({ verdict: "missing" });
	});

	test("names what else would do where one of several claims is enough", async () => {
		const { stdout: contract } = await runCli(["show", "hilal", "--json"]);
		const { claims, ...rest } = JSON.parse(contract) as { claims: Record<string, object> };
		const own = { ...rest, id: "mine", claims: { ...claims, name: { from: "identity", field: "name" } }, oneOf: [["email", "name"]] };
		const cwd = createFolder({ "mine.json": JSON.stringify(own) });
		const input = jwt.sign({ sub: "u_1", exp: soon() }, hilalSecret);
		const { stdout } = await runCli(["verify", "./mine.json", "--json"], { cwd, env, input });
		const judged = (JSON.parse(stdout) as { claims: { name: string; verdict: string; expected: string }[] }).claims;
		expect(judged.find(({ name }) => name === "email")).toMatchObject({
			verdict: "missing",
			expected: expect.stringMatching(/, or name$/),
		});
		expect(judged.find(({ name }) => name === "name")).toMatchObject({ verdict: "absent" });
	});

	test("does not let a claim write on the terminal", async () => {
		const nasty = "\u001b[2J\u202e\u009b31mAda\r\n✓ verified";
		const input = jwt.sign({ sub: nasty, [`x${nasty}`]: 1, exp: soon() }, "another-secret-of-another-party-0123456789");
		for (const more of [[], ["--json"]]) {
			const { stdout } = await runCli(["verify", "hilal", ...more], { env, input });
			for (const mark of ["\u001b", "\u009b", "\u202e", "\r"]) expect(stdout).not.toContain(mark);
			expect(stdout).not.toMatch(/^ *✓ verified/m);
		}
		const { stdout } = await runCli(["verify", "hilal", "--json"], { env, input });
		expect(JSON.parse(stdout)).toMatchObject({ claims: [{ value: nasty }, {}, {}, {}, {}, {}] });
	});

	test.each([["nonsense"], ["a.b"], ["a.b.c"], [""], ["e30.e30."]])(
		"refuses %j as malformed or not signed, without failing",
		async (input) => {
			const { exitCode, stdout } = await runCli(["verify", "hilal", "--json"], { env, input });
			expect(exitCode).toBe(1);
			expect(JSON.parse(stdout)).toMatchObject({ verified: false, code: expect.any(String), remedy: expect.any(String) });
		},
	);

	test("checks the hash of a widget of the scheme hmac, with its identifier", async () => {
		const contract = {
			id: "acme",
			name: "Acme Chat",
			documentation: [],
			scheme: "hmac",
			algorithm: "HS256",
			key: { env: "ACME_SECRET", encoding: "utf8" },
			message: { field: "email", transform: "lowercase" },
		};
		const cwd = createFolder({ "acme.json": JSON.stringify(contract), ".env": `ACME_SECRET=${hilalSecret}\n` });
		const minted = await runCli(["mint", "--contract", "acme.json", ...ada], { cwd });
		expect(minted.stdout).toMatch(/^[0-9a-f]{64}\n$/);
		const verify = async (...args: string[]): Promise<unknown> =>
			JSON.parse((await runCli(["verify", "--contract", "acme.json", "-", "--json", ...args], { cwd, input: minted.stdout })).stdout);
		expect(await verify("--identifier", "ada@example.com")).toMatchObject({ verified: true });
		expect(await verify("--identifier", "grace@example.com")).toMatchObject({ verified: false, code: "signature_invalid" });
		expect(await verify()).toMatchObject({ verified: false, code: "identifier_missing" });
	});
});
