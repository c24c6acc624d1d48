import { createPublicKey, createSecretKey } from "node:crypto";
import { type SupabaseStandIn, startSupabaseStandIn } from "@widget-token/test-kit/backends/supabase-standin";
import { describeProvider } from "@widget-token/test-kit/provider-suite";
import { fiveWidgets } from "@widget-token/test-kit/widget-keys";
import { jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearer, confirmed, keys } from "./asking.ts";
import { supabaseFixtures } from "./fixtures.ts";
import { type RunningEdgeFunction, startEdgeFunction } from "./running-edge-function.ts";

const way = { credential: "bearer", mode: "getUser", algorithm: "ES256" } as const;

describeProvider(
	supabaseFixtures(way, "supabase (apps/supabase-edge in Deno)", async (_way, backend, { keys: { env } }) => ({
		...(await startEdgeFunction(backend, env)),
		patient: fetch,
		impatient: fetch,
	})),
);

describe("apps/supabase-edge in Deno", () => {
	let backend: SupabaseStandIn;
	let running: RunningEdgeFunction;
	beforeAll(async () => {
		backend = await startSupabaseStandIn();
		running = await startEdgeFunction(backend, keys.env);
	});
	afterAll(async () => {
		await running?.close();
		await backend.close();
	});

	it("gives a user of the five widgets a token for each, by GET and by POST", async () => {
		const ada = backend.createUser({ email: "ada@example.com", email_confirmed_at: confirmed, app_metadata: { role: "admin" } });
		const { access_token } = await backend.signIn(ada);
		for (const contract of fiveWidgets) {
			const text = keys.verificationKey(contract);
			const key = contract.algorithm === "RS256" ? createPublicKey(text) : createSecretKey(Buffer.from(text));
			for (const method of ["GET", "POST"]) {
				const response = await fetch(`${running.address}?widget=${contract.id}`, {
					method,
					headers: { accept: "application/json", ...bearer(access_token) },
				});
				expect(response.status).toBe(200);
				const { token } = (await response.json()) as { token: string };
				const { payload } = await jwtVerify(token, key, { algorithms: [contract.algorithm] });
				expect(payload["email"]).toBe("ada@example.com");
			}
		}
		expect(running.output()).not.toContain(access_token);
	});

	it("takes the role from app_metadata, and none from user_metadata", async () => {
		const { access_token } = await backend.signIn(backend.createUser({ user_metadata: { role: "admin" } }));
		const refused = await fetch(`${running.address}?widget=customgpt`, { headers: bearer(access_token) });
		expect(await refused.json()).toMatchObject({ status: 403, code: "role_missing" });
	});

	it("answers the preflight of its app while Supabase is down", async () => {
		backend.fail("down");
		const headers = {
			origin: "https://app.example.com",
			"access-control-request-method": "POST",
			"access-control-request-headers": "authorization, apikey",
		};
		const answer = await fetch(running.address, { method: "OPTIONS", headers });
		expect(answer.status).toBe(204);
		expect(answer.headers.get("access-control-allow-headers")).toContain("apikey");
		backend.restore();
	});
});
