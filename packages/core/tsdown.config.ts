import { defineConfig } from "tsdown";

export default defineConfig({
	entry: ["src/index.ts", "src/node.ts", "src/browser.ts", "src/signing.node.ts", "src/signing.web.ts"],
	platform: "neutral",
	dts: true,
	deps: { neverBundle: [/^#/, /^node:/] },
	// One module for each runtime is chosen by the `imports` of package.json, so the shared ones stay apart.
	hash: false,
});
