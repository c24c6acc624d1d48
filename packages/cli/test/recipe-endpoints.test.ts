import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Contract } from "@widget-token/core";
import { createVerify } from "@widget-token/core/verify";
import * as widgets from "@widget-token/widgets";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { mintLike, readPart } from "./recipes/claims.ts";
import { unusualContracts } from "./recipes/contracts.ts";
import { type Deployed, hostOf } from "./recipes/hosts.ts";
import { createRecipeKeys } from "./recipes/keys.ts";
import { readAnswer, tokenVisitor } from "./recipes/token-visitor.ts";

// The claims of an ID token that the recipe reads hold no organization; the contract that cannot do without has one of another name.
const contracts: readonly Contract[] = [...Object.values(widgets), ...unusualContracts];
const keys = createRecipeKeys(contracts);
const page = "https://www.example.com";
const clientId = "client";

let provider: Server;
let address: string;
let isDown = false;
let sign: (claims: JWTPayload) => Promise<string>;
let forge: (claims: JWTPayload) => Promise<string>;

beforeAll(async () => {
	const [own, other] = await Promise.all([generateKeyPair("RS256"), generateKeyPair("RS256")]);
	const jwks = { keys: [{ ...(await exportJWK(own.publicKey)), kid: "one", alg: "RS256", use: "sig" }] };
	provider = createServer(
		(_, response) =>
			void response.writeHead(isDown ? 503 : 200, { "content-type": "application/json" }).end(isDown ? "{}" : JSON.stringify(jwks)),
	);
	await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
	address = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
	const signer = (key: CryptoKey) => (claims: JWTPayload) =>
		new SignJWT({ iss: address, aud: clientId, sub: "u_1", ...claims })
			.setProtectedHeader({ alg: "RS256", kid: "one" })
			.setIssuedAt()
			.setExpirationTime("5m")
			.sign(key);
	sign = signer(own.privateKey);
	forge = signer(other.privateKey);
});
afterAll(() => provider.close());

