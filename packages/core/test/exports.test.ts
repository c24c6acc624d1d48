import { readFile } from "node:fs/promises";
import * as core from "@widget-token/core";
import * as node from "@widget-token/core/node";
import { describe, expect, it } from "vitest";

describe("the public entries", () => {
	it("export what is documented, and nothing else", () => {
		expect(Object.keys(core).sort()).toEqual([
			"Secret",
			"WidgetTokenError",
			"algorithms",
			"createMint",
			"createTokenHandler",
			"defineContract",
			"errorCodes",
			"identityLimits",
			"maximumTokenBytes",
			"sealContract",
		]);
		expect(Object.keys(node).sort()).toEqual(["toNodeHandler", "withNodeRequest"]);
	});

	it("send browsers to a module that throws, after the server runtimes that look like one", async () => {
		const { exports } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as {
			exports: Record<string, string | Record<string, string>>;
		};
		for (const [entry, conditions] of Object.entries(exports)) {
			// It reads a text of a contract's delivery, and is the same everywhere.
			if (typeof conditions === "string" || entry === "./reference") continue;
			const names = Object.keys(conditions);
			expect(names[0], entry).toBe("types");
			expect(conditions["browser"], entry).toBe("./dist/browser.js");
			for (const server of ["workerd", "edge-light", "node"]) expect(names.indexOf(server), entry).toBeLessThan(names.indexOf("browser"));
			expect(names.at(-1), entry).toBe("default");
		}
	});
});
