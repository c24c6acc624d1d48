import type { NextConfig } from "next";

const config: NextConfig = {
	// Types are checked by `npm run typecheck`.
	typescript: { ignoreBuildErrors: true },
	transpilePackages: ["@widget-token-apps/page"],
};

export default config;