describe.each(["cloudflare-worker", "vercel-function", "aws-lambda"])("%s", (name) => {
	let deployed: { of: (contract: Contract) => Deployed; close: () => Promise<void> };
	beforeAll(async () => {
		const env = {
			...keys.env,
			OIDC_ISSUER: address,
			OIDC_CLIENT_ID: clientId,
			OIDC_JWKS_URI: `${address}/jwks`,
			ALLOWED_ORIGINS: ` ${page}, https://app.example.com`,
		};
		deployed = await hostOf(name).deploy(contracts, {}, env);
	});
	afterAll(() => deployed.close());
	const ask = (contract: Contract, token: string | undefined, init: RequestInit = {}): Promise<Response> => {
		const headers = { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...init.headers };
		const { origin, ask } = deployed.of(contract);
		return ask(new Request(`${origin}/token`, { ...init, headers }));
	};

	test.each(contracts)("$id: the token of the provider's user, with the claims of createMint", async (contract) => {
		for (const emailVerified of [true, false]) {
			const { claims, identity, options } = tokenVisitor(contract, emailVerified);
			const response = await ask(contract, await sign(claims), { headers: { origin: page } });
			expect(response.headers.get("cache-control")).toBe("private, no-store, max-age=0");
			expect(response.headers.get("access-control-allow-origin")).toBe(page);
			const probe = await mintLike({ identity, options }, contract, keys.env, 1, "");
			if ("code" in probe) {
				expect([response.status, await response.json()]).toEqual([403, expect.objectContaining({ code: "identity_insufficient" })]);
				continue;
			}
			expect(response.status).toBe(200);
			const { token, expiresIn } = await readAnswer(response, contract);
			const lifetime = contract.scheme === "jwt" ? contract.lifetime.defaultSeconds : undefined;
			if (contract.delivery?.endpoint?.response.format !== "text") expect(expiresIn).toBe(lifetime);
			if (contract.scheme === "hmac") {
				expect({ token }).toEqual(probe);
				continue;
			}
			const verdict = await createVerify(contract, { secret: keys.verificationKey(contract), env: keys.env })(token);
			expect(verdict).toMatchObject({ verified: true });
			const payload = readPart(token, 1);
			const expected = await mintLike(
				{ identity, options },
				contract,
				keys.env,
				(payload.exp as number) - (lifetime ?? 0),
				String(payload.jti),
			);
			expect(payload).toEqual(readPart("token" in expected ? expected.token : "", 1));
		}
	});

	test("nobody who is signed in gets no token, and a forged or foreign one is refused", async () => {
		const contract = widgets.hilal;
		const anonymous = await ask(contract, undefined);
		expect([anonymous.status, await anonymous.json()]).toEqual([200, { token: null }]);
		const { claims } = tokenVisitor(contract, true);
		const refused = [
			await forge(claims),
			await sign({ ...claims, aud: "another" }),
			await sign({ ...claims, iss: "https://evil.example" }),
			await sign({ ...claims, act: { sub: "support" } }),
			"nonsense",
			`${(await sign(claims)).slice(0, -9)}AAAAAAAA`,
		];
		for (const token of refused) {
			const response = await ask(contract, token);
			expect([response.status, await response.json()]).toEqual([401, expect.objectContaining({ code: "credential_invalid" })]);
		}
		const basic = await ask(contract, undefined, { headers: { authorization: "Basic dTpw" } });
		expect(basic.status).toBe(401);
	});

	test("an endpoint that answers with the bare token says by its status that nobody is signed in", async () => {
		const response = await ask(widgets.customGpt, undefined);
		expect([response.status, await response.json()]).toEqual([401, expect.objectContaining({ code: "not_signed_in" })]);
	});

	test("pages of other sites are refused, and preflights of listed ones answered", async () => {
		const contract = widgets.hilal;
		const { claims } = tokenVisitor(contract, true);
		for (const headers of [
			{ origin: "https://evil.example" },
			{ origin: "null" },
			{ "sec-fetch-site": "cross-site" },
			{ origin: "https://www.example.com.evil.example" },
		]) {
			const response = await ask(contract, await sign(claims), { headers });
			expect(response.status).toBe(403);
			expect(response.headers.get("access-control-allow-origin")).toBeNull();
		}
		for (const headers of [{ origin: deployed.of(contract).origin }, { "sec-fetch-site": "same-origin", origin: "http://internal" }, {}]) {
			expect((await ask(contract, await sign(claims), { method: "POST", headers })).status).toBe(200);
		}
		const preflight = await ask(contract, undefined, {
			method: "OPTIONS",
			headers: { origin: page, "access-control-request-headers": "authorization" },
		});
		expect(preflight.status).toBe(204);
		expect(preflight.headers.get("access-control-allow-headers")).toContain("Authorization");
		expect((await ask(contract, undefined, { method: "OPTIONS", headers: { origin: "https://evil.example" } })).status).toBe(403);
		expect((await ask(contract, undefined, { method: "DELETE" })).status).toBe(405);
	});
});

test.each(["cloudflare-worker", "vercel-function", "aws-lambda"])(
	"%s: neither an outage of the provider nor a missing key reads as signed out",
	async (name) => {
		const contract = widgets.hilal;
		const { claims } = tokenVisitor(contract, true);
		const env = { OIDC_ISSUER: address, OIDC_CLIENT_ID: clientId, OIDC_JWKS_URI: `${address}/jwks` };
		const deployed = await hostOf(name).deploy([contract], {}, env);
		const request = async (): Promise<Response> =>
			deployed
				.of(contract)
				.ask(new Request(`${deployed.of(contract).origin}/token`, { headers: { authorization: `Bearer ${await sign(claims)}` } }));
		// A worker's console is Miniflare's.
		const complaint = vi.spyOn(console, "error").mockImplementation(() => {});
		try {
			isDown = true;
			const outage = await request();
			expect([outage.status, outage.headers.get("retry-after"), await outage.json()]).toEqual([
				503,
				"10",
				expect.objectContaining({ code: "provider_unavailable" }),
			]);
			isDown = false;
			const keyless = await request();
			expect([keyless.status, await keyless.json()]).toEqual([
				500,
				{ title: expect.any(String), status: 500, code: "internal_error", remedy: expect.any(String) },
			]);
			// What the log is told says what is missing, and holds neither the credential nor anything of the user.
			for (const [message] of complaint.mock.calls) expect(message).not.toMatch(/Bearer|eyJ|ada@/i);
		} finally {
			complaint.mockRestore();
			isDown = false;
			await deployed.close();
		}
	},
);
