import { bestChatBot, onPilot } from "@widget-token/widgets";
import { Response as WorkerResponse } from "miniflare";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { mintLike, readPart } from "./recipes/claims.ts";
import { type Deployed, hostOf, type RunningHost } from "./recipes/hosts.ts";
import { createRecipeKeys } from "./recipes/keys.ts";
import { type ProviderScenario, page } from "./recipes/scenario.ts";
import { scenarios } from "./recipes/scenarios.ts";

const contracts = [onPilot, bestChatBot];
const keys = createRecipeKeys(contracts);
const runs = scenarios.flatMap(({ provider, hosts, start }) => hosts.map((host) => ({ provider, host, start })));

describe.each(runs)("$provider on $host", ({ provider, host, start }) => {
	let scenario: ProviderScenario;
	let deployed: RunningHost;
	const network = globalThis.fetch;
	const send: typeof fetch = async (input, init) => {
		const request = new Request(input, init);
		const target = scenario.reroute(new URL(request.url));
		if (target === undefined && !["127.0.0.1", "localhost"].includes(new URL(request.url).hostname))
			throw new TypeError("There is no internet here");
		return network(target === undefined ? request : new Request(target, request));
	};
	beforeAll(async () => {
		scenario = await start();
		vi.stubGlobal("fetch", (input: RequestInfo, init?: RequestInit) => send(input, init));
		// The SDK's requests leave the worker here.
		const outbound = async (request: Request): Promise<unknown> => {
			const body = ["GET", "HEAD"].includes(request.method) ? null : await request.arrayBuffer();
			const response = await send(request.url, { method: request.method, headers: [...request.headers], body }).catch(
				() => new Response(null, { status: 502 }),
			);
			return new WorkerResponse(await response.arrayBuffer(), { status: response.status, headers: [...response.headers] });
		};
		deployed = await hostOf(host).deploy(contracts, { provider }, { ...keys.env, ...scenario.env, ALLOWED_ORIGINS: page }, outbound);
	});
	afterAll(async () => {
		vi.unstubAllGlobals();
		await deployed.close();
		await scenario.close();
	});
	const ask = ({ origin, ask: call }: Deployed, headers: Readonly<Record<string, string>>): Promise<Response> =>
		call(new Request(`${origin}/token`, { headers: { origin: page, ...headers } }));

	test("an outage is not taken for a sign-out", async () => {
		// Before anything else, while no key of the provider's is kept.
		if (scenario.fail === undefined) return expect(scenario.restore).toBeUndefined();
		const complaint = vi.spyOn(console, "error").mockImplementation(() => {});
		const headers = await scenario.signedIn();
		scenario.fail();
		const response = await ask(deployed.of(onPilot), headers);
		scenario.restore?.();
		expect([response.status, response.headers.get("retry-after"), await response.json()]).toEqual([
			503,
			"10",
			expect.objectContaining({ code: "provider_unavailable" }),
		]);
		const credential = Object.values(headers)
			.join()
			.replace(/^Bearer /, "");
		for (const [message] of complaint.mock.calls) expect(message).not.toContain(credential);
		complaint.mockRestore();
	});

	test("the signed-in user's token is that of createMint", async () => {
		const response = await ask(deployed.of(onPilot), await scenario.signedIn());
		const { token } = (await response.json()) as { token: string };
		expect(response.status).toBe(200);
		const payload = readPart(token, 1);
		const options = { role: () => scenario.role };
		const expected = await mintLike({ identity: scenario.identity, options }, onPilot, keys.env, payload.iat as number, "");
		expect({ token: readPart(token, 1) }).toEqual({ token: readPart("token" in expected ? expected.token : "", 1) });
	});

	test("nobody who is signed in gets no token", async () => {
		for (const headers of scenario.signedOut) {
			const response = await ask(deployed.of(onPilot), headers);
			expect([response.status, await response.json()]).toEqual([200, { token: null }]);
		}
	});

	test("an address that is not verified goes nowhere", async () => {
		const headers = await scenario.unverified();
		const required = await ask(deployed.of(bestChatBot), headers);
		expect([required.status, await required.json()]).toEqual([403, expect.objectContaining({ code: "identity_insufficient" })]);
		const optional = await ask(deployed.of(onPilot), headers);
		const { token } = (await optional.json()) as { token: string };
		expect(JSON.stringify(readPart(token, 1))).not.toContain("@");
	});

	test("who proves to be no user gets no token", async () => {
		for (const [reason, headers] of Object.entries(scenario.refused)) {
			const response = await ask(deployed.of(onPilot), await headers());
			expect([reason, response.status, await response.json()]).toEqual([
				reason,
				401,
				expect.objectContaining({ code: "credential_invalid" }),
			]);
		}
	});
});
