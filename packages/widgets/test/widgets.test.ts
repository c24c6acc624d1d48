import { createPrivateKey, createPublicKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Contract, createMint, defineContract, type Identity, type MintOptions } from "@widget-token/core";
import { createVerify } from "@widget-token/core/verify";
import * as widgets from "@widget-token/widgets";
import jwt from "jsonwebtoken";
import { describe, expect, it } from "vitest";

const { bestChatBot, customGpt, hilal, jupid, onPilot } = widgets;
const all: readonly Contract[] = [onPilot, bestChatBot, hilal, jupid, customGpt];

const { key } = JSON.parse(await readFile(new URL("../vectors/customgpt.json", import.meta.url), "utf8")) as {
	key: { privateKey: string };
};
const env: Record<string, string> = {
	ONPILOT_EMBED_SECRET: "onpilot-b7e3904c5f6a1d82-throw-away",
	ONPILOT_TENANT_ID: "tenant_1",
	ONPILOT_COPILOT_ID: "copilot_1",
	BESTCHATBOT_SIGNING_KEY: "bestchatbot-4e81c0d7a25f9b36-throw-away",
	HILAL_WIDGET_HMAC_SECRET: "8f3a5c7e9b1d2f4060718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7",
	JUPID_EMBED_SECRET: "jupid-96d0b2f71ce84a35-throw-away",
	JUPID_EMBED_PARTNER_ID: "partner_1",
	CUSTOMGPT_PRIVATE_KEY: key.privateKey,
};
const ada: Identity = {
	id: "u_1",
	provider: "my-app",
	email: "Ada@Example.com",
	emailVerified: true,
	name: "Ada",
	roles: ["Support Team"],
};

async function claimsOf(contract: Contract, options: MintOptions = {}, identity: Identity = ada): Promise<jwt.JwtPayload> {
	const role = contract === customGpt ? { role: () => ["Support Team"] } : {};
	const { token } = await createMint(contract, { env, ...role, ...options })(identity);
	const verifyingKey = contract === customGpt ? createPublicKey(key.privateKey) : (env[contract.key.env] as string);
	return jwt.verify(token, verifyingKey, { algorithms: [contract.algorithm as jwt.Algorithm] }) as jwt.JwtPayload;
}

describe("the five contracts", () => {
	it("are the exports of the package, under the documented ids", () => {
		expect(Object.fromEntries(Object.entries(widgets).map(([name, { id }]) => [name, id]))).toEqual({
			onPilot: "onpilot",
			bestChatBot: "bestchatbot",
			hilal: "hilal",
			jupid: "jupid",
			customGpt: "customgpt",
		});
	});

	it.each([
		[onPilot, "HS256", "ONPILOT_EMBED_SECRET", 3600],
		[bestChatBot, "HS256", "BESTCHATBOT_SIGNING_KEY", 3600],
		[hilal, "HS256", "HILAL_WIDGET_HMAC_SECRET", 3600],
		[jupid, "HS256", "JUPID_EMBED_SECRET", 300],
		[customGpt, "RS256", "CUSTOMGPT_PRIVATE_KEY", 600],
	] as const)("have the vendor's algorithm, variable and lifetimes: %#", async (contract, algorithm, variable, seconds) => {
		expect(contract).toMatchObject({
			algorithm,
			key: { env: variable },
			lifetime: { defaultSeconds: seconds, advisedMaximumSeconds: seconds, maximumSeconds: 86_400 },
		});
		const { iat, exp } = (await claimsOf(contract)) as { iat: number; exp: number };
		expect(exp - iat).toBe(seconds);
		expect(((await claimsOf(contract, { lifetimeSeconds: 86_400 })).exp ?? 0) - iat).toBeGreaterThanOrEqual(86_400);
		expect(() => createMint(contract, { env, role: undefined, lifetimeSeconds: 86_401 })).toThrow(
			expect.objectContaining({ code: "lifetime_invalid" }),
		);
	});

	it.each(all.map((contract) => [contract.id, contract] as const))("are plain frozen data that cites its page: %s", (_, contract) => {
		expect(contract.documentation.length).toBeGreaterThan(0);
		for (const page of contract.documentation) expect(new URL(page).protocol).toBe("https:");
		const copy = JSON.parse(JSON.stringify(contract)) as unknown;
		expect(copy).toEqual(contract);
		expect(defineContract(copy)).toEqual(contract);
		expect(Object.isFrozen(contract)).toBe(true);
	});

	it.each(all.map((contract) => [contract.id, contract] as const))("cannot have a claim of theirs overridden: %s", (_, contract) => {
		const role = contract === customGpt ? { role: () => "a" } : {};
		for (const [name, rule] of Object.entries((contract as { claims: Record<string, { from: string }> }).claims)) {
			if (rule.from === "custom") continue;
			expect(() => createMint(contract, { env, ...role, claims: { [name]: "mine" } }), name).toThrow(
				expect.objectContaining({ code: "claim_reserved" }),
			);
		}
	});

	it.each(all.map((contract) => [contract.id, contract] as const))("let a verified address be demanded: %s", async (_, contract) => {
		await expect(claimsOf(contract, { requireVerifiedEmail: true }, { ...ada, emailVerified: false })).rejects.toMatchObject({
			code: "email_unverified",
		});
		expect(await claimsOf(contract, { allowUnverifiedEmail: true }, { ...ada, emailVerified: false })).toHaveProperty("email");
	});
});

