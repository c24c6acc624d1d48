import { readdirSync } from "node:fs";
import { defaultClientConditions, defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

// The packages resolve each other from source, so that a test needs no build before it.
const source = "@widget-token/source";

export default defineConfig({
	resolve: { conditions: [source, ...defaultClientConditions] },
	ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
	test: {
		testTimeout: 30_000,
		hookTimeout: 90_000,
		projects: readdirSync("packages").map((name) => ({
			extends: true as const,
			test: { name, root: `packages/${name}`, include: ["test/**/*.test.{ts,tsx}"] },
		})),
	},
});
