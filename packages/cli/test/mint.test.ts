import jwt from "jsonwebtoken";
import { describe, expect, test } from "vitest";
import { createFolder, hilalSecret, runCli } from "./run-cli.ts";

const env = { HILAL_WIDGET_HMAC_SECRET: hilalSecret };
const ada = ["--id", "u_1", "--email", "ada@example.com", "--name", "Ada"];

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
		const { token, expiresIn, expiresAt, ...rest } = JSON.parse(stdout) as {
			token: string;
			expiresIn: number;
			expiresAt: number;
			claims: { exp: number };
		};
		expect(jwt.verify(token, hilalSecret)).toEqual(rest.claims);
		expect([expiresIn, expiresAt]).toEqual([60, rest.claims.exp]);
		expect(rest).toMatchObject({
			widget: "hilal",
			scheme: "jwt",
			header: { alg: "HS256", typ: "JWT" },
			keyFrom: "HILAL_WIDGET_HMAC_SECRET",
		});
	});

	test("takes the identity as JSON from a file or from standard input; a flag goes first", async () => {
		const identity = JSON.stringify({ id: "u_2", email: "grace@example.com", emailVerified: true, name: "Grace" });
		const cwd = createFolder({ "grace.json": identity });
		for (const [args, input] of [
			[["--identity", "grace.json"], ""],
			[["--identity", "-"], identity],
		] as const) {
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
		expect(await mint({}, "--claim", 'payload={"company_name":"Analytical Engines"}')).toMatchObject({
			claims: { payload: { company_name: "Analytical Engines" } },
		});
	});

	test.each([
		["no key", ["mint", "jupid", "--id", "u_1"], 3, "secret_missing", /widget-token secret jupid/],
		[
			"no setting",
			["mint", "onpilot", "--id", "u_1", "--secret-env", "HILAL_WIDGET_HMAC_SECRET"],
			3,
			"setting_missing",
			/--setting tenantId=/,
		],
		["no identity", ["mint", "hilal"], 2, "identity_required", /--id u_1/],
		[
			"no e-mail address where one is needed",
			["mint", "bestchatbot", "--id", "u_1", "--secret-env", "HILAL_WIDGET_HMAC_SECRET"],
			3,
			"claim_missing",
			/--email/,
		],
		["a lifetime above the maximum", ["mint", "hilal", "--id", "u_1", "--lifetime", "86401"], 3, "lifetime_invalid", /--lifetime/],
		["a lifetime that is none", ["mint", "hilal", "--id", "u_1", "--lifetime", "1h"], 2, "usage", /./],
		["key and identity from one pipe", ["mint", "hilal", "--identity", "-", "--secret-stdin"], 2, "usage", /file/],
	])("says what to do about %s", async (_, args, status, code, remedy) => {
		const { exitCode, stdout } = await runCli([...args, "--json"], { env });
		expect(exitCode).toBe(status);
		const { error } = JSON.parse(stdout) as { error: { code: string; remedy: string } };
		expect(error.code).toBe(code);
		expect(error.remedy).toMatch(remedy);
	});
});