describe("a token that is signed by the vendor's recipe", () => {
	const seconds = Math.floor(Date.now() / 1000);
	const codeFor = async (contract: Contract, claims: object): Promise<string> => {
		const signingKey = env[contract.key.env] as string;
		const token = jwt.sign(claims, signingKey, { algorithm: contract.algorithm as jwt.Algorithm, noTimestamp: !("iat" in claims) });
		const result = await createVerify(contract, { env })(token);
		return result.verified ? "verified" : `${result.code} ${result.claim}`;
	};

	// What Hilal's page has in Python: no `iat`, which PyJWT does not add either.
	it("verifies: Hilal Chatbot, Python", async () => {
		const user = { id: "u_1", full_name: "Ada Lovelace", email: "ada@example.com" };
		const claims = { sub: user.id, name: user.full_name, email: user.email, exp: seconds + 3600 };
		expect(await codeFor(hilal, claims)).toBe("verified");
	});

	it.each([
		[onPilot, { iss: "tenant_1", sub: "u_1", copilot_id: "copilot_1", exp: seconds + 3600 }],
		[bestChatBot, { email: "ada@example.com", exp: seconds + 3600 }],
		[hilal, { sub: "u_1", exp: seconds + 3600 }],
		[customGpt, { roles: "Accounting Team, Support Team", exp: seconds + 600 }],
	] as const)("verifies with what the page requires, and never without an end: %#", async (contract, claims) => {
		expect(await codeFor(contract, claims)).toBe("verified");
		expect(await codeFor(contract, { ...claims, iat: seconds })).toBe("verified");
		expect(await codeFor(contract, { ...claims, exp: seconds + 86_400 + 60 })).toBe("lifetime_too_long exp");
		const { exp: _, ...withoutEnd } = claims;
		expect(await codeFor(contract, { ...withoutEnd, iat: seconds })).toBe("claim_missing exp");
	});

	it("is refused without the time of issue where the page requires it: Jupid Embed", async () => {
		const claims = { iss: "partner_1", aud: "jupid-embed", sub: "u_1", exp: seconds + 300, jti: "1b4e28ba-2fa1-4d3b-883f-0016d3cca427" };
		expect(await codeFor(jupid, claims)).toBe("claim_missing iat");
		expect(await codeFor(jupid, { ...claims, iat: seconds })).toBe("verified");
	});

	it.each(all.map((contract) => [contract.id, contract] as const))("is minted here with the time of issue: %s", async (_, contract) => {
		expect(Math.abs(((await claimsOf(contract)).iat ?? 0) - seconds)).toBeLessThan(3600);
	});
});

