import { defineConfig, type UserConfig } from "tsdown";

const browser: UserConfig = {
	platform: "browser",
	target: "es2022",
	outDir: "dist/browser",
	dts: false,
	clean: false,
	hash: false,
	// A page gets one file: what it is made of is in it.
	deps: { alwaysBundle: [/./] },
};

export default defineConfig([
	{
		entry: ["src/index.ts", "src/invisible.ts", "src/project-env.ts", "src/cli.ts"],
		platform: "node",
		fixedExtension: false,
		dts: true,
		hash: false,
		copy: [{ from: "src/browser/*.css", to: "dist/browser" }],
	},
	{
		...browser,
		entry: { embed: "src/browser/embed.ts" },
		format: "iife",
		globalName: "widgetTokenSandbox",
		outputOptions: { entryFileNames: "[name].js" },
	},
	{
		...browser,
		entry: { frame: "src/browser/frame.ts", dashboard: "src/browser/dashboard.ts" },
		format: "esm",
		outputOptions: { entryFileNames: "[name].js" },
	},
]);
