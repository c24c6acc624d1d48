import { gzipSync } from "node:zlib";
import type { DeliveryCall, DeliveryEmbed, WidgetContract } from "@widget-token/client";
import type { Contract, DeliveryCall as CoreCall, DeliveryEmbed as CoreEmbed, Delivery } from "@widget-token/core";
import * as contracts from "@widget-token/widgets";
import * as inBrowser from "@widget-token/widgets/browser";
import { build, type Metafile } from "esbuild";
import { describe, expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };

interface Bundle {
	readonly code: string;
	/** Bytes, as gzip sends them. */
	readonly size: number;
	readonly files: readonly string[];
}

/** Bundles what an app's own module would import, as its bundler does for browsers. */
async function bundleFor(platform: "browser" | "node", source: string): Promise<Bundle> {
	const { outputFiles, metafile } = await build({
		stdin: { contents: source, resolveDir: import.meta.dirname, loader: "ts" },
		bundle: true,
		minify: true,
		write: false,
		metafile: true,
		format: "esm",
		target: "es2022",
		platform,
		external: ["node:*", "react"],
		conditions: ["@widget-token/source"],
		logLevel: "error",
	});
	const code = outputFiles[0]?.text ?? "";
	return {
		code,
		size: gzipSync(code, { level: 9 }).length,
		files: Object.keys((metafile as Metafile).inputs).filter((file) => file !== "<stdin>"),
	};
}

const session = 'import { createTokenSession } from "@widget-token/client"; globalThis.app = [createTokenSession];';
const withWidget = (widget: string, from = "@widget-token/widgets/browser"): string =>
	`import { createTokenSession, mountWidget } from "@widget-token/client"; import { ${widget} } from "${from}"; globalThis.app = [createTokenSession, mountWidget, ${widget}];`;

/** What only a server has: keys, their names, signing, what is thrown and imported there. */
const serverOnly = [
	...Object.values(contracts).map(({ key }) => key.env),
	"createHmac",
	"jose",
	"subtle",
	"node:",
	"HS256",
	"RS256",
	"WidgetTokenError",
	"contract_invalid",
	"expirationTime",
];

describe("what a page loads", () => {
	it("is at most 2.5 kB for the session", async () => {
		const { size, files } = await bundleFor("browser", session);
		expect(size).toBeLessThanOrEqual(2500);
		expect(files.every((file) => file.includes("client/src/"))).toBe(true);
	});

	it.each(Object.keys(inBrowser).filter((name) => name !== "customGpt"))(
		"is at most 3.5 kB for the session and one widget: %s",
		async (widget) => {
			expect((await bundleFor("browser", withWidget(widget))).size).toBeLessThanOrEqual(3500);
		},
	);

	it("holds the data of no other widget", async () => {
		const { code } = await bundleFor("browser", withWidget("bestChatBot"));
		expect(code).toContain("BestChatBot");
		expect(code).not.toMatch(/onpilot|hilal|jupid|customgpt/i);
		expect((await bundleFor("browser", withWidget("customGptLiveChat"))).code).not.toMatch(/CustomGPTEmbed|AiAssistant/);
	});

	it.each([
		["the session", session],
		[
			"every widget",
			'import * as client from "@widget-token/client"; import * as widgets from "@widget-token/widgets/browser"; globalThis.app = [client, widgets];',
		],
		[
			"every widget, imported as on a server",
			'import * as client from "@widget-token/client"; import * as widgets from "@widget-token/widgets"; globalThis.app = [client, widgets];',
		],
		["React", 'import * as react from "@widget-token/client/react"; globalThis.app = react;'],
	])("holds nothing that only a server has: %s", async (_, source) => {
		const { code, files } = await bundleFor("browser", source);
		for (const text of serverOnly) expect(code, text).not.toContain(text);
		expect(files.filter((file) => /core\/src|jose/.test(file))).toEqual([]);
	});

	it("would be seen to, if it did", async () => {
		const { code } = await bundleFor(
			"node",
			'import * as core from "@widget-token/core"; import * as widgets from "@widget-token/widgets"; globalThis.app = [core, widgets];',
		);
		for (const text of serverOnly) expect(code.includes(text), text).toBe(true);
	});

	it("needs no other package", () => {
		expect(manifest).not.toHaveProperty("dependencies");
		expect(Object.keys(manifest.peerDependencies)).toEqual(["react"]);
		expect(manifest.peerDependenciesMeta.react.optional).toBe(true);
	});
});

describe("the data for browsers", () => {
	it.each(Object.values(contracts).map((contract) => [contract.id, contract] as const))("is that of the contract: %s", (id, contract) => {
		const same = Object.values(inBrowser).find(
			(each) => each.id === id && Object.keys(each.delivery.embeds).length === Object.keys(contract.delivery?.embeds ?? {}).length,
		);
		expect(same?.delivery.embeds).toEqual(contract.delivery?.embeds);
	});

	it("is read by the client just as the core describes it", () => {
		// The client depends on no other package, so it describes the data again; the compiler holds the two together.
		const members: Record<keyof CoreEmbed | keyof DeliveryEmbed, true> = {
			script: true,
			start: true,
			deliver: true,
			clear: true,
			refresh: true,
			anonymous: true,
		};
		const embedMembers: Record<keyof CoreEmbed, true> & Record<keyof DeliveryEmbed, true> = members;
		const call: Record<keyof CoreCall, true> & Record<keyof DeliveryCall, true> = { on: true, call: true, with: true };
		const contract: Contract = contracts.bestChatBot;
		const whole: WidgetContract = contract;
		const delivery: WidgetContract["delivery"] & object = contract.delivery as Delivery;
		expect([embedMembers, call, whole.id, delivery.embeds["default"]?.anonymous]).toBeDefined();
	});
});