describe("OnPilot", () => {
	it("knows the roles admin and user, and none by default", async () => {
		expect(await claimsOf(onPilot)).not.toHaveProperty("role");
		for (const role of ["admin", "user"]) expect(await claimsOf(onPilot, { role: () => role })).toMatchObject({ role });
		await expect(claimsOf(onPilot, { role: () => "Support Team" })).rejects.toMatchObject({ code: "claim_invalid" });
	});
});

describe("Hilal Chatbot", () => {
	it("uses the 64 hexadecimal characters as text", async () => {
		const { token } = await createMint(hilal, { env })(ada);
		const secret = env["HILAL_WIDGET_HMAC_SECRET"] as string;
		expect(jwt.verify(token, Buffer.from(secret, "utf8"))).toMatchObject({ sub: "u_1" });
		expect(() => jwt.verify(token, Buffer.from(secret, "hex"))).toThrow("invalid signature");
	});
});

describe("Jupid Embed", () => {
	it("sends a new jti each time, and a free-form payload from identity and raw user", async () => {
		const [first, second] = [await claimsOf(jupid), await claimsOf(jupid)];
		expect(first.jti).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
		expect(second.jti).not.toBe(first.jti);
		expect(first).toMatchObject({ iss: "partner_1", aud: "jupid-embed" });
		const claims = {
			payload: (identity: Identity, user: unknown) => ({ company_name: (user as { company: string }).company, id: identity.id }),
		};
		expect(await claimsOf(jupid, { claims }, { ...ada, user: { company: "Example Ltd" } })).toMatchObject({
			payload: { company_name: "Example Ltd", id: "u_1" },
		});
		expect(await claimsOf(jupid, { env: { ...env, JUPID_EMBED_AUDIENCE: "jupid-staging" } })).toMatchObject({ aud: "jupid-staging" });
	});
});

describe("CustomGPT.ai", () => {
	it("requires a role mapping when it is created", () => {
		expect(() => createMint(customGpt, { env })).toThrow(expect.objectContaining({ code: "role_unmapped" }));
	});

	it("takes the role as an array or comma-separated, under the configured name", async () => {
		expect(await claimsOf(customGpt, { role: () => "Accounting Team, Support Team" })).toMatchObject({
			roles: "Accounting Team, Support Team",
		});
		expect(await claimsOf(customGpt, { role: ({ roles }) => roles })).toMatchObject({ roles: ["Support Team"] });
		const renamed = await claimsOf(customGpt, { env: { ...env, CUSTOMGPT_ROLE_CLAIM: "groups" } });
		expect(renamed).toMatchObject({ groups: ["Support Team"] });
		expect(renamed).not.toHaveProperty("roles");
	});

	it("knows the user by email, upn or preferred_username", async () => {
		expect(await claimsOf(customGpt)).toMatchObject({ email: "Ada@Example.com" });
		const { email: _, ...withoutEmail } = ada;
		const claims = await claimsOf(customGpt, { claims: { upn: "ada@corp.example.com", preferred_username: ({ id }) => id } }, withoutEmail);
		expect(claims).toMatchObject({ upn: "ada@corp.example.com", preferred_username: "u_1" });
		expect(claims).not.toHaveProperty("email");
	});

	it("takes the private key in PKCS#8, PKCS#1, and either on one line with \\n", async () => {
		const privateKey = createPrivateKey(key.privateKey);
		for (const type of ["pkcs8", "pkcs1"] as const) {
			const pem = privateKey.export({ type, format: "pem" }) as string;
			for (const text of [pem, pem.trim(), pem.replaceAll("\n", "\\n"), Buffer.from(pem).toString("base64")]) {
				expect(await claimsOf(customGpt, { env: { ...env, CUSTOMGPT_PRIVATE_KEY: text } })).toMatchObject({ roles: ["Support Team"] });
			}
		}
		await expect(
			claimsOf(customGpt, { env: { ...env, CUSTOMGPT_PRIVATE_KEY: "a-shared-secret-instead-of-a-private-key" } }),
		).rejects.toMatchObject({ code: "secret_invalid" });
	});
});
