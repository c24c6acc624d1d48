import { defineConfig } from "tsdown";

export default defineConfig({
	entry: ["src/index.ts", "src/pages.ts", "src/express.ts", "src/browser.ts"],
	platform: "neutral",
	dts: true,
	deps: { neverBundle: [/^node:/] },
	hash: false,
});
