import type { UserConfig } from "tsdown";

const config: UserConfig = {
	entry: [
		...["index", "node", "next", "browser", "contract/reference"],
		...["index", "redis", "hono", "express"].map((name) => `verify/${name}`),
		...["signing.node", "signing.web", "verifying.node", "verifying.web"].map((name) => `keys/${name}`),
	].map((name) => `src/${name}.ts`),
	platform: "neutral",
	dts: true,
	// Of valibot only what the schema uses: as a dependency it would double the time to the first token.
	deps: { neverBundle: [/^#/, /^node:/], alwaysBundle: ["valibot"] },
	copy: [{ from: "../../node_modules/valibot/LICENSE.md", to: "dist/licenses/valibot" }],
	// One module for each runtime is chosen by the `imports` of package.json, so the shared ones stay apart.
	hash: false,
};

export default config;
