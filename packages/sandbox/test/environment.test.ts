import { hilal, onPilot } from "@widget-token/widgets";
import { describe, expect, test } from "vitest";
import { createSandbox } from "../src/index.ts";
import { askVendor, getPage, mintFor } from "./tokens.ts";

describe("keys", () => {
	test("are new for each sandbox", () => {
		const [one, other] = [createSandbox({ env: {} }).env, createSandbox({ env: {} }).env];
		expect(one.HILAL_WIDGET_HMAC_SECRET).toMatch(/^[0-9a-f]{64}$/);
		expect(one.HILAL_WIDGET_HMAC_SECRET).not.toBe(other.HILAL_WIDGET_HMAC_SECRET);
		expect(one.CUSTOMGPT_PRIVATE_KEY).toContain("-----BEGIN PRIVATE KEY-----");
	});

	test("are taken from the variables that the contracts name, and then never shown", async () => {
		const key = "0123456789abcdef".repeat(4);
		const sandbox = createSandbox({ env: { HILAL_WIDGET_HMAC_SECRET: key, ONPILOT_TENANT_ID: "tenant-of-mine" } });
		expect(sandbox.env).toMatchObject({ HILAL_WIDGET_HMAC_SECRET: key, ONPILOT_TENANT_ID: "tenant-of-mine" });
		expect(sandbox.environmentLines.join("\n")).not.toContain(key);
		expect(sandbox.environmentLines).toContain("# HILAL_WIDGET_HMAC_SECRET is set already, and the sandbox uses it");
		expect(await getPage(sandbox, "/")).not.toContain(key);
		const token = await mintFor(sandbox, hilal, undefined, { secret: key });
		expect(await (await askVendor(sandbox, "hilal", token)).json()).toMatchObject({ verified: true });
	});

	test("that cannot be used are named by the mistake, as a problem and not as the visitor's fault", async () => {
		const sandbox = createSandbox({ env: { HILAL_WIDGET_HMAC_SECRET: "changeme" } });
		const response = await askVendor(sandbox, "hilal", await mintFor(createSandbox({ env: {} }), hilal));
		expect(response.status).toBe(500);
		expect(await response.json()).toMatchObject({ code: "secret_placeholder" });
	});
});

test("a setting that holds markup ends no script of a page", async () => {
	const sandbox = createSandbox({ env: { JUPID_EMBED_PARTNER_ID: "</script><img src=x>" } });
	for (const path of ["/", "/widgets/jupid", "/widgets/jupid/try"]) expect(await getPage(sandbox, path)).not.toContain("<img");
	expect(await getPage(sandbox, "/widgets/jupid/try")).toContain("\\u003c/script>");
});

test("the lines can be pasted into an .env file", () => {
	const sandbox = createSandbox({ env: {} });
	const parsed = Object.fromEntries(
		sandbox.environmentLines
			.filter((line) => !line.startsWith("#"))
			.map((line) => {
				const [name = "", value = ""] = [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)];
				return [name, value.startsWith('"') ? (JSON.parse(value) as string) : value];
			}),
	);
	expect(parsed).toEqual({ ...sandbox.env, CUSTOMGPT_PRIVATE_KEY: sandbox.env.CUSTOMGPT_PRIVATE_KEY?.trim() });
	expect(parsed).toMatchObject({ ONPILOT_TENANT_ID: "onpilot-tenant-id", JUPID_EMBED_AUDIENCE: "jupid-embed" });
});

describe("options", () => {
	test.each([
		["two of the same id", { contracts: [hilal, hilal] }, "names hilal twice"],
		["none at all", { contracts: [] }, "is empty"],
		["an id that the sandbox needs", { contracts: [{ ...hilal, id: "assets" }] }, "needs the id assets"],
		["roles of a widget that is not there", { contracts: [onPilot], knownRoles: { hilal: ["a"] } }, "`knownRoles` names hilal"],
	])("%s are refused", (_, options, message) => {
		expect(() => createSandbox({ env: {}, ...options })).toThrow(message);
	});

	test("an unknown widget has no key to regenerate or to remove", () => {
		expect(() => createSandbox({ env: {} }).regenerate("nobody")).toThrow(RangeError);
		expect(() => createSandbox({ env: {} }).removeKey("nobody")).toThrow(RangeError);
	});
});
