import { defineConfig } from "tsdown";

export default defineConfig({
	entry: ["src/main.ts"],
	platform: "node",
	target: "node20.9",
	dts: false,
	hash: false,
	fixedExtension: false,
	deps: { alwaysBundle: ["@widget-token/sandbox/invisible"] },
});
