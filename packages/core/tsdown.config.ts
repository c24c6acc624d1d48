import { defineConfig } from "tsdown";

export default defineConfig({
	entry: [
		...["index", "node", "next", "browser", "signing.node", "signing.web"],
		...["verify", "redis", "hono", "express", "verifying.node", "verifying.web"],
	].map((name) => `src/${name}.ts`),
	platform: "neutral",
	// One file for each source file, so that a bundler leaves out what an app does not import.
	unbundle: true,
	dts: true,
	deps: { neverBundle: [/^#/, /^node:/] },
	// One module for each runtime is chosen by the `imports` of package.json, so the shared ones stay apart.
	hash: false,
});
