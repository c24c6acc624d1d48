import { networkInterfaces } from "node:os";
import { hilal } from "@widget-token/widgets";
import { describe, expect, test } from "vitest";
import { createSandbox } from "../src/index.ts";
import { askVendor, mintFor, pressKeyButton } from "./tokens.ts";

const get = (url: string, headers: Record<string, string> = {}): Request => new Request(url, { headers });

describe("DNS rebinding", () => {
	test.each([
		"http://attacker.example/",
		"http://127.0.0.1.attacker.example/",
		"http://localhost.attacker.example:4600/",
		"http://192.168.1.5:4600/",
	])("%s gets nothing, though it points here", async (url) => {
		const response = await createSandbox({ env: {} }).fetch(get(url));
		expect(response.status).toBe(421);
		expect(await response.text()).not.toContain("SECRET");
	});

	test("the Host header counts as well as the address", async () => {
		const response = await createSandbox({ env: {} }).fetch(get("http://127.0.0.1:4600/", { host: "attacker.example" }));
		expect(response.status).toBe(421);
	});

	test.each(["http://127.0.0.1:4600/", "http://localhost:4600/", "http://[::1]:4600/", "http://app.localhost:4600/"])(
		"%s is this machine",
		async (url) => {
			expect((await createSandbox({ env: {} }).fetch(get(url))).status).toBe(200);
		},
	);

	test("a host that is named is trusted, and no other", async () => {
		const sandbox = createSandbox({ env: {}, trustedHosts: ["app.test"] });
		expect((await sandbox.fetch(get("https://app.test/"))).status).toBe(200);
		expect((await sandbox.fetch(get("https://evil.app.test/"))).status).toBe(421);
	});
});

describe("other sites", () => {
	test.each([
		["another site's", "https://attacker.example"],
		["another port's", "http://127.0.0.1:3000"],
		["an opaque", "null"],
		["no", null],
	])("%s origin cannot replace or remove a key", async (_, origin) => {
		const sandbox = createSandbox({ env: {} });
		const before = sandbox.env.HILAL_WIDGET_HMAC_SECRET;
		expect((await pressKeyButton(sandbox, "hilal", "key", origin)).status).toBe(403);
		expect((await pressKeyButton(sandbox, "hilal", "key/removal", origin)).status).toBe(403);
		expect(sandbox.env.HILAL_WIDGET_HMAC_SECRET).toBe(before);
	});

	test("only pages of this machine may read what the endpoint answers", async () => {
		const sandbox = createSandbox({ env: {} });
		const token = await mintFor(sandbox, hilal);
		const allow = async (origin: string): Promise<string | null> =>
			(await askVendor(sandbox, "hilal", token, { origin })).headers.get("access-control-allow-origin");
		expect(await allow("http://localhost:3000")).toBe("http://localhost:3000");
		expect(await allow("https://attacker.example")).toBeNull();
		expect(await allow("null")).toBeNull();
		const report = await askVendor(sandbox, "hilal", token);
		const other = await sandbox.fetch(
			get(`http://127.0.0.1:4600/api/verifications/${report.headers.get("sandbox-verification")}`, { origin: "https://attacker.example" }),
		);
		expect(other.headers.get("access-control-allow-origin")).toBeNull();
	});

	test("the pages may not be framed, and their scripts need the nonce of the answer", async () => {
		const sandbox = createSandbox({ env: {} });
		const policies = await Promise.all(
			[1, 2].map(async () => (await sandbox.fetch(get("http://127.0.0.1:4600/"))).headers.get("content-security-policy") ?? ""),
		);
		for (const policy of policies) {
			expect(policy).toContain("frame-ancestors 'none'");
			expect(policy).toMatch(/script-src 'nonce-[^']+';/);
			expect(policy).not.toContain("unsafe");
		}
		expect(policies[0]).not.toBe(policies[1]);
	});
});

test("listens on the loopback address only", async () => {
	const listening = await createSandbox({ env: {} }).listen({ port: 0 });
	try {
		expect((await fetch(listening.url)).status).toBe(200);
		const others = Object.values(networkInterfaces()).flatMap((addresses) =>
			(addresses ?? []).filter(({ internal, family }) => !internal && family === "IPv4"),
		);
		for (const { address } of others) await expect(fetch(`http://${address}:${listening.port}/`)).rejects.toThrow();
	} finally {
		await listening.close();
	}
	await expect(fetch(listening.url)).rejects.toThrow();
});

test("says so when the port is taken", async () => {
	const first = await createSandbox({ env: {} }).listen({ port: 0 });
	await expect(createSandbox({ env: {} }).listen({ port: first.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
	await first.close();
});
