import type { UserConfig } from "tsdown";

const config: UserConfig = {
	entry: [
		...["index", "node", "next", "browser", "contract/reference"],
		...["index", "redis", "hono", "express"].map((name) => `verify/${name}`),
		...["signing.node", "signing.web", "verifying.node", "verifying.web"].map((name) => `keys/${name}`),
	].map((name) => `src/${name}.ts`),
	platform: "neutral",
	// One file for each source file, so that a bundler leaves out what an app does not import.
	unbundle: true,
	dts: true,
	deps: { neverBundle: [/^#/, /^node:/] },
	// One module for each runtime is chosen by the `imports` of package.json, so the shared ones stay apart.
	hash: false,
};

export default config;
