import { globSync } from "node:fs";
import { basename, dirname } from "node:path";
import { defaultClientConditions, defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";
import { SummaryReporter } from "./scripts/summary-reporter.ts";

// The packages resolve each other from source, so that a test needs no build before it.
const source = "@widget-token/source";

export default defineConfig({
	resolve: { conditions: [source, ...defaultClientConditions] },
	ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
	test: {
		reporters: ["default", new SummaryReporter()],
		testTimeout: 30_000,
		hookTimeout: 90_000,
		projects: globSync(["packages/*/test", "apps/*/test", "docs/test"]).map((folder) => {
			const root = dirname(folder);
			return { extends: true as const, test: { name: basename(root), root, include: ["test/**/*.test.{ts,tsx}"] } };
		}),
	},
});
